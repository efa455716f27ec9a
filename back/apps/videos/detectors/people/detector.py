"""The people detector: following who is found, and telling what their coming and going means."""

from collections.abc import Mapping
from typing import Any

from apps.videos.detectors.events import DetectedEvent
from apps.videos.detectors.interface import Setup
from apps.videos.detectors.objects.finding import Finder
from apps.videos.detectors.objects.found import PERSON
from apps.videos.detectors.people.crowds import Crowds
from apps.videos.detectors.people.going import arrival, departure
from apps.videos.detectors.people.staying import loitering, running, stir
from apps.videos.detectors.people.watching import Watch
from apps.videos.detectors.tracking import Habits, Track, Tracker
from apps.videos.detectors.window import Counted, Findings, Frame, Sighting, TrackSeen, Window

HABITS = Habits(letter="P")
# Intrusions are told only where a zone says what one is: without it nobody looks for them.
_TYPES = frozenset({"enter", "exit", "person", "loitering", "crowding"})


class People:
    name = "people"

    def __init__(self, setup: Setup, finder: Finder) -> None:
        self._setup = setup
        self._finder = finder
        self.version = f"2 {finder.version}"
        self.event_types = _TYPES | ({"intrusion"} if setup.zones.can_forbid(setup.clock) else set())
        self._tracker = Tracker(HABITS)
        self._crowds = Crowds(setup.zones, setup.crowd_size)
        self._watch = Watch(setup.zones, setup.clock)
        self._begun: float | None = None

    def look(self, window: Window) -> Findings:
        findings = _Gathered()
        for frame, found in zip(window.frames, self._finder.in_window(window), strict=True):
            if self._begun is None:
                self._begun = frame.seconds
            if found is None:
                continue
            people = [one for one in found if one.kind == PERSON and self._setup.zones.counts(one.box)]
            for track in self._tracker.see(frame.seconds, people, frame.picture):
                self._gone(track, findings)
            present = [track for track in self._tracker.tracks if self._tracker.is_confirmed(track)]
            self._tell(frame, present, findings)
        if window.is_last:
            for track in self._tracker.tracks:
                self._gone(track, findings, until=window.end)
        return findings.done(looked=bool(window.frames))

    def _tell(self, frame: Frame, present: list[Track], findings: "_Gathered") -> None:
        seen = [track for track in present if track.last_seen == frame.seconds]
        findings.count(frame.seconds, seen)
        for track in seen:
            if "arrival" not in track.notes:
                findings.add(arrival(track, self._setup.zones, begun=self._begun or 0.0))
            stir(track, frame.moving)
            findings.last(loitering(track, self._setup.zones, self._setup.loiter_seconds))
            findings.last(running(track, self._setup.zones))
            for event, goes_on in self._watch.see(track, begun=self._begun or 0.0):
                findings.last(event) if goes_on else findings.add(event)
        for event in self._crowds.see(seen, frame.seconds):
            findings.last(event)

    def _gone(self, track: Track, findings: "_Gathered", *, until: float | None = None) -> None:
        if not self._tracker.is_confirmed(track):
            return
        if until is not None and until - track.last_seen < HABITS.gap:
            return  # still there when the video ends
        if "arrival" not in track.notes:
            findings.add(arrival(track, self._setup.zones, begun=self._begun or 0.0, last=True))
        findings.add(departure(track, self._setup.zones))
        for event in self._watch.gone(track):
            findings.add(event)

    def state(self) -> dict[str, Any]:
        return {"tracker": self._tracker.state(), "crowds": self._crowds.state(), "begun": self._begun}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._tracker.restore(state.get("tracker", {}))
        self._crowds.restore(state.get("crowds", {}))
        self._begun = state.get("begun")


class _Gathered:
    """The findings of one window. What lasts is told once in it, with its latest end."""

    def __init__(self) -> None:
        self._events: list[DetectedEvent] = []
        self._lasting: dict[tuple[str, str, str, float], DetectedEvent] = {}
        self._sightings: list[Sighting] = []
        self._spans: dict[tuple[str, float], TrackSeen] = {}
        self._most = 0

    def add(self, event: DetectedEvent | None) -> None:
        if event is not None:
            self._events.append(event)

    def last(self, event: DetectedEvent | None) -> None:
        if event is not None:
            doing = str(event.attributes.get("doing", ""))
            who = event.track_id or event.location
            self._lasting[event.event_type, doing, who, event.timestamp] = event

    def count(self, seconds: float, seen: list[Track]) -> None:
        self._most = max(self._most, len(seen))
        for track in seen:
            self._sightings.append(Sighting(seconds, track.track_id, track.box))
            start = round(track.span_start, 2)
            span = TrackSeen(PERSON, track.track_id, start, max(start, round(track.last_seen, 2)))
            self._spans[track.track_id, start] = span

    def done(self, *, looked: bool) -> Findings:
        there = {sighting.track_id for sighting in self._sightings}
        return Findings(
            events=(*self._events, *self._lasting.values()),
            sightings=tuple(self._sightings),
            spans=tuple(self._spans.values()),
            counted=Counted(people=self._most, tracks=len(there)) if looked else None,
        )
