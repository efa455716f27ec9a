"""Bags that somebody left: put down, still there, and nobody near for a while."""

import math
from collections.abc import Mapping
from typing import Any

from apps.videos.detectors.events import Box, DetectedEvent, rounded
from apps.videos.detectors.interface import Setup
from apps.videos.detectors.objects.finding import Finder
from apps.videos.detectors.objects.found import BAG
from apps.videos.detectors.tracking import Habits, Track, Tracker
from apps.videos.detectors.window import Findings, Frame, Sighting, TrackSeen, Window

HABITS = Habits(
    letter="B", reach=0.8, reach_per_second=1.5, lost_after=20.0, lost_reach=0.6, lost_farthest=1.0
)
_ALREADY_THERE = 1.0
_ALONE_SECONDS = 30.0
_NEAR = 1.2  # heights of a person: as far as somebody stands from what is theirs
_MOVED = 0.7  # own heights: what moves is carried
_NAMES = {
    "backpack": ("배낭", "backpack"),
    "handbag": ("손가방", "handbag"),
    "suitcase": ("여행 가방", "suitcase"),
}


class Bags:
    name = "bags"
    event_types = frozenset({"abandonment"})

    def __init__(self, setup: Setup, finder: Finder) -> None:
        self._zones = setup.zones
        self._finder = finder
        self.version = f"1 {finder.version}"
        self._tracker = Tracker(HABITS)
        self._begun: float | None = None

    def look(self, window: Window) -> Findings:
        left: dict[str, DetectedEvent] = {}
        spans: dict[tuple[str, float], TrackSeen] = {}
        for frame, found in zip(window.frames, self._finder.in_window(window), strict=True):
            if self._begun is None:
                self._begun = frame.seconds
            if found is None:
                continue
            bags = [one for one in found if one.kind == BAG and self._zones.counts(one.box)]
            people = [one for one in window.sightings if one.seconds == frame.seconds]
            people_found = [one.box for one in found if one.kind == "person"]
            self._tracker.see(frame.seconds, bags, frame.picture)
            for track in self._tracker.tracks:
                if track.last_seen != frame.seconds or not self._tracker.is_confirmed(track):
                    continue
                start = round(track.span_start, 2)
                spans[track.track_id, start] = TrackSeen(BAG, track.track_id, start, frame.seconds)
                if (event := self._watch(track, frame, people, people_found)) is not None:
                    left[track.track_id] = event
        return Findings(events=tuple(left.values()), spans=tuple(spans.values()))

    def _watch(
        self, track: Track, frame: Frame, people: list[Sighting], people_found: list[Box]
    ) -> DetectedEvent | None:
        """Told again, longer, as long as nobody comes for it."""
        notes = track.notes
        near = [one for one in people if _is_near(track, one.box)]
        if near:
            notes["owner"] = notes.get("owner") or near[0].track_id
        x, y = track.feet
        at_x, at_y = notes.setdefault("at", [x, y])
        moved = math.hypot((x - at_x) * track.aspect, y - at_y) > _MOVED * track.height
        if moved:
            notes["at"] = [x, y]
        if near or moved or any(_is_near(track, box) for box in people_found):
            notes.pop("alone", None)
            return None
        since = notes.setdefault("alone", frame.seconds)
        if track.first_seen - (self._begun or 0.0) < _ALREADY_THERE:
            return None  # it was there before anybody could leave it
        return self._event(track, since) if frame.seconds - since >= _ALONE_SECONDS else None

    def _event(self, track: Track, since: float) -> DetectedEvent:
        name, name_en = _NAMES.get(track.label, ("가방", "bag"))
        place = self._zones.name_of(track.box)
        where, where_en = (f"{place}에 ", f" at {place}") if place else ("", "")
        owner = track.notes.get("owner")
        return DetectedEvent(
            timestamp=round(since, 2),
            end_timestamp=round(track.last_seen, 2),
            event_type="abandonment",
            action_detected="물건 방치",
            location=place,
            confidence=round(min(0.95, 0.2 + 0.8 * track.mean_score + 0.01 * min(15, track.sightings)), 2),
            # Of who left it, so that a question for that person finds it; else the bag's own.
            track_id=owner or track.track_id,
            description=f"{where}주인 없는 {name}이 놓여 있다.",
            bbox=rounded(track.box),
            attributes={
                "bag": track.label,
                "bag_track": track.track_id,
                "description_en": f"A {name_en} lies unattended{where_en}.",
            },
            source=self.name,
        )

    def state(self) -> dict[str, Any]:
        return {"tracker": self._tracker.state(), "begun": self._begun}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._tracker.restore(state.get("tracker", {}))
        self._begun = state.get("begun")


def _is_near(track: Track, person: Box) -> bool:
    x, y = track.feet
    dx = (person[0] + person[2] / 2 - x) * track.aspect
    dy = person[1] + person[3] - y
    return math.hypot(dx, dy) < _NEAR * person[3]
