"""What somebody did in watched zones: went in, out, stayed, was where nobody may be, crossed a line.

A foot on the border is not a visit: who goes in or out is believed after a moment on the other side.
"""

from collections.abc import Iterator
from typing import Any

from apps.videos.detectors.events import DetectedEvent
from apps.videos.detectors.people.going import at_edge, came_by_edge
from apps.videos.detectors.people.telling import about
from apps.videos.detectors.tracking import Track
from apps.videos.detectors.zones.crossing import crossings
from apps.videos.detectors.zones.shape import Clock, Line, Zone, Zones

_CAME = ("enter", "입장", "들어온다", "comes in")
_WENT = ("exit", "퇴장", "나간다", "leaves")
_IN = ("enter", "구역 진입", "들어간다", "goes in")
_OUT = ("exit", "구역 이탈", "나온다", "goes out")
_SETTLES = 0.7  # seconds on the other side


class Watch:
    def __init__(self, zones: Zones, clock: Clock | None = None) -> None:
        self._zones = [zone for zone in zones.zones if zone.is_watched and not zone.is_mask]
        self._lines = zones.lines
        # Without doors, who comes by an edge is told to come in anyway, with the zone as the place.
        self._edges_say_nothing = zones.has_doors
        self._clock: Clock = clock or (lambda seconds: None)

    def see(self, track: Track, *, begun: float) -> Iterator[tuple[DetectedEvent, bool]]:
        """Events, and whether each goes on and is to be told again, longer."""
        for zone, memory in self._memories(track):
            if not memory:
                # Watched from here on. Where somebody was first seen they have not gone, unless they came
                # straight out of the edge of the picture.
                inside = zone.holds(*track.first_feet)
                memory |= {"inside": inside, "since": track.first_seen}
                told = inside and zone.tells_entered and self._edges_say_nothing
                if told and came_by_edge(track, begun=begun):
                    yield _told(track, zone, _IN, track.first_seen, doing="zone"), False
            yield from self._visit(track, zone, memory)
        for line, came in crossings(track, self._lines):
            yield _told(track, line, _CAME if came else _WENT, track.last_seen), False

    def gone(self, track: Track) -> Iterator[DetectedEvent]:
        """Of somebody who will not be seen again: who left the picture by its edge left the zone with it."""
        for zone, memory in self._memories(track):
            told = memory.get("inside") and zone.tells_left and self._edges_say_nothing
            if told and at_edge(track.box):
                yield _told(track, zone, _OUT, track.last_seen, doing="zone")

    def _memories(self, track: Track) -> Iterator[tuple[Zone, dict[str, Any]]]:
        for number, zone in enumerate(self._zones):
            # By number and name: two polygons of one name are two places.
            yield zone, track.notes.setdefault("zones", {}).setdefault(f"{number} {zone.name}", {})

    def _visit(
        self, track: Track, zone: Zone, memory: dict[str, Any]
    ) -> Iterator[tuple[DetectedEvent, bool]]:
        now, inside = track.last_seen, zone.holds(*track.feet)
        if inside == memory["inside"]:
            memory.pop("turned", None)
        elif now - memory.setdefault("turned", now) >= _SETTLES:
            moment = memory.pop("turned")
            memory["inside"] = inside
            if inside:
                memory["since"] = moment
                if zone.tells_entered:
                    yield _told(track, zone, _IN, moment, doing="zone"), False
            elif zone.tells_left:
                yield _told(track, zone, _OUT, moment, doing="zone"), False
        if memory["inside"]:
            yield from self._stay(track, zone, memory["since"])

    def _stay(self, track: Track, zone: Zone, since: float) -> Iterator[tuple[DetectedEvent, bool]]:
        now = track.last_seen
        if zone.dwell_seconds is not None and now - since >= zone.dwell_seconds:
            dwell = ("loitering", "체류", "오래 머무른다", "stays for long")
            yield _told(track, zone, dwell, since, until=now, doing="dwelling"), True
        memory = track.notes.setdefault("forbidden", {})
        if zone.forbids(self._clock(now)):
            begun = max(since, memory.setdefault(zone.name, now))
            intrusion = ("intrusion", "침입", "있으면 안 되는 곳에 있다", "is where nobody may be")
            yield _told(track, zone, intrusion, begun, until=now), True
        else:
            memory.pop(zone.name, None)


def _told(
    track: Track,
    zone: Zone | Line,
    words: tuple[str, str, str, str],
    at: float,
    *,
    until: float | None = None,
    doing: str = "",
) -> DetectedEvent:
    event_type, action, ko, en = words
    return about(
        track, event_type=event_type, action=action, ko=ko, en=en,
        at=at, until=until, place=zone.name, doing=doing,
    )  # fmt: skip
