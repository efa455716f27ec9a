"""Too many in one place, for a while."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.videos.detectors.events import Box, DetectedEvent, around, rounded
from apps.videos.detectors.people.telling import SOURCE
from apps.videos.detectors.tracking import Track
from apps.videos.detectors.zones import Zone, Zones

_SECONDS = 5.0
_PAUSE = 2.0  # somebody who is not recognised for a moment does not end it
_TOGETHER = 1.5  # own heights: who stands nearer to one another stands together


class Crowds:
    def __init__(self, zones: Zones, size: int) -> None:
        self._zones, self._size = zones, size
        # place → [since, last seen, most people]
        self._full: dict[str, list[float]] = {}

    def see(self, people: Sequence[Track], now: float) -> list[DetectedEvent]:
        """Told again as long as it lasts."""
        events = []
        for place, those in self._crowded(people).items():
            crowd = self._full.setdefault(place, [now, now, 0])
            crowd[1:] = now, max(crowd[2], len(those))
            if now - crowd[0] >= _SECONDS:
                events.append(_event(place, crowd, [track.box for track in those]))
        for place in [place for place, (_, last, _) in self._full.items() if now - last > _PAUSE]:
            del self._full[place]
        return events

    def _crowded(self, people: Sequence[Track]) -> dict[str, list[Track]]:
        """Where a zone says how many are too many all who are in it count, else those who stand together."""
        places: dict[Zone | None, list[Track]] = {}
        for track in people:
            places.setdefault(self._zones.zone_of(track.box), []).append(track)
        crowded = {}
        for zone, those in places.items():
            if zone and zone.crowd_size:
                group, enough = those, zone.crowd_size
            else:
                group, enough = max(_groups(those), key=len), self._size
            if len(group) >= enough:
                crowded[zone.name if zone else ""] = group
        return crowded

    def state(self) -> dict[str, Any]:
        return {place: list(crowd) for place, crowd in self._full.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._full = {place: list(crowd) for place, crowd in state.items() if len(crowd) == 3}


def _groups(people: Iterable[Track]) -> list[list[Track]]:
    """Each is near to at least one other of its group."""
    groups: list[list[Track]] = []
    for track in people:
        near = [group for group in groups if any(_together(track, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([track, *(other for group in near for other in group)])
    return groups


def _together(first: Track, second: Track) -> bool:
    (x1, y1), (x2, y2) = first.feet, second.feet
    away = math.hypot((x1 - x2) * first.aspect, y1 - y2)
    return away < _TOGETHER * (first.height + second.height) / 2


def _event(place: str, crowd: Sequence[float], boxes: list[Box]) -> DetectedEvent:
    (begun, now), most = crowd[:2], int(crowd[2])
    where, at = (f"{place}에 ", f" at {place}") if place else ("", "")
    return DetectedEvent(
        timestamp=round(begun, 2),
        end_timestamp=round(now, 2),
        event_type="crowding",
        action_detected=f"{most}명 밀집",
        location=place,
        confidence=round(min(0.95, 0.5 + 0.05 * most), 2),
        description=f"{where}{most}명이 몰려 있다.",
        bbox=rounded(around(boxes)),
        attributes={"people": most, "description_en": f"{most} people crowd together{at}."},
        source=SOURCE,
    )
