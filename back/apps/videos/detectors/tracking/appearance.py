"""What somebody looks like: the colours of the upper and of the lower half. It tells neighbours apart."""

import cv2
import numpy as np

from apps.videos.detectors.events import Box, visible

_COLOURS, _GREYS = 12, 8
_FADED = 50  # of 255: below that saturation a colour says nothing, and how bright it is counts
_SMALLEST = 6  # pixels
_LEARNING = 0.15

Look = tuple[float, ...]


def look_of(picture: np.ndarray, box: Box) -> Look:
    """Empty where there is too little to see."""
    inside = visible(box)
    if inside is None:
        return ()
    height, width = picture.shape[:2]
    # The middle of the box: its edges show what is behind.
    left, right = (inside[0] + inside[2] * share for share in (0.2, 0.8))
    top, bottom = (inside[1] + inside[3] * share for share in (0.1, 0.9))
    part = picture[int(top * height) : int(bottom * height), int(left * width) : int(right * width)]
    if min(part.shape[:2]) < _SMALLEST:
        return ()
    middle = part.shape[0] // 2
    return tuple(np.concatenate([_colours(part[:middle]), _colours(part[middle:])]).round(4).tolist())


def _colours(part: np.ndarray) -> np.ndarray:
    hue, saturation, brightness = (
        channel.ravel() for channel in cv2.split(cv2.cvtColor(part, cv2.COLOR_BGR2HSV))
    )
    coloured = (saturation >= _FADED) & (brightness >= _FADED)
    hues = np.bincount(hue[coloured].astype(int) * _COLOURS // 180, minlength=_COLOURS)
    greys = np.bincount(brightness[~coloured].astype(int) * _GREYS // 256, minlength=_GREYS)
    return np.concatenate([hues, greys]) / max(1, hue.size)


def unlike(first: Look, second: Look) -> float:
    """0 the same to 1 nothing in common; 0.5 where one of them is unknown."""
    if not first or not second:
        return 0.5
    return 1 - float(np.minimum(first, second).sum()) / 2


def learned(old: Look, new: Look) -> Look:
    if not old or not new:
        return old or new
    mixed = (1 - _LEARNING) * np.array(old) + _LEARNING * np.array(new)
    return tuple(mixed.round(4).tolist())
