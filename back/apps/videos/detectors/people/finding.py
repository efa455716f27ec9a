"""Finds people in a picture with OpenCV's histogram of oriented gradients.

A whole picture takes 20 ms and misses whoever is small in it. So only the parts where something moves, or
where somebody was a moment ago, are looked at, each brought to the size that the detector knows people in.
"""

from collections.abc import Iterable
from functools import cache

import cv2
import numpy as np

from apps.videos.detectors.events import Box, overlap, visible

_PERSON_HEIGHT = 110  # pixels: the detector was taught on people of 96 pixels in windows of 128
_MARGIN = 0.35
_LEAST_SCORE = 0.5
_SAME = 0.45
_MOST_PARTS = 6
_MOST_PIXELS = 220_000  # per frame: bounds a picture in which everything moves
_SMALLEST = 0.08  # of the picture's height: nobody can be told apart below that

Found = tuple[Box, float]


@cache
def _detector() -> cv2.HOGDescriptor:
    detector = cv2.HOGDescriptor()
    detector.setSVMDetector(np.array(cv2.HOGDescriptor.getDefaultPeopleDetector()))
    return detector


def find_people(picture: np.ndarray, where: Iterable[Box]) -> list[Found]:
    found: list[Found] = []
    left = _MOST_PIXELS
    for part in _parts(where):
        crop, scale, corner = _cut(picture, part)
        if crop.shape[0] < 128 or crop.shape[1] < 64 or crop.size // 3 > left:
            continue
        left -= crop.size // 3
        boxes, scores = _detector().detectMultiScale(crop, winStride=(8, 8), padding=(8, 8), scale=1.12)
        for (x, y, wide, high), score in zip(boxes, np.ravel(scores), strict=True):
            if score >= _LEAST_SCORE:
                found.append((_to_share(picture, corner, scale, x, y, wide, high), float(score)))
    return _best(found)


def _parts(where: Iterable[Box]) -> list[Box]:
    """Without those that lie in another one; the larger first."""
    parts: list[Box] = []
    inside = [part for box in where if (part := visible(box)) is not None]
    for box in sorted(inside, key=lambda box: -box[2] * box[3]):
        if box[3] < _SMALLEST * 0.7 or any(_inside(box, part) for part in parts):
            continue
        parts.append(box)
    return parts[:_MOST_PARTS]


def _inside(box: Box, other: Box) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return (
        other[0] <= x <= other[0] + other[2]
        and other[1] <= y <= other[1] + other[3]
        and box[3] <= other[3] * 1.2
    )


def _cut(picture: np.ndarray, part: Box) -> tuple[np.ndarray, float, tuple[int, int]]:
    height, width = picture.shape[:2]
    margin = _MARGIN * max(part[2] * width, part[3] * height, 40)
    left = min(width - 1, max(0, int(part[0] * width - margin)))
    top = min(height - 1, max(0, int(part[1] * height - margin)))
    right = max(left + 1, min(width, int((part[0] + part[2]) * width + margin)))
    bottom = max(top + 1, min(height, int((part[1] + part[3]) * height + margin)))
    scale = min(2.0, _PERSON_HEIGHT / max(1.0, part[3] * height))
    crop = picture[top:bottom, left:right]
    if abs(scale - 1) > 0.1:
        size = max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale))
        crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    else:
        scale = 1.0
    # The detector wants room around the person, also at the picture's edge.
    high, wide = max(0, 144 - crop.shape[0]), max(0, 80 - crop.shape[1])
    if high or wide:
        crop = cv2.copyMakeBorder(crop, 0, high, 0, wide, cv2.BORDER_REPLICATE)
    return crop, scale, (left, top)


def _to_share(
    picture: np.ndarray, corner: tuple[int, int], scale: float, x: int, y: int, wide: int, high: int
) -> Box:
    """The detector's window is larger than the person in it."""
    height, width = picture.shape[:2]
    return (
        float((corner[0] + (x + 0.17 * wide) / scale) / width),
        float((corner[1] + (y + 0.08 * high) / scale) / height),
        float(0.66 * wide / scale / width),
        float(0.84 * high / scale / height),
    )


def _best(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for box, score in sorted(found, key=lambda one: -one[1]):
        if box[3] >= _SMALLEST and all(overlap(box, other) < _SAME for other, _ in kept):
            kept.append((box, score))
    return kept
