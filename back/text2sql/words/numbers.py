"""Numbers as people write and say them: digits, 십오, 열다섯, twenty-five, third."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from text2sql.words.tokens import Sense

_SINO = {char: value for value, char in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_SINO_UNITS = {"십": 10, "백": 100, "천": 1000}
_NATIVE_ONES = {
    "하나": 1,
    "한": 1,
    "둘": 2,
    "두": 2,
    "셋": 3,
    "세": 3,
    "석": 3,
    "넷": 4,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "여덜": 8,
    "아홉": 9,
}
_NATIVE_TENS = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
_ENGLISH = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        [
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
        ],
        2,
    )
}
_DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        2,
    )
}

_AFTER = r"(?=\s*(?:{}))"
_SINO_AFTER = _AFTER.format("분|초|시|명|건|번|대|살|세|퍼|프로|개월|월|일|주|층|회|차례|인|년|%")
_NATIVE_AFTER = _AFTER.format("시|명|건|번|대|살|개|차례|사람|분|가지|째|달|주|군데|곳")
_SPAN_AFTER = _AFTER.format("사이|에서|부터|까지")
_DIGITS = "일이삼사오육륙칠팔구"
_TENS = "|".join(_NATIVE_TENS)
_ONES = "|".join(sorted(_NATIVE_ONES, key=len, reverse=True))

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso_date", re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d)")),
    ("colon", re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?![\d:])")),
    ("ordinal", re.compile(r"(\d{1,4})(?:st|nd|rd|th)\b")),
    ("decade", re.compile(r"(\d{2})'?s\b")),
    ("digits", re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?")),
    ("sino", re.compile(rf"[영공일이삼사오육륙칠팔구십백천]+{_SINO_AFTER}")),
    ("native", re.compile(rf"(?:({_TENS})\s?({_ONES})?|({_ONES})){_NATIVE_AFTER}")),
    ("of_order", re.compile("([둘셋넷])째")),
    # An end of a span, whose unit the other end says. 이사, 오에서 are no numbers there, nor is 열 alone.
    ("sino", re.compile(rf"(?=[{_DIGITS}]*[십백])[{_DIGITS}십백]+{_SPAN_AFTER}")),
    ("native", re.compile(rf"(?:((?!열{_SPAN_AFTER})(?:{_TENS}))\s?({_ONES})?|((?!)))(?={_SPAN_AFTER})")),
    ("words", re.compile(r"[a-z]+(?:[- ][a-z]+)?\b")),
)


class NumberSpan(NamedTuple):
    end: int
    value: float
    senses: tuple[Sense, ...]
    said_in_words: bool


def numbers_at(text: str, start: int) -> Iterator[NumberSpan]:
    before = text[start - 1] if start else " "
    char = text[start]
    for name, pattern in _PATTERNS:
        if name in ("iso_date", "colon", "ordinal", "decade", "digits") and not char.isdigit():
            continue
        if name == "decade" and "a" <= before <= "z":
            continue  # 12m30s
        if name == "words" and not ("a" <= char <= "z"):
            continue
        if before.isdigit() or (
            before in ".:" and start > 1 and text[start - 2].isdigit() and name != "words"
        ):
            continue
        if name == "words" and ("a" <= before <= "z" or before.isdigit()):
            continue
        match = pattern.match(text, start)
        if not match:
            continue
        yield from _READ[name](match)
        if name in ("iso_date", "colon", "ordinal", "decade"):
            return


def _digits(match: re.Match[str]) -> Iterator[NumberSpan]:
    digits = match.group().replace(",", "")
    if len(digits) <= 15:
        yield NumberSpan(match.end(), float(digits), (Sense("number", "digits"),), said_in_words=False)
    else:
        yield NumberSpan(match.end(), 1e15, (Sense("number", "huge"),), said_in_words=False)


def _colon(match: re.Match[str]) -> Iterator[NumberSpan]:
    parts = [int(part) for part in match.group().split(":")]
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + part
    kind = "hms" if len(parts) == 3 else "ms"
    yield NumberSpan(match.end(), float(seconds), (Sense("colon", kind),), said_in_words=False)


def _iso_date(match: re.Match[str]) -> Iterator[NumberSpan]:
    year, month, day = (int(part) for part in re.split(r"[-./]", match.group()))
    if 1 <= month <= 12 and 1 <= day <= 31:
        sense = Sense("iso_date", f"{year:04}-{month:02}-{day:02}")
        yield NumberSpan(match.end(), 0.0, (sense,), said_in_words=False)


def _ordinal(match: re.Match[str]) -> Iterator[NumberSpan]:
    yield NumberSpan(match.end(), float(match.group(1)), (Sense("ordinal", "nth"),), said_in_words=False)


def _of_order(match: re.Match[str]) -> Iterator[NumberSpan]:
    value = 2.0 + "둘셋넷".index(match.group(1))
    yield NumberSpan(match.end(), value, (Sense("ordinal", "nth"),), said_in_words=True)


def _decade(match: re.Match[str]) -> Iterator[NumberSpan]:
    senses = (Sense("decade", "decade"),) if match.group(1)[1] == "0" else ()
    yield NumberSpan(
        match.end(), float(match.group(1)), (*senses, Sense("seconds_or_decade", "s")), said_in_words=False
    )


def _sino(match: re.Match[str]) -> Iterator[NumberSpan]:
    word = match.group()
    digits = [_SINO.get(char, 9) for char in word[:2]]
    if len(word) == 3 and word[2] == "십" and digits[1] - digits[0] == 1:  # 이삼십대
        decades = Sense("decades", str(10 * digits[0]))
        yield NumberSpan(match.end(), 10.0 * digits[1], (decades,), said_in_words=True)
        return
    value = read_sino(word)
    if value is not None:
        yield NumberSpan(match.end(), value, (Sense("number", "sino"),), said_in_words=True)


def read_sino(word: str) -> float | None:
    """십오 is 15, 이백삼 203, 일이삼 123 digit by digit."""
    if all(char in _SINO for char in word):
        return float("".join(str(_SINO[char]) for char in word)) if len(word) <= 6 else None
    total, digit, last_unit = 0, None, 10_000
    for char in word:
        if char in _SINO_UNITS:
            unit = _SINO_UNITS[char]
            if unit >= last_unit:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last_unit = None, unit
        elif digit is not None:
            return None
        else:
            digit = _SINO[char]
    return float(total + (digit or 0))


_NUMERAL = re.compile(
    rf"[{_DIGITS}십백천]*[십백천][{_DIGITS}]?|(?:{_TENS})?(?:다섯|여섯|일곱|여덟|아홉)|{_TENS}"
)


def is_numeral(word: str) -> bool:
    """Beyond all doubt: 이 and 일 are particles and nouns as well, 하나 and 둘 are hardly numbers."""
    return _NUMERAL.fullmatch(word) is not None


def _native(match: re.Match[str]) -> Iterator[NumberSpan]:
    tens, ones, alone = match.groups()
    if alone == "한" and match.string[: match.start()].rstrip().endswith(
        ("안", "못", "려고")
    ):  # 결제 안 한 사람
        return
    value = _NATIVE_TENS.get(tens or "", 0) + _NATIVE_ONES.get(ones or alone or "", 0)
    yield NumberSpan(match.end(), float(value), (Sense("number", "native"),), said_in_words=True)


def _words(match: re.Match[str]) -> Iterator[NumberSpan]:
    parts = re.split(r"[- ]", match.group())
    first = parts[0]
    end_first = match.start() + len(first)
    if len(parts) == 2 and _ENGLISH.get(first, 0) >= 20:
        second = _ENGLISH.get(parts[1], _ORDINALS.get(parts[1], 0))
        if 0 < second < 10:
            sense = Sense("number", "word") if parts[1] in _ENGLISH else Sense("ordinal", "nth")
            yield NumberSpan(match.end(), float(_ENGLISH[first] + second), (sense,), said_in_words=True)
    if first in _ENGLISH:
        yield NumberSpan(end_first, float(_ENGLISH[first]), (Sense("number", "word"),), said_in_words=True)
    if first in _DECADES:
        yield NumberSpan(end_first, float(_DECADES[first]), (Sense("decade", "decade"),), said_in_words=True)
    if first in _ORDINALS:
        senses: tuple[Sense, ...] = (Sense("ordinal", "nth"),)
        if first == "second":
            senses = (*senses, Sense("unit", "second"))
        yield NumberSpan(end_first, float(_ORDINALS[first]), senses, said_in_words=True)


_READ = {
    "iso_date": _iso_date,
    "colon": _colon,
    "ordinal": _ordinal,
    "of_order": _of_order,
    "decade": _decade,
    "digits": _digits,
    "sino": _sino,
    "native": _native,
    "words": _words,
}
