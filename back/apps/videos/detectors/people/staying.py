"""Who stays, and who is in a hurry."""

import math
from collections.abc import Iterable

from apps.videos.detectors.events import Box, DetectedEvent
from apps.videos.detectors.people.telling import about
from apps.videos.detectors.tracking import Track
from apps.videos.detectors.zones import Zones

_SAME_PLACE = 0.12  # of the picture's height and width: who stays within that circle stays
_RUNS = 1.6  # own heights a second; a brisk walk is 1.0
_RUNS_FOR = 0.9  # seconds
_PAUSE = 1.5


def loitering(track: Track, zones: Zones, limit: float) -> DetectedEvent | None:
    """Past the limit it is told anew as long as it lasts."""
    x, y = track.box[0] + track.box[2] / 2, track.box[1] + track.box[3] / 2
    since, at_x, at_y = track.notes.get("anchor", (track.first_seen, x, y))
    if math.hypot(x - at_x, y - at_y) > _SAME_PLACE:
        since, at_x, at_y = track.last_seen, x, y
    track.notes["anchor"] = [since, at_x, at_y]
    place = zones.name_of(track.box)
    # Whoever stays moves now and then; a figure in a poster never does.
    if track.last_seen - since < limit or track.notes.get("stirred", -1.0) < since:
        return None
    return about(
        track, event_type="loitering", action="배회", ko="한곳에 오래 머무른다", en="lingers",
        at=since, until=track.last_seen, place=place,
    )  # fmt: skip


def stir(track: Track, moving: Iterable[Box]) -> None:
    """Notes when something moved where the person is."""
    left, top, width, height = track.box
    middle = (left + width / 2, top + height / 2)
    for box in moving:
        if _holds(track.box, (box[0] + box[2] / 2, box[1] + box[3] / 2)) or _holds(box, middle):
            track.notes["stirred"] = track.last_seen
            return


def _holds(box: Box, point: tuple[float, float]) -> bool:
    left, top, width, height = box
    return left <= point[0] <= left + width and top <= point[1] <= top + height


def running(track: Track, zones: Zones) -> DetectedEvent | None:
    """No type of event of its own: questions for running look at what was done."""
    now = track.last_seen
    if track.speed < _RUNS or len(track.path) < 3:
        return None
    since, last = track.notes.get("runs", (track.path[0][0], now))
    if now - last > _PAUSE:
        since = track.path[0][0]
    track.notes["runs"] = [since, now]
    if now - since < _RUNS_FOR:
        return None
    return about(
        track, event_type="person", action="달리기", ko="뛰어간다", en="runs",
        at=since, until=now, place=zones.name_of(track.box), doing="running",
    )  # fmt: skip
