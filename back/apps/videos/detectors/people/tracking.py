"""Follows people from frame to frame by where they were and how they moved."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from apps.videos.detectors.events import Box, overlap, visible
from apps.videos.detectors.people.finding import Found

_LOST_AFTER = 6.0  # seconds unseen: behind a shelf, or gone
_CONFIRMED_BY = 3  # sightings
_REACH = 0.7  # of a person's height per second: a brisk walk, seen sideways


@dataclass(slots=True)
class Track:
    track_id: str
    first_seen: float
    last_seen: float
    first_box: Box
    box: Box
    speed: tuple[float, float] = (0.0, 0.0)  # of the middle, in shares of the picture per second
    sightings: int = 1
    score: float = 0.0
    # Where and since when somebody stays: (since, x, y).
    anchor: tuple[float, float, float] = (0.0, 0.0, 0.0)
    told: dict[str, float] = field(default_factory=dict)

    @property
    def is_confirmed(self) -> bool:
        return self.sightings >= _CONFIRMED_BY

    def expected(self, seconds: float) -> Box:
        ahead = min(2.0, seconds - self.last_seen)
        left, top, width, height = self.box
        return (left + self.speed[0] * ahead, top + self.speed[1] * ahead, width, height)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Track":
        pairs = ("first_box", "box", "speed", "anchor")
        return cls(**{**fields, **{name: tuple(fields[name]) for name in pairs}})


class Tracker:
    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self._last_number = 0

    def see(self, seconds: float, people: Iterable[Found], moving: Iterable[Box]) -> list[Track]:
        """Takes one frame in and returns the tracks that are lost by now. Where nobody was looked for, or
        found, what moves where somebody is expected keeps the track alive."""
        inside = [(part, score) for box, score in people if (part := visible(box)) is not None]
        for box, score in self._match(seconds, inside):
            self._begin(seconds, box, score)
        unseen = [track for track in self.tracks if track.last_seen < seconds]
        self._follow_motion(seconds, unseen, list(moving))
        lost = [track for track in self.tracks if seconds - track.last_seen > _LOST_AFTER]
        self.tracks = [track for track in self.tracks if track not in lost]
        return lost

    def _match(self, seconds: float, people: list[Found]) -> list[Found]:
        """The likeliest pairs first; what fits nobody stays free."""
        pairs = sorted(
            (
                (distance, number, index)
                for number, track in enumerate(self.tracks)
                for index, (box, _) in enumerate(people)
                if (distance := _distance(track, box, seconds)) < 1.0
            ),
        )
        tracks_taken: set[int] = set()
        people_taken: set[int] = set()
        for _, number, index in pairs:
            if number not in tracks_taken and index not in people_taken:
                tracks_taken.add(number)
                people_taken.add(index)
                box, score = people[index]
                self._update(self.tracks[number], seconds, box, score)
        return [person for index, person in enumerate(people) if index not in people_taken]

    def _follow_motion(self, seconds: float, unseen: list[Track], moving: list[Box]) -> None:
        for track in unseen:
            expected = visible(track.expected(seconds))
            if expected is None or not any(overlap(expected, box) > 0.15 for box in moving):
                continue
            track.box, track.last_seen = expected, seconds

    def _update(self, track: Track, seconds: float, box: Box, score: float) -> None:
        passed = max(0.2, seconds - track.last_seen)
        before, after = _middle(track.box), _middle(box)
        fresh = ((after[0] - before[0]) / passed, (after[1] - before[1]) / passed)
        track.speed = (0.5 * track.speed[0] + 0.5 * fresh[0], 0.5 * track.speed[1] + 0.5 * fresh[1])
        # The detector's size wobbles; a person's does not.
        track.box = (
            after[0] - (0.6 * track.box[2] + 0.4 * box[2]) / 2,
            after[1] - (0.6 * track.box[3] + 0.4 * box[3]) / 2,
            0.6 * track.box[2] + 0.4 * box[2],
            0.6 * track.box[3] + 0.4 * box[3],
        )
        track.last_seen = seconds
        track.sightings += 1
        track.score = max(track.score, score)

    def _begin(self, seconds: float, box: Box, score: float) -> None:
        # Named by the moment, so that a run that is resumed gives no name twice.
        self._last_number = max(self._last_number + 1, round(seconds * 10))
        track_id = f"P{self._last_number:06d}"
        x, y = _middle(box)
        track = Track(track_id, seconds, seconds, box, box, score=score, anchor=(seconds, x, y))
        self.tracks.append(track)

    def state(self) -> dict[str, Any]:
        return {"last": self._last_number, "tracks": [track.as_dict() for track in self.tracks]}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._last_number = state.get("last", 0)
        self.tracks = [Track.from_dict(fields) for fields in state.get("tracks", [])]


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2] / 2, box[1] + box[3] / 2)


def _distance(track: Track, box: Box, seconds: float) -> float:
    """1 is as far as somebody can have come in the time; people do not change their size at once either."""
    expected = _middle(track.expected(seconds))
    middle = _middle(box)
    passed = min(3.0, max(0.5, seconds - track.last_seen))
    tall = max(track.box[3], box[3])
    # Shares of width count for less than shares of height in a wide picture.
    away = math.hypot((middle[0] - expected[0]) * 16 / 9, middle[1] - expected[1])
    if not 0.5 < track.box[3] / max(1e-6, box[3]) < 2.0:
        return 2.0
    return away / (tall * (0.3 + _REACH * passed))
