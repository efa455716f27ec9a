"""One thing that is followed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.videos.detectors.events import Box, visible
from apps.videos.detectors.tracking.appearance import Look
from apps.videos.detectors.tracking.motion import Moving, begun

_WOBBLE = 0.06  # of the height: how far off a found box is
_SPEED = 0.6  # heights per second that somebody new may walk
_CHANGE = 0.5  # heights per second, per second
_SIZE_FOLLOWS = 0.3
_PATH_SECONDS = 4.0


@dataclass(slots=True)
class Track:
    """Lengths on both axes are shares of the picture's height, so that a circle is a circle."""

    track_id: str
    kind: str
    label: str
    aspect: float  # width by height of the picture
    first_seen: float
    last_seen: float
    first_box: Box
    box: Box
    x: Moving
    y: Moving
    score: float
    span_start: float
    sightings: int = 1
    total: float = 0.0  # of scores
    look: Look = ()
    # (seconds, x, y of the feet) of the last moments.
    path: list[tuple[float, float, float]] = field(default_factory=list)
    farthest: float = 0.0  # heights from where it was first seen
    notes: dict[str, Any] = field(default_factory=dict)  # what behaviours remember of it

    @property
    def height(self) -> float:
        return self.box[3]

    @property
    def feet(self) -> tuple[float, float]:
        """In shares of the picture."""
        return _feet(self.box)

    @property
    def first_feet(self) -> tuple[float, float]:
        return _feet(self.first_box)

    @property
    def mean_score(self) -> float:
        return self.total / self.sightings

    @property
    def speed(self) -> float:
        """Of its own heights per second, over the last moments, as the crow flies."""
        if len(self.path) < 2 or self.path[-1][0] - self.path[0][0] < 0.3:
            return 0.0
        (start, x1, y1), (end, x2, y2) = self.path[0], self.path[-1]
        away = math.hypot((x2 - x1) * self.aspect, y2 - y1)
        return away / max(0.02, self.height) / (end - start)

    def expected(self, seconds: float) -> Box:
        """Where it should be, perhaps outside the picture."""
        ahead = min(2.0, max(0.0, seconds - self.last_seen))
        x, y = self.x.ahead(ahead) / self.aspect, self.y.ahead(ahead)
        return (x - self.box[2] / 2, y - self.box[3] / 2, self.box[2], self.box[3])

    def see(self, seconds: float, box: Box, score: float, *, gap: float) -> None:
        passed = max(0.0, seconds - self.last_seen)
        if passed > gap:
            self.span_start = seconds
            self.path.clear()
        tall = max(0.02, self.height)
        x, y = middle(box, self.aspect)
        for axis, seen in ((self.x, x), (self.y, y)):
            axis.predict(min(passed, 3.0), change=_CHANGE * tall)
            axis.correct(seen, wobble=_WOBBLE * tall)
        keep = 1 - _SIZE_FOLLOWS
        wide, high = keep * self.box[2] + _SIZE_FOLLOWS * box[2], keep * self.box[3] + _SIZE_FOLLOWS * box[3]
        # The box itself is told as it was seen; its size only as far as it lasts.
        centre = (box[0] + box[2] / 2, box[1] + box[3] / 2)
        smooth = (centre[0] - wide / 2, centre[1] - high / 2, wide, high)
        self.box = visible(smooth) or box
        self.last_seen = seconds
        self.sightings += 1
        self.total += score
        self.score = max(self.score, score)
        self.remember(seconds)

    def remember(self, seconds: float) -> None:
        x, y = self.feet
        self.path.append((seconds, round(x, 4), round(y, 4)))
        while len(self.path) > 2 and seconds - self.path[0][0] > _PATH_SECONDS:
            self.path.pop(0)
        first = (self.first_box[0] + self.first_box[2] / 2, self.first_box[1] + self.first_box[3] / 2)
        now = (self.box[0] + self.box[2] / 2, self.box[1] + self.box[3] / 2)
        away = math.hypot((now[0] - first[0]) * self.aspect, now[1] - first[1])
        self.farthest = max(self.farthest, away / max(0.02, self.first_box[3]))

    def as_dict(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return fields | {"x": self.x.as_list(), "y": self.y.as_list()}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Track":
        boxes = {name: tuple(fields[name]) for name in ("first_box", "box", "look")}
        axes = {name: Moving(*fields[name]) for name in ("x", "y")}
        path = [tuple(step) for step in fields["path"]]
        return cls(**{**fields, **boxes, **axes, "path": path, "notes": dict(fields["notes"])})


def new_track(
    track_id: str, kind: str, label: str, seconds: float, box: Box, score: float, aspect: float
) -> Track:
    x, y = (begun(place, wobble=_WOBBLE * box[3], speed=_SPEED * box[3]) for place in middle(box, aspect))
    track = Track(
        track_id, kind, label, aspect, seconds, seconds, box, box, x, y, score, seconds, total=score
    )
    track.remember(seconds)
    return track


def _feet(box: Box) -> tuple[float, float]:
    # A little above the box's edge, which is often a little low.
    return (box[0] + box[2] / 2, min(1.0, box[1] + 0.97 * box[3]))


def middle(box: Box, aspect: float) -> tuple[float, float]:
    return ((box[0] + box[2] / 2) * aspect, box[1] + box[3] / 2)
