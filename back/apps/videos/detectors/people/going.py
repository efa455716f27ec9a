"""Who comes and who leaves.

With doors drawn people come and go there, and who appears anywhere else was only found late. Without, they
come by the picture's edges, or into view from behind something: whoever walks as soon as they are seen has
come.
"""

from apps.videos.detectors.events import Box, DetectedEvent
from apps.videos.detectors.people.telling import about
from apps.videos.detectors.tracking import Track
from apps.videos.detectors.zones import Zones

_EDGE = 0.04
_STEPPED, _WALKED = 0.25, 0.5  # own heights from where somebody was first seen: at the edge, elsewhere
_WAIT = 3.0  # seconds until who has not walked is said to have been there
_ALREADY_THERE = 1.0  # seconds after the beginning in which everybody found was there before
_WALKS = 0.15  # own heights a second


def arrival(track: Track, zones: Zones, *, begun: float, last: bool = False) -> DetectedEvent | None:
    """None until it can be said; then once."""
    place = zones.name_of(track.first_box)
    if zones.has_doors:
        came = zones.at_door(track.first_box)
    elif _was_there(track, begun):
        came = False
    elif track.farthest >= (_STEPPED if at_edge(track.first_box) else _WALKED):
        came = True
    elif last or track.last_seen - track.first_seen >= _WAIT:
        came = False
    else:
        return None
    track.notes["arrival"] = True
    told = (
        ("enter", "입장", "들어온다", "comes in") if came else ("person", "사람 감지", "나타난다", "appears")
    )
    event_type, action, ko, en = told
    return about(
        track, event_type=event_type, action=action, ko=ko, en=en,
        at=track.first_seen, place=place, box=track.first_box,
    )  # fmt: skip


def departure(track: Track, zones: Zones) -> DetectedEvent | None:
    """None for somebody who stood still and is no longer recognised: nobody saw them leave."""
    walked_off = at_edge(track.box) or track.speed > _WALKS
    if not (zones.at_door(track.box) if zones.has_doors else walked_off):
        return None
    place = zones.name_of(track.box)
    return about(
        track, event_type="exit", action="퇴장", ko="나간다", en="leaves", at=track.last_seen, place=place
    )


def came_by_edge(track: Track, *, begun: float) -> bool:
    return at_edge(track.first_box) and not _was_there(track, begun)


def _was_there(track: Track, begun: float) -> bool:
    return track.first_seen - begun < _ALREADY_THERE


def at_edge(box: Box) -> bool:
    left, top, width, height = box
    return left < _EDGE or left + width > 1 - _EDGE or top < _EDGE / 2 or top + height > 1 - _EDGE / 2
