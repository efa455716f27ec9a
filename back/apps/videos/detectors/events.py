"""What a detector says happened."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# [left, top, width, height], each a share of the picture.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedEvent:
    """The fields of an event. `external_id` is given by the merger: one incident keeps one id."""

    timestamp: float
    end_timestamp: float | None = None
    event_type: str
    action_detected: str = ""
    location: str = ""
    age: int | None = None
    gender: str = "unknown"
    confidence: float = 1.0
    track_id: str | None = None
    description: str = ""
    bbox: Box | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    external_id: str = ""

    def as_dict(self) -> dict[str, Any]:
        fields = asdict(self)
        fields["bbox"] = list(self.bbox) if self.bbox else None
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "DetectedEvent":
        box = fields.get("bbox")
        return cls(**{**fields, "bbox": tuple(box) if box else None})

    @property
    def last_moment(self) -> float:
        return self.timestamp if self.end_timestamp is None else self.end_timestamp


def overlap(first: Box, second: Box) -> float:
    """Intersection over union."""
    wide = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    high = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


def around(boxes: list[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return (left, top, right - left, bottom - top)


def visible(box: Box) -> Box | None:
    """The part of a box that lies in the picture; None where nothing of it does, or where it is no box.

    Whatever guesses or computes a box (a track that goes on, a detector, a model) passes it through here
    before it is turned into pixels or told."""
    if not all(math.isfinite(side) for side in box):
        return None
    left, top = max(0.0, box[0]), max(0.0, box[1])
    right, bottom = min(1.0, box[0] + box[2]), min(1.0, box[1] + box[3])
    if right <= left or bottom <= top:
        return None
    return (left, top, right - left, bottom - top)


def rounded(box: Box) -> Box:
    """As it is told: within the picture. What lies outside becomes the nearest point of its edge."""
    inside = visible(box)
    if inside is None:
        inside = (_share(box[0]), _share(box[1]), 0.0, 0.0)
    left, top, width, height = (round(float(side), 4) for side in inside)
    return (left, top, min(width, round(1 - left, 4)), min(height, round(1 - top, 4)))


def _share(value: float) -> float:
    return min(1.0, max(0.0, value)) if math.isfinite(value) else 0.0
