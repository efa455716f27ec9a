"""Things as boxes at moments instead of pictures: following and telling without finding."""

import math
from collections.abc import Callable

import numpy as np

from apps.videos.detectors import Setup, zones_from
from apps.videos.detectors.objects.found import PERSON, Found
from apps.videos.detectors.window import Frame, Window

BLANK = np.zeros((90, 160, 3), np.uint8)
Path = Callable[[float], object]


class Scene:
    """Stands in for a model: what each path says at a frame's moment is found there."""

    version = "scripted"

    def __init__(self, *paths, fps=2.0, stirs=True):
        self.paths, self.fps, self.stirs = paths, fps, stirs

    def found_at(self, seconds):
        told = [path(seconds) for path in self.paths]
        return tuple(
            one if isinstance(one, Found) else Found(PERSON, "person", one, 0.8) for one in told if one
        )

    def in_window(self, window):
        return [self.found_at(frame.seconds) for frame in window.frames]

    def moving(self, seconds):
        return tuple(one.box for one in self.found_at(seconds)) if self.stirs else ()

    def windows(self, until, length=10.0, start=0.0):
        first = start
        while first < until:
            moments = [first + number / self.fps for number in range(int(length * self.fps))]
            end = min(until, first + length)
            frames = tuple(Frame(moment, BLANK, self.moving(moment)) for moment in moments if moment < end)
            yield Window(first, end, frames, is_last=end >= until)
            first += length


def setup(zones=(), **more) -> Setup:
    return Setup(zones=zones_from(zones), **more)


def look(detector, scene, until, *, start=0.0, findings=None):
    """Events as a store would hold them in the end: what is told again, longer, once."""
    found = {}
    for window in scene.windows(until, start=start):
        told = detector.look(window)
        if findings is not None:
            findings.append(told)
        for event in told.events:
            found[
                event.event_type, event.action_detected, event.track_id or event.location, event.timestamp
            ] = event
    return sorted(found.values(), key=lambda event: (event.timestamp, event.event_type))


def walk(start, end, begins, speed, y=0.4, tall=0.35):
    """Walks in at `begins` (share of the width), `speed` a second."""

    def at(seconds):
        if not start <= seconds < end:
            return None
        return (begins + speed * (seconds - start), y, 0.08, tall)

    return at


def swaying(start, end, x, y, *, kind=PERSON, label="person", width=0.08, tall=0.35, score=0.8):
    """Stays where it is, as well as a model sees it."""

    def at(seconds):
        if not start <= seconds < end:
            return None
        box = (x + 0.003 * math.sin(seconds * 3), y + 0.003 * math.cos(seconds * 5), width, tall)
        return Found(kind, label, box, score)

    return at
