"""What happens when: a video and its events, turned into figures that walk from place to place."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from semantics import VOCABULARY

Point = tuple[float, float]

MOMENT = 4.0  # how long an event without an end is shown
_WALK = 0.12  # of the picture's width, per second
_STAYS = 5.0  # a figure that never leaves vanishes so long after its last event

_ARRIVALS = {"enter", "vehicle_enter"}
_DEPARTURES = {"exit", "vehicle_exit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneEvent:
    start: float
    end: float
    event_type: str
    location: str
    gender: str
    track_id: str | None
    action: str
    description: str

    @property
    def severity(self) -> int:
        return VOCABULARY.event_type(self.event_type).severity

    @property
    def is_vehicle(self) -> bool:
        return VOCABULARY.event_type(self.event_type).about == "vehicle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    name: str
    camera: str
    site: str
    duration: float
    recorded_at: str | None
    timezone: str
    events: tuple[SceneEvent, ...]

    @property
    def locations(self) -> tuple[str, ...]:
        """In the order of their first event, so that a plan grows but does not shuffle."""
        return tuple(dict.fromkeys(event.location for event in self.events if event.location))


def scene_of(video: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> Scene:
    """From rows named as in `db_video` and `db_event`."""
    duration = float(video["duration"])
    shown = sorted(
        (_scene_event(row, duration) for row in events if 0 <= row["timestamp"] < duration),
        key=lambda event: (event.start, event.end),
    )
    recorded_at = video.get("recorded_at")
    return Scene(
        name=video["name"],
        camera=video.get("camera") or "",
        site=video.get("site") or "",
        duration=duration,
        recorded_at=recorded_at.isoformat() if isinstance(recorded_at, datetime) else recorded_at,
        timezone=video.get("timezone") or "Asia/Seoul",
        events=tuple(shown),
    )


def _scene_event(row: Mapping[str, Any], duration: float) -> SceneEvent:
    start = float(row["timestamp"])
    return SceneEvent(
        start=start,
        end=min(duration, max(row.get("end_timestamp") or 0.0, start + MOMENT)),
        event_type=row["event_type"],
        location=row.get("location") or "",
        gender=row.get("gender") or "unknown",
        track_id=row.get("track_id"),
        action=row.get("action_detected") or "",
        description=row.get("description") or "",
    )


@dataclass(frozen=True, slots=True)
class Stop:
    start: float
    end: float
    at: Point


@dataclass(frozen=True, slots=True)
class Figure:
    """One tracked person or vehicle and where it stands at any moment."""

    track_id: str
    gender: str
    is_vehicle: bool
    stops: tuple[Stop, ...]
    door: Point
    arrives: bool
    leaves: bool

    def position(self, t: float) -> Point | None:
        first, last = self.stops[0], self.stops[-1]
        if t < first.start:
            if self.arrives or t < first.start - _seconds(self.door, first.at):
                return None
            return _between(self.door, first.at, self._share(t, first.start, self.door, first.at))
        if t > last.end:
            leaving = _seconds(last.at, self.door)
            if not self.leaves:
                return last.at if t <= last.end + _STAYS else None
            return _between(last.at, self.door, (t - last.end) / leaving) if t < last.end + leaving else None
        index = bisect_right(self.stops, t, key=lambda stop: stop.start) - 1
        here = self.stops[index]
        if index + 1 == len(self.stops):
            return here.at
        after = self.stops[index + 1]
        # Whoever arrives is seen to walk in from the door.
        start = self.door if index == 0 and self.arrives and t < here.start + 1 else here.at
        return _between(start, after.at, self._share(t, after.start, here.at, after.at))

    @staticmethod
    def _share(t: float, until: float, origin: Point, target: Point) -> float:
        return 1 - (until - t) / _seconds(origin, target)


def figures(scene: Scene, places: Mapping[str, Point], *, door: Point) -> tuple[Figure, ...]:
    by_track: dict[str, list[SceneEvent]] = {}
    for event in scene.events:
        if event.track_id:
            by_track.setdefault(event.track_id, []).append(event)
    return tuple(
        Figure(
            track_id=track_id,
            gender=events[0].gender,
            is_vehicle=any(event.is_vehicle for event in events),
            stops=_stops(events, places, index),
            door=door,
            arrives=events[0].event_type in _ARRIVALS,
            leaves=events[-1].event_type in _DEPARTURES,
        )
        for index, (track_id, events) in enumerate(by_track.items())
    )


def _stops(events: list[SceneEvent], places: Mapping[str, Point], index: int) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    for event in events:
        x, y = places[event.location]
        # Those who share a place stand side by side.
        spot = (x + 0.035 * ((index * 3) % 5 - 2), y + 0.012 * (index % 3 - 1))
        end = event.end
        if stops and stops[-1].end > event.start:
            previous = stops.pop()
            stops.append(Stop(previous.start, event.start, previous.at))
        stops.append(Stop(event.start, end, spot))
    return tuple(stops)


def _seconds(origin: Point, target: Point) -> float:
    return max(1.0, math.dist(origin, target) / _WALK)


def _between(origin: Point, target: Point, share: float) -> Point:
    share = min(1.0, max(0.0, share))
    return (origin[0] + (target[0] - origin[0]) * share, origin[1] + (target[1] - origin[1]) * share)
