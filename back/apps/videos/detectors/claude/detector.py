"""The claude detector: which pictures to show, what to ask, whose track it was, and when to stop paying."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import cv2

from apps.videos.detectors.claude.budget import Budget
from apps.videos.detectors.claude.instructing import instructions
from apps.videos.detectors.claude.schema import SCHEMA, SOURCE, events_in
from apps.videos.detectors.events import DetectedEvent, overlap
from apps.videos.detectors.interface import Setup
from apps.videos.detectors.window import Findings, Frame, Sighting, Window

_PICTURES = 6
_QUALITY = 75
_LEAST_OVERLAP = 0.2
_NEAR_IN_TIME = 1.5


class Claude:
    name = SOURCE

    def __init__(self, setup: Setup) -> None:
        if setup.see is None:
            raise ValueError("the detector 'claude' needs a vision model")
        self._see = setup.see
        self._zones = setup.zones
        self._budget = Budget(setup.vision_budget_usd, setup.vision_most_calls)
        self._told_spent = False

    def look(self, window: Window) -> Findings:
        if not window.has_motion:
            return Findings()
        if not self._budget.has_room():
            note = (
                ()
                if self._told_spent
                else (f"the budget is spent; not looked at from {window.start:g} s on",)
            )
            self._told_spent = True
            return Findings(notes=note)
        frames = chosen(window.frames)
        seen = self._see(
            [_jpeg(frame) for frame in frames], instructions(window, frames, self._zones), SCHEMA
        )
        self._budget.spend(seen.cost_usd)
        if seen.refusal:
            return Findings(notes=(f"no answer for {window.start:g} to {window.end:g} s: {seen.refusal}",))
        events = (self._placed(event) for event in events_in(seen.data, window))
        return Findings(tuple(with_track(event, window.sightings) for event in events))

    def _placed(self, event: DetectedEvent) -> DetectedEvent:
        """A zone that somebody drew is surer than a model's word for the place."""
        zone = self._zones.name_of(event.bbox) if event.bbox else ""
        return replace(event, location=zone or event.location)

    def state(self) -> dict[str, Any]:
        return {"budget": self._budget.state(), "told_spent": self._told_spent}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._budget.restore(state.get("budget", {}))
        self._told_spent = bool(state.get("told_spent", False))


def chosen(frames: tuple[Frame, ...]) -> list[Frame]:
    """Evenly over the part of the window where something moves."""
    moving = [frame for frame in frames if frame.moving]
    if len(moving) <= _PICTURES:
        return moving
    step = (len(moving) - 1) / (_PICTURES - 1)
    return [moving[round(number * step)] for number in range(_PICTURES)]


def with_track(event: DetectedEvent, sightings: Iterable[Sighting]) -> DetectedEvent:
    """The model sees what is done; who was there has been followed by the people detector."""
    if event.bbox is None:
        return event
    best, who = _LEAST_OVERLAP, None
    for sighting in sightings:
        if event.timestamp - _NEAR_IN_TIME <= sighting.seconds <= event.last_moment + _NEAR_IN_TIME:
            shared = overlap(event.bbox, sighting.box)
            if shared > best:
                best, who = shared, sighting.track_id
    return replace(event, track_id=who) if who else event


def _jpeg(frame: Frame) -> bytes:
    written, data = cv2.imencode(".jpg", frame.picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert written
    return data.tobytes()
