"""One moment of either clock: 10분 30초, minute 10, 오후 2시 5분, half past six, midnight."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from text2sql.reader.clock_words import ClockTime
from text2sql.reader.draft import Draft

Mode = Literal["at", "around", "from", "until", "range"]


@dataclass(frozen=True, slots=True)
class Point:
    start: int
    end: int
    seconds: float | None = None  # an offset
    clock: ClockTime | None = None
    precision: Literal["hour", "minute", "second"] = "minute"
    bare: bool = False  # a number whose unit must come from the other end
    edge: str | None = None  # "start" or "end" of the video


_ARTICLES = 4  # in a row; more of them are no question, and each would be looked at again from each


def point(draft: Draft, at: int, wall: bool) -> Point | None:
    for _ in range(_ARTICLES):
        if not draft.ever(at, "func", "polite") or draft.tokens[at].text.lower() not in (
            "the",
            "a",
            "an",
            "about",
        ):
            break
        at += 1
    return (
        _moment(draft, at)
        or _clock_with_part(draft, at, wall)
        or _english_unit_first(draft, at)
        or _number_with_unit(draft, at, wall)
        or _colon(draft, at, wall)
        or _half_hour(draft, at)
        or _spoken_clock(draft, at)
        or _minutes_past(draft, at)
    )


def _moment(draft: Draft, at: int) -> Point | None:
    if draft.has(at, "moment"):
        hour = 0 if draft.value(at, "moment") == "midnight" else 12
        return Point(at, at + 1, clock=ClockTime(hour, 0, fixed=True, moment=True))
    return None


def _clock_with_part(draft: Draft, at: int, wall: bool) -> Point | None:
    """오후 2시 5분, 밤 11:50."""
    if not draft.has(at, "daypart"):
        return None
    found = _number_with_unit(draft, at + 1, wall) or _colon(draft, at + 1, wall)
    if not found or not found.clock:
        return None
    return replace(found, start=at, clock=found.clock.in_part(draft.value(at, "daypart")))


def _number_with_unit(draft: Draft, at: int, wall: bool) -> Point | None:
    value = draft.number(at)
    if value is None:
        return None
    if draft.has(at + 1, "unit", "clock"):
        return _clock_hour(draft, at, value)
    if draft.has(at + 1, "unit", "am", "pm"):
        if hour := _DOTTED.fullmatch(draft.tokens[at].text):  # 2.30pm
            clock = ClockTime(int(hour[1]), int(hour[2])).in_half(draft.value(at + 1, "unit"))
            return Point(at, at + 2, clock=clock) if int(hour[1]) <= 12 else None
        clock = ClockTime(int(value), None).in_half(draft.value(at + 1, "unit"))
        return Point(at, at + 2, clock=clock, precision="hour") if _whole(value, 24) else None
    if (
        draft.has(at + 1, "unit", "hours")
        and draft.tokens[at].text.isdigit()
        and len(draft.tokens[at].text) == 4
    ):
        clock = ClockTime(int(value // 100), int(value % 100), fixed=True)  # 2145 hours
        if clock.hour > 24 or int(value % 100) > 59:
            draft.refusals.append("impossible_time")
            return None
        return Point(at, at + 2, clock=clock)
    part = _english_part_after(draft, at + 1)
    if part and _whole(value, 24) and english(draft):
        clock = ClockTime(int(value), None).in_part(part[0])
        return Point(at, part[1], clock=clock, precision="hour")
    return _offset(draft, at, value)


_DOTTED = re.compile(r"(\d{1,2})\.([0-5]\d)")


def english(draft: Draft) -> bool:
    return draft.language == "en"


def _whole(value: float, most: int) -> bool:
    return value == int(value) and 0 <= value <= most


def _clock_hour(draft: Draft, at: int, value: float) -> Point | None:
    if not _whole(value, 24):
        draft.refusals.append("impossible_time")
        return None
    clock, end, precision = ClockTime(int(value), None), at + 2, "hour"
    minute = draft.number(end)
    if minute is not None and draft.has(end + 1, "unit", "minute"):
        if not _whole(minute, 59):
            draft.refusals.append("impossible_time")
            return None
        clock, end, precision = replace(clock, minute=int(minute)), end + 2, "minute"
        second = draft.number(end)
        if second is not None and draft.has(end + 1, "unit", "second") and _whole(second, 59):
            clock, end, precision = replace(clock, second=int(second)), end + 2, "second"
    elif draft.has(end, "unit", "half"):
        clock, end, precision = replace(clock, minute=30), end + 1, "minute"
    part = _english_part_after(draft, end)
    if part:
        clock, end = clock.in_part(part[0]), part[1]
    return Point(at, end, clock=clock, precision=precision)  # type: ignore[arg-type]


def _english_part_after(draft: Draft, at: int) -> tuple[str, int] | None:
    """in the afternoon, at night, this morning."""
    end = at
    while (
        end < at + 2
        and draft.ever(end, "func", "polite")
        and draft.tokens[end].text.lower()
        in (
            "in",
            "the",
            "at",
            "this",
        )
    ):
        end += 1
    if draft.has(end, "daypart") and draft.tokens[end].text.isascii():
        return draft.value(end, "daypart"), end + 1
    return None


OFFSET_UNITS = {"hours": 3600.0, "minute": 60.0, "second": 1.0}


def _offset(draft: Draft, at: int, value: float) -> Point | None:
    """1시간 5분 30초; 10 minutes (and) 30 seconds."""
    seconds, end, precision = 0.0, at, None
    last = 1e9
    number: float | None = value
    while number is not None:
        unit = next((u for u in OFFSET_UNITS if draft.has(end + 1, "unit", u)), None)
        if unit is None or OFFSET_UNITS[unit] >= last or counts_persons(draft, end, unit):
            break
        if precision is not None and number >= 60:
            draft.refusals.append("impossible_time")
        last = OFFSET_UNITS[unit]
        seconds += number * last
        end += 2
        precision = {"hours": "hour", "minute": "minute", "second": "second"}[unit]
        if draft.has(end, "unit", "half"):
            seconds += last / 2
            end += 1
            precision = "second" if unit == "minute" else "minute"
            break
        if draft.has(end, "conj", "and") and draft.number(end + 1) is not None and draft.has(end + 2, "unit"):
            follows = draft.value(end + 2, "unit")
            if OFFSET_UNITS.get(follows, 1e9) < last:
                end += 1
        number = draft.number(end)
    if precision is None:
        return None
    return Point(at, end, seconds=seconds, precision=precision)  # type: ignore[arg-type]


def counts_persons(draft: Draft, at: int, unit: str) -> bool:
    """두 분 is two people, politely; minutes count in the other numbers: 이 분, 2분."""
    return unit == "minute" and draft.ever(at, "number", "native")


def _english_unit_first(draft: Draft, at: int) -> Point | None:
    """minute 10, minutes 10 (to 15), the 10th minute is read as minute 10 too."""
    if draft.has(at, "ordinal") and at + 1 < len(draft) and draft.tokens[at + 1].text.lower() == "one":
        return None  # the second one
    if draft.has(at, "unit", "minute", "second") and draft.tokens[at].text.isascii():
        value = draft.number(at + 1)
        if value is not None and len(draft.tokens[at].text) > 2:
            factor = 60.0 if draft.has(at, "unit", "minute") else 1.0
            return Point(
                at,
                at + 2,
                seconds=value * factor,
                precision="minute" if factor == 60.0 else "second",
            )
    if draft.has(at, "ordinal", "nth") and draft.has(at + 1, "unit", "minute"):
        return Point(at, at + 2, seconds=(draft.tokens[at].number or 0) * 60.0)
    return None


def _colon(draft: Draft, at: int, wall: bool) -> Point | None:
    if not draft.has(at, "colon"):
        return None
    seconds = draft.tokens[at].number or 0.0
    end = at + 1
    half = draft.value(end, "unit") if draft.has(end, "unit", "am", "pm") else None
    on_wall = wall or half or draft.has(end, "unit", "clock")
    if not on_wall:
        return Point(at, end, seconds=seconds, precision="second")
    if draft.value(at, "colon") == "ms":  # read as minutes:seconds, meant as hours:minutes
        hour, minute, second = int(seconds // 60), int(seconds % 60), None
    else:
        hour, minute, second = int(seconds // 3600), int(seconds // 60 % 60), int(seconds % 60)
    if hour > 24 or minute > 59:
        draft.refusals.append("impossible_time")
        return None
    clock = ClockTime(hour, minute, second)
    if half:
        clock, end = clock.in_half(half), end + 1
    elif draft.has(end, "unit", "clock"):
        end += 1
    part = _english_part_after(draft, end)
    if part:
        clock, end = clock.in_part(part[0]), part[1]
    return Point(at, end, clock=clock, precision="minute" if second is None else "second")


def _half_hour(draft: Draft, at: int) -> Point | None:
    """half an hour, an hour, a minute."""
    end = at
    share = 1.0
    if draft.has(end, "half"):
        share, end = 0.5, end + 1
    for _ in range(_ARTICLES):
        if draft.ever(end, "func", "polite") and draft.tokens[end].text.lower() in ("a", "an"):
            end += 1
    article = end and draft.tokens[end - 1].text.lower() in ("a", "an", "half", "half an", "half a")
    if not article or not draft.has(end, "unit", "hours", "minute") or not draft.tokens[end].text.isascii():
        return None
    seconds = OFFSET_UNITS[draft.value(end, "unit")] * share
    return Point(at, end + 1, seconds=seconds)


def _spoken_clock(draft: Draft, at: int) -> Point | None:
    """half past six, a quarter to seven."""
    if (
        not draft.has(at, "half")
        or at + 2 >= len(draft)
        or draft.tokens[at + 1].text.lower() not in ("past", "to")
    ):
        return None
    hour = draft.number(at + 2)
    if hour is None or not _whole(hour, 12):
        return None
    minute = 30 if draft.has(at, "half", "half") else 15
    clock = ClockTime(int(hour), minute)
    if draft.tokens[at + 1].text.lower() == "to":
        clock = ClockTime((int(hour) - 2) % 12 + 1, 60 - minute)
    end = at + 3
    if draft.has(end, "unit", "am", "pm"):
        clock, end = clock.in_half(draft.value(end, "unit")), end + 1
    part = _english_part_after(draft, end)
    if part:
        clock, end = clock.in_part(part[0]), part[1]
    return Point(at, end, clock=clock)


def _minutes_past(draft: Draft, at: int) -> Point | None:
    """ten past two, 20 past 2 pm"""
    minute, hour = draft.number(at), draft.number(at + 2)
    if minute is None or hour is None or draft.tokens[at + 1].text.lower() != "past":
        return None
    if not _whole(minute, 59) or not 1 <= hour <= 12 or hour != int(hour):
        return None
    end = at + 3
    clock = ClockTime(int(hour), int(minute))
    if draft.has(end, "unit", "am", "pm"):
        return Point(at, end + 1, clock=clock.in_half(draft.value(end, "unit")))
    if draft.has(end, "unit") and not draft.has(end, "unit", "clock"):
        return None
    part = _english_part_after(draft, end)
    if part:
        clock, end = clock.in_part(part[0]), part[1]
    return Point(at, end, clock=clock)


def bare_number(draft: Draft, at: int) -> Point | None:
    if draft.has(at, "ordinal", "nth"):  # between the 5th and the 10th minute
        return Point(at, at + 1, seconds=draft.tokens[at].number, bare=True)
    value = draft.number(at)
    return Point(at, at + 1, seconds=value, bare=True) if value is not None else None


_SKIPPED = frozenset(("the", "a", "an", "of", "in", "within", "during", "for", "video", "at"))


def skip(draft: Draft, at: int) -> int:
    for _ in range(_ARTICLES):
        silent = draft.ever(at, "func", "polite") and not draft.taken[at]
        if not silent or draft.tokens[at].text.lower() not in _SKIPPED or draft.tokens[at].has("neg"):
            break
        at += 1
    return at


def offset_at(draft: Draft, at: int) -> Point | None:
    value = draft.number(at)
    return _offset(draft, at, value) if value is not None else _half_hour(draft, at)


def edge(draft: Draft, at: int) -> Point | None:
    """처음부터 5분까지, from minute 10 to the end."""
    if not draft.has(at, "edge"):
        return None
    return Point(at, at + 1, edge=draft.value(at, "edge"))


def unit_seconds(point_: Point) -> float:
    return {"hour": 3600.0, "minute": 60.0, "second": 1.0}[point_.precision]
