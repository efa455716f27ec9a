"""Numbers as words: 스물아홉, 이십구, twenty-nine."""

import re

_SINO_DIGITS = {c: n for n, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_SINO_UNITS = {"십": 10, "백": 100, "천": 1000}
_ONES = {"하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "넷": 4, "네": 4, "넉": 4}
_ONES |= {"다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}
_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50}
_TENS |= {"예순": 60, "일흔": 70, "여든": 80, "아흔": 90}
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ENGLISH_ONES = {word: n for n, word in enumerate(_ENGLISH.split())}
_ENGLISH_TENS = {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# Patterns to build others from. Digits may carry thousands' commas and a decimal part.
# Begun only where a run of digits begins and never given back: no long run is tried from each place.
DIGITS = r"(?<!\d)(?>\d{1,3}(?:,\d{3}){1,5}+(?!\d)|\d++)(?:\.\d++)?"
NATIVE = rf"(?:(?:{_any(_TENS)})(?:{_any(_ONES)})?|{_any(_ONES)})"
SINO = r"[영공일이삼사오육칠팔구십백천만]+"
ENGLISH = (
    rf"(?:(?:{_any(_ENGLISH_TENS)})(?:[- ](?:{_any(_ENGLISH_ONES)}))?|(?:{_any(_ENGLISH_ONES)})"
    rf"(?:\s+hundred)?|a\s+hundred)"
)


def digits(text: str) -> float:
    return float(text.replace(",", ""))


def places(text: str) -> int:
    """How many digits stand after the point: how exactly the number was said."""
    return len(text.partition(".")[2]) if re.fullmatch(DIGITS, text) else 0


def native(text: str) -> int | None:
    for tens, value in _TENS.items():
        if text == tens:
            return value
        if text.startswith(tens) and text[len(tens) :] in _ONES:
            return value + _ONES[text[len(tens) :]]
    return _ONES.get(text)


def sino(text: str) -> int | None:
    total = part = digit = 0
    for char in text:
        if char in _SINO_DIGITS:
            digit = digit * 10 + _SINO_DIGITS[char]
        elif char in _SINO_UNITS:
            part += (digit or 1) * _SINO_UNITS[char]
            digit = 0
        elif char == "만":
            total += (part + digit or 1) * 10_000
            part = digit = 0
        else:
            return None
    return total + part + digit


def english(text: str) -> int | None:
    words = re.split(r"[\s-]+", text.lower().strip())
    if "hundred" in words:
        return 100 * (_ENGLISH_ONES.get(words[0], 1))
    values = [_ENGLISH_TENS.get(word, _ENGLISH_ONES.get(word)) for word in words]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def number(text: str) -> float | None:
    """Any of them. A word that is Korean in both ways of counting (이, 사) is read as Sino-Korean."""
    text = text.strip()
    if re.fullmatch(DIGITS, text):
        return digits(text)
    for read in (native, sino, english):
        value = read(text)
        if value is not None:
            return float(value)
    return None
