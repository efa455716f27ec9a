"""Text in pictures: OpenCV's own strokes for Latin, ours for Hangul."""

from functools import lru_cache
from itertools import groupby

import cv2
import numpy as np

from apps.videos.demo.hangul import strokes

Picture = np.ndarray
Colour = tuple[int, int, int]

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SUBPIXEL = 4  # bits after the point in OpenCV's coordinates


def write(picture: Picture, text: str, *, left: int, top: int, height: int, colour: Colour) -> int:
    """Draws one line of text and returns where it ends; what does not fit into the picture is cut off."""
    thickness = 1 if height < 20 else 2
    for script, run in groupby(text, _script):
        characters = "".join(run)
        if script == "latin":
            corner = (left, top + round(height * 1.02))
            cv2.putText(picture, characters, corner, _FONT, height / 26, colour, thickness, cv2.LINE_AA)
            left += text_width(characters, height)
            continue
        for character in characters:
            shift = np.array((left, top)) << _SUBPIXEL
            lines = [(line + shift).astype(np.int32) for line in _lines(character, height)]
            cv2.polylines(picture, lines, False, colour, thickness, cv2.LINE_AA, shift=_SUBPIXEL)
            left += text_width(character, height)
    return left


@lru_cache(maxsize=4096)
def text_width(text: str, height: int) -> int:
    width = 0
    for script, run in groupby(text, _script):
        characters = "".join(run)
        if script == "latin":
            width += cv2.getTextSize(characters, _FONT, height / 26, 1)[0][0]
        else:
            width += len(characters) * round(height * (1.02 if script == "hangul" else 0.8))
    return width


def shortened(text: str, *, height: int, width: int) -> str:
    if text_width(text, height) <= width:
        return text
    while text and text_width(text + "...", height) > width:
        text = text[:-1]
    return text.rstrip() + "..."


def _script(character: str) -> str:
    if character.isascii():
        return "latin"
    return "hangul" if strokes(character) is not None else "other"


@lru_cache(maxsize=2048)
def _lines(character: str, height: int) -> tuple[np.ndarray, ...]:
    """What has no strokes here (Hanja, emoji) stands as an empty box."""
    box = ((0.1, 0.35), (0.65, 0.35), (0.65, 0.95), (0.1, 0.95), (0.1, 0.35))
    return tuple(
        ((np.array(line) * (height * 0.92, height) + (0, height * 0.1)) * (1 << _SUBPIXEL)).astype(np.int32)
        for line in strokes(character) or (box,)
    )
