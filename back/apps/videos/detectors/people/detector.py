"""The people detector: finding, following, telling."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from apps.videos.detectors.events import Box, DetectedEvent
from apps.videos.detectors.interface import Setup
from apps.videos.detectors.people.behaviour import Rules
from apps.videos.detectors.people.finding import Found, find_people
from apps.videos.detectors.people.tracking import Track, Tracker
from apps.videos.detectors.window import Counted, Findings, Frame, Sighting, TrackSeen, Window

_SEARCH_EVERY = 0.9  # seconds


class People:
    name = "people"

    def __init__(
        self, setup: Setup, find: Callable[[np.ndarray, Iterable[Box]], list[Found]] = find_people
    ) -> None:
        self._rules = Rules(setup.zones, setup.loiter_seconds, setup.crowd_size)
        self._find = find
        self._tracker = Tracker()
        self._full_since: dict[str, float] = {}
        self._searched = -10.0

    def look(self, window: Window) -> Findings:
        events: list[DetectedEvent] = []
        sightings: list[Sighting] = []
        # Told once a window, with its latest end: lingering and crowds go on from frame to frame.
        lasting: dict[tuple[str, str, float], DetectedEvent] = {}
        seen: dict[str, TrackSeen] = {}
        most = 0
        for frame in window.frames:
            lost = self._see(frame)
            events += [event for track in lost if track.is_confirmed for event in self._gone(track)]
            present = [track for track in self._tracker.tracks if track.is_confirmed]
            most = max(most, sum(track.last_seen == frame.seconds for track in present))
            for track in present:
                seen[track.track_id] = TrackSeen("person", track.track_id, track.first_seen, track.last_seen)
                if "arrival" not in track.told:
                    track.told["arrival"] = track.first_seen
                    events.append(self._rules.arrival(track))
                if lingering := self._rules.loitering(track):
                    lasting["loitering", track.track_id, lingering.timestamp] = lingering
                if track.last_seen == frame.seconds:
                    sightings.append(Sighting(frame.seconds, track.track_id, track.box))
            for crowd in self._rules.crowding(self._full_since, present, frame.seconds):
                lasting["crowding", crowd.location, crowd.timestamp] = crowd
        there = {sighting.track_id for sighting in sightings}
        return Findings(
            (*events, *lasting.values()),
            tuple(sightings),
            spans=tuple(span for span in seen.values() if span.track_id in there),
            counted=Counted(people=most, tracks=len(there)) if window.frames else None,
        )

    def _see(self, frame: Frame) -> list[Track]:
        search = frame.seconds - self._searched >= _SEARCH_EVERY
        found: list[Found] = []
        if search:
            # Who stands still no longer moves: look again where somebody was.
            expected = [track.expected(frame.seconds) for track in self._tracker.tracks]
            where = [*frame.moving, *expected]
            found = self._find(frame.picture, where) if where else []
            self._searched = frame.seconds
        return self._tracker.see(frame.seconds, found, frame.moving)

    def _gone(self, track: Track) -> list[DetectedEvent]:
        departure = self._rules.departure(track)
        return [departure] if departure else []

    def state(self) -> dict[str, Any]:
        return {
            "tracker": self._tracker.state(),
            "full_since": dict(self._full_since),
            "searched": self._searched,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._tracker.restore(state.get("tracker", {}))
        self._full_since = dict(state.get("full_since", {}))
        self._searched = state.get("searched", -10.0)
