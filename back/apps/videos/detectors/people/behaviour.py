"""What tracks mean: somebody comes, goes, lingers; too many are in one place."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from apps.videos.detectors.events import Box, DetectedEvent, around, rounded
from apps.videos.detectors.people.tracking import Track
from apps.videos.detectors.zones import Zones

SOURCE = "people"

_EDGE = 0.06
_SAME_PLACE = 0.12  # of the picture: who stays within that circle stays
_CROWD_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Rules:
    zones: Zones
    loiter_seconds: float
    crowd_size: int

    def arrival(self, track: Track) -> DetectedEvent:
        """With doors drawn, who appears anywhere else was only found late."""
        if self._comes_or_goes_at(track.first_box):
            return self._event(
                track, track.first_seen, None, "enter", "입장", "들어온다", "comes in", track.first_box
            )
        return self._event(
            track, track.first_seen, None, "person", "사람 감지", "나타난다", "appears", track.first_box
        )

    def departure(self, track: Track) -> DetectedEvent | None:
        if not self._comes_or_goes_at(track.box):
            return None  # hidden, or no longer recognised: nobody saw them leave
        return self._event(track, track.last_seen, None, "exit", "퇴장", "나간다", "leaves", track.box)

    def loitering(self, track: Track) -> DetectedEvent | None:
        """Moves the track's anchor along; past the limit the event is told anew as long as it lasts."""
        x, y = track.box[0] + track.box[2] / 2, track.box[1] + track.box[3] / 2
        since, at_x, at_y = track.anchor
        if math.hypot(x - at_x, y - at_y) > _SAME_PLACE:
            track.anchor = (track.last_seen, x, y)
            return None
        if track.last_seen - since < self.loiter_seconds:
            return None
        return self._event(
            track, since, track.last_seen, "loitering", "배회", "한곳에 오래 머무른다", "lingers", track.box
        )

    def crowding(self, since: dict[str, float], tracks: Iterable[Track], now: float) -> list[DetectedEvent]:
        """`since` remembers from when on a place has been too full."""
        places: dict[str, list[Track]] = {}
        for track in tracks:
            places.setdefault(self.zones.name_of(track.box), []).append(track)
        full = {place: those for place, those in places.items() if len(those) >= self.crowd_size}
        for place in list(since):
            if place not in full:
                del since[place]
        events = []
        for place, those in full.items():
            begun = since.setdefault(place, now)
            if now - begun >= _CROWD_SECONDS:
                events.append(self._crowd(place, begun, now, [track.box for track in those]))
        return events

    def _crowd(self, place: str, begun: float, now: float, boxes: list[Box]) -> DetectedEvent:
        where, at = (f"{place}에 ", f" at {place}") if place else ("", "")
        return DetectedEvent(
            timestamp=round(begun, 2),
            end_timestamp=round(now, 2),
            event_type="crowding",
            action_detected=f"{len(boxes)}명 밀집",
            location=place,
            confidence=round(min(0.95, 0.5 + 0.05 * len(boxes)), 2),
            description=f"{where}{len(boxes)}명이 몰려 있다.",
            bbox=rounded(around(boxes)),
            attributes={"people": len(boxes), "description_en": f"{len(boxes)} people crowd together{at}."},
            source=SOURCE,
        )

    def _comes_or_goes_at(self, box: Box) -> bool:
        left, top, width, height = box
        if self.zones.doors:
            x, feet, middle = left + width / 2, top + height * 0.97, top + height / 2
            return any(door.holds(x, feet) or door.holds(x, middle) for door in self.zones.doors)
        return left < _EDGE or left + width > 1 - _EDGE or top + height > 1 - _EDGE / 2

    def _event(
        self,
        track: Track,
        timestamp: float,
        end: float | None,
        event_type: str,
        action: str,
        ko: str,
        en: str,
        box: Box,
    ) -> DetectedEvent:
        place = self.zones.name_of(box)
        where, at = (f"{place}에서 ", f" at {place}") if place else ("", "")
        return DetectedEvent(
            timestamp=round(timestamp, 2),
            end_timestamp=None if end is None else round(end, 2),
            event_type=event_type,
            action_detected=action,
            location=place,
            confidence=confidence(track),
            track_id=track.track_id,
            description=f"{where}한 사람이 {ko}.",
            bbox=rounded(box),
            attributes={"description_en": f"A person {en}{at}."},
            source=SOURCE,
        )


def confidence(track: Track) -> float:
    """A clear shape seen many times is surely a person; a vague one may be a coat on a rack."""
    return round(min(0.95, 0.35 + 0.15 * min(2.0, track.score) + 0.03 * min(10, track.sightings)), 2)
