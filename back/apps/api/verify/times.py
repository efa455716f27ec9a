"""Moments, clock times, dates and lengths in prose, Korean and English."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from apps.api.verify.numerals import DIGITS, ENGLISH, NATIVE, SINO, number, places
from apps.api.verify.words import WORDS

Match = re.Match[str]
Fields = dict[str, Any]


class Recogniser(NamedTuple):
    """`sign`: of what a match always holds, something short. Most texts lack most of them."""

    pattern: re.Pattern[str]
    read: Callable[[Match], Fields | None]
    sign: frozenset[str] | None = None


def sign(letters: str) -> frozenset[str]:
    """One of these letters."""
    return letters_of(letters)


def letters_of(text: str) -> frozenset[str]:
    """Its letters in every case: where patterns ignore it, `ſ` is an s as well."""
    return frozenset(text + text.lower() + text.upper())


DAY = 86_400
_KO = re.VERBOSE
_N = rf"(?:{DIGITS}|{SINO})"  # minutes and seconds count in Sino-Korean
_MONTHS = {name[:3]: n for n, name in enumerate(WORDS["month"], 1)}
_MONTH = "|".join(rf"{name}|{name[:3]}\.?" for name in WORDS["month"])
_WEEKDAYS = {word: n for n, words in enumerate(WORDS["weekday"]) for word in words}
_RELATIVE = {word: days for days, words in WORDS["relative_day"] for word in words}


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE | re.IGNORECASE)


# --- dates -------------------------------------------------------------------------------------------


def _date(year: str | None, month: int, day: str) -> Fields:
    return {"kind": "date", "value": (int(year) if year else None, month, int(day))}


DATES: tuple[Recogniser, ...] = (
    Recogniser(
        compiled(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)"), lambda m: _date(m[1], int(m[2]), m[3]), sign("-")
    ),
    Recogniser(
        compiled(r"(?:(?<!\d)(\d{4})\s*년\s*)?(?<!\d)(\d{1,2})\s*월\s*(\d{1,2})\s*일"),
        lambda m: _date(m[1], int(m[2]), m[3]),
        sign("월"),
    ),
    Recogniser(
        compiled(rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:)(?:,?\s+(\d{{4}})\b)?"),
        lambda m: _date(m[3], _MONTHS[m[1][:3].lower()], m[2]),
    ),
    Recogniser(
        compiled(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})(?:,?\s+(\d{{4}}))?\b"),
        lambda m: _date(m[3], _MONTHS[m[2][:3].lower()], m[1]),
    ),
    Recogniser(
        compiled(r"(?<!\d)(\d{4})\s*년"),
        lambda m: {"kind": "date", "value": (int(m[1]), None, None)},
        sign("년"),
    ),
    Recogniser(
        compiled("|".join(sorted(_WEEKDAYS, key=len, reverse=True))),
        lambda m: {"kind": "date", "value": ("weekday", _WEEKDAYS[m[0].lower()])},
    ),
    Recogniser(
        compiled("|".join(re.escape(word) for word in sorted(_RELATIVE, key=len, reverse=True))),
        lambda m: {"kind": "date", "value": ("relative", _RELATIVE[m[0].lower()])},
    ),
)

# --- the wall clock ----------------------------------------------------------------------------------


def _clock(
    half: str | None, hour: float | None, minute: float = 0, second: float = 0, grain: float = 3600
) -> Fields | None:
    """Seconds of the day it may mean: both halves where none is named."""
    if hour is None or not 0 <= hour <= 24 or minute >= 60 or second >= 60:
        return None
    base = hour % 12
    if half is None:
        hours = (base, base + 12) if hour <= 12 else (hour % 24,)
    elif half in ("am", "오전", "새벽", "아침"):
        hours = (base if hour <= 12 else hour,)
    elif half == "밤":
        hours = (base + 12,) if hour >= 6 and hour != 12 else (base,)
    else:
        hours = (base + 12,)
    return {"kind": "clock", "value": tuple(h * 3600 + minute * 60 + second for h in hours), "grain": grain}


def _korean_clock(m: Match) -> Fields | None:
    half = m["half"]
    minute = 30.0 if m["half_hour"] else number(m["minute"]) if m["minute"] else 0.0
    second = number(m["second"]) if m["second"] else 0.0
    grain = 1 if m["second"] else 60 if m["minute"] or m["half_hour"] else 3600
    return _clock(
        "pm" if half in ("낮", "점심", "저녁", "오후") else half,
        number(m["hour"]),
        minute or 0,
        second or 0,
        grain,
    )


def _english_clock(m: Match) -> Fields | None:
    half = m["half"].replace(".", "").lower() if m["half"] else None
    minute, second = float(m["minute"] or 0), float(m["second"] or 0)
    grain = 1 if m["second"] else 60 if m["minute"] else 3600
    return _clock(half, number(m["hour"]), minute, second, grain)


def _past(m: Match) -> Fields | None:
    hour, part = number(m["hour"]), 30 if m["part"].lower() == "half" else 15
    if hour is None:
        return None
    back = m["to"].lower() == "to"
    half = (m["half"] or "").replace(".", "").lower() or None
    return _clock(half, hour - 1 if back else hour, 60 - part if back else part, 0, 60)


CLOCKS: tuple[Recogniser, ...] = (
    Recogniser(
        compiled(
            rf"""(?:(?P<half>오전|오후|새벽|아침|점심|저녁|밤|낮)\s*)?
            (?P<hour>(?<![\d.,])\d{{1,2}}|(?<![가-힣])(?:열한|열두|열|한|두|세|네|다섯|여섯|일곱|여덟|아홉))\s*시(?!간|[가-힣]*\s*명)
            (?:\s*(?:(?P<half_hour>반)(?![가-힣])|(?P<minute>{_N})\s*분(?:\s*(?P<second>{_N})\s*초)?))?"""
        ),
        _korean_clock,
        sign("시"),
    ),
    Recogniser(
        compiled(
            r"""(?<![\d:.])(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?(?::(?P<second>[0-5]\d))?\s*
            (?P<half>a\.m\.|p\.m\.|am\b|pm\b)"""
        ),
        _english_clock,
        sign("m"),
    ),
    Recogniser(
        compiled(
            rf"""\b(?P<part>half|quarter|a\s+quarter)\s+(?P<to>past|to|after)\s+(?P<hour>\d{{1,2}}|{ENGLISH})\b
            (?:\s*(?P<half>a\.m\.|p\.m\.|am\b|pm\b))?"""
        ),
        _past,
        sign("fq"),
    ),
    Recogniser(
        compiled(
            rf"""\b(?P<hour>\d{{1,2}}|{ENGLISH})(?P<minute>)(?P<second>)\s*
            (?:o['’]clock|(?P<half>a\.m\.|p\.m\.|am\b|pm\b))"""
        ),
        _english_clock,
        sign("m'’"),
    ),
    Recogniser(
        compiled(r"정오|\bnoon\b"),
        lambda m: {"kind": "clock", "value": (12 * 3600.0,), "grain": 60},
        sign("정n"),
    ),
    Recogniser(
        compiled(r"자정|\bmidnight\b"), lambda m: {"kind": "clock", "value": (0.0,), "grain": 60}, sign("자g")
    ),
)

# --- moments of the video, and lengths ---------------------------------------------------------------


def _colons(m: Match) -> Fields | None:
    parts = [int(part) for part in m[0].split(":")]
    if any(part >= 60 for part in parts[1:]):
        return None
    seconds = sum(part * 60**power for power, part in enumerate(reversed(parts)))
    return {"kind": "moment", "value": float(seconds), "grain": 1.0, "colons": parts}


def _units(m: Match) -> Fields | None:
    total, grain = 0.0, 3600.0
    for name, size in (("h", 3600), ("m", 60), ("s", 1)):
        if said := m[name]:
            value = 1.0 if said.lower() in ("a", "an") else number(said)
            if value is None:
                return None
            total += value * size
            grain = size * 10.0 ** -places(said)
    if m.groupdict().get("and_half"):
        total += grain / 2
        grain /= 2
    return {"kind": "moment", "value": total, "grain": grain}


_KO_TIME = rf"""(?:
    (?P<h>{DIGITS}|(?<![가-힣]){NATIVE}|(?<![가-힣]){SINO})\s*시간(?!대|당)
      (?:\s*(?P<m>{_N})\s*분(?![가-힣]?석|[가-힣]?류))?(?:\s*(?P<s>{_N}(?:\.\d+)?)\s*초(?!반))?
  )"""
# A single syllable is too often another word ("이 분", this person): it counts beside another unit alone.
_TENS = r"(?<![가-힣])[이삼사오육칠팔구]?십[일이삼사오육칠팔구]?"
_ONE = r"(?<![가-힣])[일이삼사오육칠팔구]"
_KO_MINUTES = rf"""(?P<h>)(?P<m>{DIGITS}|{_TENS}|{_ONE}(?=분\s*{SINO}\s*초))
    \s*분(?!께|이서)(?:\s*(?P<s>{_N})\s*초(?!반))?"""
_KO_SECONDS = rf"""(?P<h>)(?P<m>)(?P<s>{DIGITS}|{_TENS}|{_ONE}(?=초\s*(?:에|동안|뒤|후|간)))\s*초(?!반)"""
_EN = rf"(?:{DIGITS}|\b(?:{ENGLISH}))"
_EN_H, _EN_M, _EN_S = (r"(?:hours?|hrs?|h\b)", r"(?:minutes?|mins?|m\b)", r"(?:seconds?|secs?|s\b)")
_AND = r"(?:,?\s*(?:and\s+)?)"

MOMENTS: tuple[Recogniser, ...] = (
    Recogniser(compiled(r"(?<![\d:.])\d{1,3}+:[0-5]?\d(?::[0-5]?\d)?(?!\d|:\d)"), _colons, sign(":")),
    Recogniser(compiled(rf"{_KO_TIME}(?:\s*(?P<and_half>반)(?![가-힣]))?"), _units, sign("시")),
    Recogniser(compiled(rf"{_KO_MINUTES}(?:\s*(?P<and_half>반)(?![가-힣]))?"), _units, sign("분")),
    Recogniser(compiled(_KO_SECONDS), _units, sign("초")),
    Recogniser(
        compiled(
            rf"""(?P<h>{_EN}|\ban?\b)[\s-]*{_EN_H}(?:{_AND}(?P<m>{_EN})[\s-]*{_EN_M})?
            (?:{_AND}(?P<s>{_EN})[\s-]*{_EN_S})?"""
        ),
        _units,
        sign("h"),
    ),
    Recogniser(
        compiled(rf"(?P<h>)(?P<m>{_EN}|\ba\b)[\s-]*{_EN_M}(?:{_AND}(?P<s>{_EN})[\s-]*{_EN_S})?"),
        _units,
        sign("m"),
    ),
    Recogniser(compiled(rf"(?P<h>)(?P<m>)(?P<s>{_EN})[\s-]*{_EN_S}"), _units, sign("s")),
    Recogniser(compiled(rf"(?P<h>)\bminute\s+(?P<m>\d+|{ENGLISH})(?P<s>)\b"), _units, sign("m")),
    Recogniser(compiled(r"(?P<h>)(?P<m>(?<!\d)\d++)\s*[′'](?:\s*(?P<s>\d+)\s*[″\"])?"), _units, sign("′'")),
)


def is_day(value: tuple[Any, ...], day: date, today: date) -> bool:
    if value[0] == "weekday":
        return bool(day.weekday() == value[1])
    if value[0] == "relative":
        return day_of(value, today) == day
    return all(said in (None, part) for said, part in zip(value, (day.year, day.month, day.day), strict=True))


def day_of(value: tuple[Any, ...], today: date) -> date | None:
    """The calendar day of a relative word."""
    return date.fromordinal(today.toordinal() + value[1]) if value[0] == "relative" else None
