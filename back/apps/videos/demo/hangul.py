"""Hangul as strokes, so that Korean can be drawn on any machine without a font file.

Every syllable is put together from at most three letters in one of six arrangements; every letter is a few
lines in a unit square, y downwards.
"""

import math
import unicodedata
from functools import cache

Line = tuple[tuple[float, float], ...]
Box = tuple[float, float, float, float]

_CIRCLE: Line = tuple(
    (0.5 + 0.46 * math.sin(turn * math.pi / 8), 0.5 - 0.48 * math.cos(turn * math.pi / 8))
    for turn in range(17)
)
_HAT: Line = ((0.34, 0.0), (0.66, 0.0))


def _lines(text: str) -> tuple[Line, ...]:
    """ "0,0 1,0 | 0,1 1,1" as two lines."""
    return tuple(
        tuple((float(x), float(y)) for x, y in (point.split(",") for point in line.split()))
        for line in text.split("|")
    )


_CONSONANTS: dict[str, tuple[Line, ...]] = {
    "ㄱ": _lines("0,.06 .95,.06 .92,.5 .75,1"),
    "ㄴ": _lines(".08,0 .08,.94 1,.94"),
    "ㄷ": _lines("1,.06 .06,.06 .06,.94 1,.94"),
    "ㄹ": _lines(".05,.05 .95,.05 .95,.48 .05,.48 .05,.95 1,.95"),
    "ㅁ": _lines(".06,.06 .94,.06 .94,.94 .06,.94 .06,.06"),
    "ㅂ": _lines(".08,0 .08,.96 .92,.96 .92,0 | .08,.46 .92,.46"),
    "ㅅ": _lines(".5,0 .44,.45 .02,1 | .47,.4 .98,1"),
    "ㅇ": (_CIRCLE,),
    "ㅈ": _lines(".05,.06 .95,.06 | .5,.06 .44,.5 .02,1 | .47,.45 .98,1"),
    "ㅊ": (_HAT, *_lines(".05,.26 .95,.26 | .5,.26 .44,.6 .02,1 | .47,.55 .98,1")),
    "ㅋ": _lines("0,.06 .95,.06 .92,.5 .75,1 | 0,.5 .9,.5"),
    "ㅌ": _lines("1,.06 .06,.06 .06,.94 1,.94 | .06,.5 .95,.5"),
    "ㅍ": _lines(".03,.06 .97,.06 | .03,.94 .97,.94 | .3,.06 .3,.94 | .7,.06 .7,.94"),
    "ㅎ": (_HAT, ((0.05, 0.22), (0.95, 0.22)), tuple((x, 0.36 + 0.66 * y) for x, y in _CIRCLE)),
}
_PAIRS = {
    "ㄲ": "ㄱㄱ", "ㄸ": "ㄷㄷ", "ㅃ": "ㅂㅂ", "ㅆ": "ㅅㅅ", "ㅉ": "ㅈㅈ",
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_UPRIGHT: dict[str, tuple[Line, ...]] = {
    "ㅏ": _lines(".35,0 .35,1 | .35,.5 1,.5"),
    "ㅐ": _lines(".15,0 .15,1 | .85,0 .85,1 | .15,.5 .85,.5"),
    "ㅑ": _lines(".35,0 .35,1 | .35,.35 1,.35 | .35,.65 1,.65"),
    "ㅒ": _lines(".15,0 .15,1 | .85,0 .85,1 | .15,.35 .85,.35 | .15,.65 .85,.65"),
    "ㅓ": _lines(".75,0 .75,1 | 0,.5 .75,.5"),
    "ㅔ": _lines(".42,0 .42,1 | .92,0 .92,1 | -.1,.5 .42,.5"),
    "ㅕ": _lines(".75,0 .75,1 | 0,.35 .75,.35 | 0,.65 .75,.65"),
    "ㅖ": _lines(".42,0 .42,1 | .92,0 .92,1 | -.1,.35 .42,.35 | -.1,.65 .42,.65"),
    "ㅣ": _lines(".5,0 .5,1"),
}
_FLAT: dict[str, tuple[Line, ...]] = {
    "ㅗ": _lines("0,.9 1,.9 | .5,.1 .5,.9"),
    "ㅛ": _lines("0,.9 1,.9 | .33,.1 .33,.9 | .67,.1 .67,.9"),
    "ㅜ": _lines("0,.2 1,.2 | .5,.2 .5,1"),
    "ㅠ": _lines("0,.2 1,.2 | .33,.2 .33,1 | .67,.2 .67,1"),
    "ㅡ": _lines("0,.5 1,.5"),
}
_BOTH = {"ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ"}

# Where the letters of a syllable stand: first consonant, flat vowel, upright vowel, last consonant.
_BOXES: dict[tuple[str, bool], tuple[Box | None, Box | None, Box | None, Box | None]] = {
    ("upright", False): ((0.05, 0.16, 0.54, 0.84), None, (0.62, 0.02, 0.95, 0.98), None),
    ("upright", True): ((0.05, 0.05, 0.54, 0.47), None, (0.62, 0.0, 0.95, 0.54), (0.18, 0.64, 0.9, 0.98)),
    ("flat", False): ((0.18, 0.08, 0.82, 0.5), (0.03, 0.56, 0.97, 0.92), None, None),
    ("flat", True): ((0.2, 0.02, 0.8, 0.32), (0.03, 0.36, 0.97, 0.6), None, (0.18, 0.68, 0.84, 0.98)),
    ("both", False): ((0.05, 0.08, 0.54, 0.46), (0.02, 0.52, 0.6, 0.86), (0.66, 0.02, 0.96, 0.98), None),
    ("both", True): (
        (0.05, 0.03, 0.54, 0.31),
        (0.02, 0.35, 0.6, 0.57),
        (0.66, 0.0, 0.96, 0.58),
        (0.18, 0.66, 0.9, 0.98),
    ),
}

_FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MIDDLE = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_LAST = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


@cache
def strokes(character: str) -> tuple[Line, ...] | None:
    """The lines of one syllable in a unit square, or None for what is no Hangul syllable."""
    character = unicodedata.normalize("NFC", character)
    number = ord(character) - 0xAC00
    if not 0 <= number < 11172:
        return None
    first, rest = divmod(number, 588)
    middle, last = divmod(rest, 28)
    return _arrange(_FIRST[first], _MIDDLE[middle], _LAST[last].strip())


def _arrange(first: str, middle: str, last: str) -> tuple[Line, ...]:
    kind = "both" if middle in _BOTH else "flat" if middle in _FLAT else "upright"
    if kind == "both":
        flat, upright = tuple(_BOTH[middle])
    else:
        flat, upright = (middle, "") if kind == "flat" else ("", middle)
    first_box, flat_box, upright_box, last_box = _BOXES[kind, bool(last)]
    lines: list[Line] = []
    for box, letter in ((first_box, first), (last_box, last)):
        if box and letter:
            lines += _fit(_consonant(letter), box)
    if flat_box:
        lines += _fit(_FLAT[flat], flat_box)
    if upright_box:
        lines += _fit(_UPRIGHT[upright], upright_box)
    return tuple(lines)


def _consonant(letter: str) -> tuple[Line, ...]:
    if letter in _PAIRS:
        left, right = tuple(_PAIRS[letter])
        return (
            *_fit(_CONSONANTS[left], (0.0, 0.0, 0.44, 1.0)),
            *_fit(_CONSONANTS[right], (0.56, 0.0, 1.0, 1.0)),
        )
    return _CONSONANTS[letter]


def _fit(lines: tuple[Line, ...], box: Box) -> tuple[Line, ...]:
    left, top, right, bottom = box
    return tuple(
        tuple((left + x * (right - left), top + y * (bottom - top)) for x, y in line) for line in lines
    )
