"""Calendar days: 어제, 지난주, 3월 2일, March 2, last Monday. Counted from now, in the site's zone."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from text2sql.reader.draft import Draft


@dataclass(frozen=True, slots=True)
class DayRead:
    """A named day or run of days, not yet counted from now, or from when an earlier question was asked."""

    name: str  # today, yesterday, last_week, …, date, weekday, days_ago, ago
    month: int = 0
    day: int = 0
    year: int | None = None
    number: int = 0
    seconds: float = 0.0  # before now
    mode: Literal["at", "from", "until", "range"] = "at"
    until: "DayRead | None" = None
    said: str = ""
    counted_from: datetime | None = None


def read_days(draft: Draft) -> None:
    at = 0
    while at < len(draft):
        found = None if draft.taken[at] else _day(draft, at)
        if not found:
            at += 1
            continue
        day, end = found
        start = at
        if (
            at
            and draft.has(at - 1, "rel", "from", "until", "between")
            and draft.tokens[at - 1].text.isascii()
        ):
            start = at - 1
        day, end = _range(draft, start, day, end)
        draft.add("day", start, end, replace(day, said=draft.words(start, end)))
        at = end


def _range(draft: Draft, start: int, day: DayRead, end: int) -> tuple[DayRead, int]:
    joint = end
    if (
        draft.has(joint, "josa", "from", "at", "and")
        or draft.has(joint, "rel", "to", "from")
        or draft.has(joint, "conj", "and")
        or draft.has(joint, "rel", "until")
    ):
        second = _day(draft, joint + 1) or _day_of(draft, joint + 1, day)
        if second and second[0].name in ("date", day.name, "today", "yesterday"):
            stop = second[1]
            while (
                draft.has(stop, "rel", "between", "until") or draft.has(stop, "josa", "until")
            ) and not draft.tokens[stop].text.isascii():
                stop += 1
            return replace(day, mode="range", until=second[0]), stop
    if start < end and draft.has(start, "rel", "from") and draft.tokens[start].text.isascii():
        return replace(day, mode="from"), end
    if draft.has(start, "rel", "until") and draft.tokens[start].text.isascii():
        return replace(day, mode="until"), end
    if draft.has(end, "josa", "from") or (
        draft.has(end, "rel", "from") and draft.tokens[end].text.startswith("이후")
    ):
        return replace(day, mode="from"), end + 1
    if draft.has(end, "josa", "until") or (
        draft.has(end, "rel", "until") and draft.tokens[end].text.startswith("이전")
    ):
        return replace(day, mode="until"), end + 1
    return day, end


def _day(draft: Draft, at: int) -> tuple[DayRead, int] | None:
    if draft.has(at, "day"):
        name = draft.value(at, "day")
        if name in ("last_week", "this_week") and draft.has(at + 1, "weekday"):
            return DayRead(f"weekday_{name}", number=int(draft.value(at + 1, "weekday"))), at + 2
        if name.startswith("days_ago_"):
            return DayRead("days_ago", number=int(name[-1])), at + 1
        return DayRead(name), at + 1
    if draft.has(at + 1, "daypart") and draft.tokens[at].text.lower() == "this":
        return DayRead("today"), at + 1  # this morning
    if draft.has(at, "iso_date"):
        year, month, day = (int(part) for part in draft.value(at, "iso_date").split("-"))
        return DayRead("date", month, day, year), at + 1
    if draft.has(at, "weekday"):
        return DayRead("weekday", number=int(draft.value(at, "weekday"))), at + 1
    if (draft.has(at, "order", "last") or draft.has(at, "past")) and draft.has(at + 1, "weekday"):
        return DayRead("weekday_past", number=int(draft.value(at + 1, "weekday"))), at + 2
    return _korean_date(draft, at) or _english_date(draft, at) or _days_ago(draft, at)


def _korean_date(draft: Draft, at: int) -> tuple[DayRead, int] | None:
    value = draft.number(at)
    if value is None:
        return None
    year = None
    if draft.has(at + 1, "unit", "year") and 1900 <= value <= 2200 and draft.number(at + 2) is not None:
        year, at = int(value), at + 2
        value = draft.number(at)
    if value is None or not draft.has(at + 1, "unit", "month"):
        return None
    if not 1 <= value <= 12:
        draft.refusals.append("impossible_time")
        return None
    day = draft.number(at + 2)
    if day is not None and draft.has(at + 3, "unit", "day"):
        if not 1 <= day <= 31:
            draft.refusals.append("impossible_time")
        return DayRead("date", int(value), int(day), year), at + 4
    return DayRead("month", int(value), 0, year), at + 2


def _day_of(draft: Draft, at: int, first: DayRead) -> tuple[DayRead, int] | None:
    """8월 19일부터 21일까지: of the same month."""
    number = draft.number(at)
    if (
        first.name != "date"
        or number is None
        or not draft.has(at + 1, "unit", "day")
        or not 1 <= number <= 31
    ):
        return None
    return replace(first, day=int(number)), at + 2


def _english_date(draft: Draft, at: int) -> tuple[DayRead, int] | None:
    month = draft.value(at, "month") if draft.has(at, "month") else None
    end = at + 1
    if month:
        number = _day_number(draft, end)
        if number is None:
            if draft.tokens[at].text.lower() in ("may", "march", "mar", "dec", "sep", "jan", "jun"):
                return None
            return DayRead("month", int(month)), end
        end += 1
    else:
        number = _day_number(draft, at)
        if number is None:
            return None
        if draft.has(end, "func", "polite") and draft.tokens[end].text.lower() == "of":
            end += 1
        if not draft.has(end, "month"):
            return None
        month = draft.value(end, "month")
        end += 1
    year = draft.number(end)
    if draft.has(end, "conj", "and") and (draft.number(end + 1) or 0) >= 1900:
        year, end = draft.number(end + 1), end + 1
    if year is not None and 1900 <= year <= 2200:
        return DayRead("date", int(month), number, int(year)), end + 1
    return DayRead("date", int(month), number), end


def _day_number(draft: Draft, at: int) -> int | None:
    if draft.has(at, "ordinal", "nth") or (draft.has(at, "number", "digits")):
        value = draft.tokens[at].number
        if value is not None and value == int(value) and 1 <= value <= 31:
            return int(value)
    return None


def _days_ago(draft: Draft, at: int) -> tuple[DayRead, int] | None:
    value = draft.number(at)
    if value is not None and draft.has(at + 1, "unit", "ago_day") and value == int(value) and value < 4000:
        return DayRead("days_ago", number=int(value)), at + 2
    return None
