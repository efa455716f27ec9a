"""Who is the same as a moment ago.

In the manner of ByteTrack: first what was surely found goes to whoever is expected there, by place, size and
look; then what was hardly found, which nobody would believe by itself, to whoever is still missing; then
those who were lost are looked for where they went out of sight; what is left over and sure is somebody new.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.videos.detectors.events import Box, overlap, visible
from apps.videos.detectors.objects.found import Found
from apps.videos.detectors.tracking.appearance import learned, look_of, unlike
from apps.videos.detectors.tracking.assignment import IMPOSSIBLE, assign
from apps.videos.detectors.tracking.track import Track, middle, new_track

_EDGE = 0.04
_MOST = 200  # tracks: bounds what a picture full of noise costs

_FORM = 2  # of what is kept of a track; another one with each change

Cost = Callable[[Track, "_Seen", float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a kind of thing moves and is seen; seconds, and heights of its own."""

    letter: str = "P"
    sure: float = 0.5
    confirmed_by: int = 3  # sightings
    confirmed_score: float = 0.5  # of the mean of what never moved
    clear: float = 0.65  # of the mean: so well seen, twice is enough for somebody who only passes
    reach: float = 0.4  # how far from where it is expected
    reach_per_second: float = 0.7
    missing_after: float = 2.3  # from then on it is looked for as somebody who was lost
    gap: float = 3.0  # a longer time out of sight ends a span
    lost_after: float = 12.0
    lost_after_edge: float = 2.5
    lost_reach: float = 1.0
    lost_reach_per_second: float = 0.5
    lost_farthest: float = 4.0
    lost_unlike: float = 0.45
    turns_around: float = 1.2  # who is gone by an edge for longer has to look the same
    edge_unlike: float = 0.3
    stands_apart: float = 0.5  # box overlap from which what is new is part of what is known


class Tracker:
    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.tracks: list[Track] = []
        self._last_number = 0

    def see(self, seconds: float, found: Iterable[Found], picture: np.ndarray) -> list[Track]:
        """Takes in what was found in one picture; → the tracks that have ended by now."""
        aspect = picture.shape[1] / picture.shape[0]
        seen = [_Seen(one, box, picture) for one in found if (box := visible(one.box)) is not None]
        sure = [one for one in seen if one.found.score >= self.habits.sure]
        weak = [one for one in seen if one.found.score < self.habits.sure]
        here = [track for track in self.tracks if seconds - track.last_seen <= self.habits.missing_after]
        lost = [track for track in self.tracks if seconds - track.last_seen > self.habits.missing_after]
        sure, here = self._match(here, sure, seconds, self._cost)
        _, here = self._match(here, weak, seconds, self._weak_cost)
        sure, _ = self._match([*lost, *here], sure, seconds, self._lost_cost)
        self._begin(seconds, sure, aspect)
        ended = [track for track in self.tracks if self._is_over(track, seconds)]
        self.tracks = [track for track in self.tracks if track not in ended]
        return ended

    def is_confirmed(self, track: Track) -> bool:
        """What never moved is believed only where it was found well: a coat on a rack is not."""
        if track.sightings >= 2 and track.mean_score >= self.habits.clear:
            return True
        if track.sightings < self.habits.confirmed_by:
            return False
        return track.farthest > 0.5 or track.mean_score >= self.habits.confirmed_score

    def _match(
        self, tracks: list[Track], seen: list["_Seen"], seconds: float, cost: Cost
    ) -> tuple[list["_Seen"], list[Track]]:
        """→ (what is left over, tracks that are still missing)"""
        table = np.array([[cost(track, one, seconds) for one in seen] for track in tracks], float)
        pairs = assign(table.reshape(len(tracks), len(seen)))
        for row, column in pairs:
            self._update(tracks[row], seen[column], seconds)
        rows, columns = {row for row, _ in pairs}, {column for _, column in pairs}
        return (
            [one for number, one in enumerate(seen) if number not in columns],
            [track for number, track in enumerate(tracks) if number not in rows],
        )

    def _cost(self, track: Track, one: "_Seen", seconds: float) -> float:
        passed = seconds - track.last_seen
        reach = self.habits.reach + self.habits.reach_per_second * passed
        away = _away(track, one.box, seconds) / reach
        if away > 1 or not _alike_in_size(track.box, one.box):
            return IMPOSSIBLE
        different = unlike(track.look, one.look)
        if self._is_somebody_else(track, different, seconds):
            return IMPOSSIBLE
        shared = overlap(track.expected(seconds), one.box)
        return 0.5 * away + 0.3 * (1 - shared) + 0.4 * different

    def _weak_cost(self, track: Track, one: "_Seen", seconds: float) -> float:
        shared = overlap(track.expected(seconds), one.box)
        return 1 - shared if shared >= 0.3 else IMPOSSIBLE

    def _lost_cost(self, track: Track, one: "_Seen", seconds: float) -> float:
        passed = seconds - track.last_seen
        reach = min(
            self.habits.lost_farthest, self.habits.lost_reach + self.habits.lost_reach_per_second * passed
        )
        away = min(_away(track, one.box, seconds), _from(track, one.box)) / reach
        if away > 1 or not _alike_in_size(track.box, one.box):
            return IMPOSSIBLE
        different = unlike(track.look, one.look)
        if different > self.habits.lost_unlike or self._is_somebody_else(track, different, seconds):
            return IMPOSSIBLE
        return 0.5 * away + different + 0.02 * passed

    def _is_somebody_else(self, track: Track, different: float, seconds: float) -> bool:
        """Where somebody left by an edge a moment ago, whoever comes by it next is often another person."""
        long_ago = seconds - track.last_seen > self.habits.turns_around
        return long_ago and different > self.habits.edge_unlike and _leaves(track, seconds)

    def _update(self, track: Track, one: "_Seen", seconds: float) -> None:
        if one.found.score >= self.habits.sure:
            track.look = learned(track.look, one.look)
        track.label = one.found.label if one.found.score >= track.score else track.label
        track.see(seconds, one.box, one.found.score, gap=self.habits.gap)

    def _begin(self, seconds: float, seen: Sequence["_Seen"], aspect: float) -> None:
        for one in seen:
            if len(self.tracks) >= _MOST or any(
                track.last_seen == seconds and overlap(track.box, one.box) > self.habits.stands_apart
                for track in self.tracks
            ):
                continue
            # Named by the moment, so that a run that is resumed gives no name twice.
            self._last_number = max(self._last_number + 1, round(seconds * 10))
            track = new_track(
                f"{self.habits.letter}{self._last_number:06d}",
                one.found.kind,
                one.found.label,
                seconds,
                one.box,
                one.found.score,
                aspect,
            )
            track.look = one.look
            self.tracks.append(track)

    def _is_over(self, track: Track, seconds: float) -> bool:
        unseen = seconds - track.last_seen
        if not self.is_confirmed(track):
            return unseen > self.habits.missing_after
        leaving = _leaves(track, seconds)
        return unseen > (self.habits.lost_after_edge if leaving else self.habits.lost_after)

    def state(self) -> dict[str, Any]:
        tracks = [track.as_dict() for track in self.tracks]
        return {"form": _FORM, "last": self._last_number, "tracks": tracks}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._last_number = state.get("last", 0)
        if state.get("form") == _FORM:  # of another version only the names that are taken are of use
            self.tracks = [Track.from_dict(fields) for fields in state["tracks"]]


class _Seen:
    """A find with its look, which is taken only if somebody asks."""

    def __init__(self, found: Found, box: Box, picture: np.ndarray) -> None:
        self.found, self.box = found, box
        self._picture: np.ndarray | None = picture
        self._look: tuple[float, ...] = ()

    @property
    def look(self) -> tuple[float, ...]:
        if self._picture is not None:
            self._look, self._picture = look_of(self._picture, self.box), None
        return self._look


def _away(track: Track, box: Box, seconds: float) -> float:
    """Own heights between where it is expected and where something was found."""
    x, y = middle(track.expected(seconds), track.aspect)
    return _distance(track, box, x, y)


def _from(track: Track, box: Box) -> float:
    """Own heights from where it was last seen."""
    return _distance(track, box, *middle(track.box, track.aspect))


def _distance(track: Track, box: Box, x: float, y: float) -> float:
    x2, y2 = middle(box, track.aspect)
    return math.hypot(x2 - x, y2 - y) / max(0.02, track.height, box[3])


def _alike_in_size(first: Box, second: Box) -> bool:
    return 0.5 < first[3] / second[3] < 2.0 and 0.3 < first[2] / second[2] < 3.3


def _leaves(track: Track, seconds: float) -> bool:
    """At the edge of the picture, or expected beyond it."""
    left, top, width, height = track.expected(seconds)
    x, y = left + width / 2, top + height / 2
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return True
    left, top, width, height = track.box
    return left <= _EDGE or left + width >= 1 - _EDGE or top + height >= 1 - _EDGE
