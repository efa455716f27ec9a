"""Vehicles: which come and which leave. What is parked when the video begins has done neither."""

from collections.abc import Mapping
from typing import Any

from apps.videos.detectors.events import Box, DetectedEvent, rounded
from apps.videos.detectors.interface import Setup
from apps.videos.detectors.objects.finding import Finder
from apps.videos.detectors.objects.found import VEHICLE
from apps.videos.detectors.people.going import at_edge
from apps.videos.detectors.tracking import Habits, Track, Tracker
from apps.videos.detectors.window import Findings, TrackSeen, Window
from apps.videos.detectors.zones.crossing import crossings

# Own heights, and a car is not high: it drives several of them in a second.
HABITS = Habits(
    letter="V", confirmed_score=0.4, reach=0.7, reach_per_second=3.0, lost_reach=0.8, lost_farthest=6.0
)
_ALREADY_THERE = 1.0
_DROVE, _DROVE_FROM_EDGE = 1.0, 0.4  # own heights from where it was first seen
_DRIVES = 0.3  # own heights a second
_CAME = ("vehicle_enter", "차량 진입", "들어온다", "comes in")
_LEFT = ("vehicle_exit", "차량 진출", "나간다", "leaves")
_NAMES = {
    "car": ("자동차", "car"),
    "van": ("승합차", "van"),
    "truck": ("트럭", "truck"),
    "bus": ("버스", "bus"),
    "motorcycle": ("오토바이", "motorcycle"),
    "motorbike": ("오토바이", "motorcycle"),
    "bicycle": ("자전거", "bicycle"),
}


class Vehicles:
    name = "vehicles"
    event_types = frozenset({"vehicle_enter", "vehicle_exit"})

    def __init__(self, setup: Setup, finder: Finder) -> None:
        self._zones = setup.zones
        self._finder = finder
        self.version = f"1 {finder.version}"
        self._tracker = Tracker(HABITS)
        self._begun: float | None = None

    def look(self, window: Window) -> Findings:
        events: list[DetectedEvent] = []
        spans: dict[tuple[str, float], TrackSeen] = {}
        for frame, found in zip(window.frames, self._finder.in_window(window), strict=True):
            if self._begun is None:
                self._begun = frame.seconds
            if found is None:
                continue
            vehicles = [one for one in found if one.kind == VEHICLE and self._zones.counts(one.box)]
            ended = self._tracker.see(frame.seconds, vehicles, frame.picture)
            events += [event for track in ended if (event := self._departure(track))]
            for track in self._tracker.tracks:
                if track.last_seen != frame.seconds or not self._tracker.is_confirmed(track):
                    continue
                start = round(track.span_start, 2)
                spans[track.track_id, start] = TrackSeen(VEHICLE, track.track_id, start, frame.seconds)
                if (event := self._arrival(track)) is not None:
                    events.append(event)
                for line, came in crossings(track, self._zones.lines):
                    words = _CAME if came else _LEFT
                    events.append(self._event(track, words, track.last_seen, track.box, place=line.name))
        if window.is_last:
            gone = [track for track in self._tracker.tracks if window.end - track.last_seen >= HABITS.gap]
            events += [event for track in gone if (event := self._departure(track))]
        return Findings(events=tuple(events), spans=tuple(spans.values()))

    def _arrival(self, track: Track) -> DetectedEvent | None:
        """A parked car that is recognised only now and then has not come: it has to have driven."""
        if "arrival" in track.notes or track.first_seen - (self._begun or 0.0) < _ALREADY_THERE:
            return None
        if self._zones.has_doors:
            came = self._zones.at_door(track.first_box) and track.farthest >= _DROVE_FROM_EDGE
        else:
            came = track.farthest >= (_DROVE_FROM_EDGE if at_edge(track.first_box) else _DROVE)
        if not came:
            return None
        track.notes["arrival"] = True
        return self._event(track, _CAME, track.first_seen, track.first_box)

    def _departure(self, track: Track) -> DetectedEvent | None:
        if not self._tracker.is_confirmed(track) or track.farthest < _DROVE_FROM_EDGE:
            return None
        if self._zones.has_doors:
            left = self._zones.at_door(track.box)
        else:
            left = at_edge(track.box) or track.speed > _DRIVES
        return self._event(track, _LEFT, track.last_seen, track.box) if left else None

    def _event(
        self, track: Track, words: tuple[str, str, str, str], at: float, box: Box, *, place: str | None = None
    ) -> DetectedEvent:
        event_type, action, ko, en = words
        name, name_en = _NAMES.get(track.label, ("차량", "vehicle"))
        place = self._zones.name_of(box) if place is None else place
        where, where_en = (f"{place}에서 ", f" at {place}") if place else ("", "")
        return DetectedEvent(
            timestamp=round(at, 2),
            event_type=event_type,
            action_detected=action,
            location=place,
            confidence=round(min(0.99, 0.2 + 0.8 * track.mean_score + 0.01 * min(15, track.sightings)), 2),
            track_id=track.track_id,
            description=f"{where}{name} 한 대가 {ko}.",
            bbox=rounded(box),
            attributes={"vehicle": track.label, "description_en": f"A {name_en} {en}{where_en}."},
            source=self.name,
        )

    def state(self) -> dict[str, Any]:
        return {"tracker": self._tracker.state(), "begun": self._begun}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._tracker.restore(state.get("tracker", {}))
        self._begun = state.get("begun")
