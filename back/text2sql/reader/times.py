"""Times on both clocks: "10분에서 15분 사이", "the last five minutes", "오후 2시 이후", "yesterday at 3 pm".

A point is read first, then what stands around it says whether it is a moment, an end or a range. Which of the
two clocks is meant follows from the units: 시, am, 오후 are the wall; 분, mm:ss, "minute 10" the video.
"""

from dataclasses import dataclass, replace
from typing import Literal

from text2sql.query import OffsetSpan
from text2sql.reader.clock_words import ClockRead, ClockTime
from text2sql.reader.dates import read_days
from text2sql.reader.draft import Draft

Mode = Literal["at", "around", "from", "until", "range"]
_PARTS = {
    "first_half": (None, 0.5, True, False),
    "second_half": (0.5, None, True, True),
    "beginning": (None, 1 / 3, True, False),
    "middle": (1 / 3, 2 / 3, True, False),
    "ending": (2 / 3, None, True, True),
}
MINUTE_AROUND = 60.0
SECOND_AROUND = 5.0


@dataclass(frozen=True, slots=True)
class Point:
    start: int
    end: int
    seconds: float | None = None  # an offset
    clock: ClockTime | None = None
    precision: Literal["hour", "minute", "second"] = "minute"
    bare: bool = False  # a number whose unit must come from the other end
    edge: str | None = None  # "start" or "end" of the video


def read_times(draft: Draft) -> None:
    _negative(draft)
    read_days(draft)
    wall = _names_the_wall(draft)
    at = 0
    while at < len(draft):
        span = None if draft.taken[at] else _span(draft, at, wall)
        at = span if span else at + 1
    _thirds_and_halves(draft)
    _day_parts(draft)


def _negative(draft: Draft) -> None:
    """-5분: a minus, not the dash of a range."""
    for at in range(1, len(draft)):
        token, before = draft.tokens[at], draft.tokens[at - 1]
        if token.number is None or before.text != "-" or token.space_before or not before.space_before:
            continue
        if at < 2 or not (draft.tokens[at - 2].number is not None or draft.ever(at - 2, "unit")):
            draft.refusals.append("negative_number")


def _names_the_wall(draft: Draft) -> bool:
    return (
        any(t.has("unit", "am", "pm") or t.has("daypart") or t.has("moment") for t in draft.tokens)
        or any(
            t.has("unit", "clock") and at and draft.tokens[at - 1].number is not None
            for at, t in enumerate(draft.tokens)
        )
        or any(draft.facts and fact.kind == "day" for fact in draft.facts)
    )


# --- points ------------------------------------------------------------------------------------------


def point(draft: Draft, at: int, wall: bool) -> Point | None:
    while draft.ever(at, "func", "polite") and draft.tokens[at].text.lower() in ("the", "a", "an", "about"):
        at += 1
    return (
        _moment(draft, at)
        or _clock_with_part(draft, at, wall)
        or _english_unit_first(draft, at)
        or _number_with_unit(draft, at, wall)
        or _colon(draft, at, wall)
        or _half_hour(draft, at)
        or _spoken_clock(draft, at)
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
        clock = ClockTime(int(value), None).in_half(draft.value(at + 1, "unit"))
        return Point(at, at + 2, clock=clock, precision="hour") if _whole(value, 24) else None
    part = _english_part_after(draft, at + 1)
    if part and _whole(value, 24) and _english(draft):
        clock = ClockTime(int(value), None).in_part(part[0])
        return Point(at, part[1], clock=clock, precision="hour")
    return _offset(draft, at, value)


def _english(draft: Draft) -> bool:
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


_OFFSET_UNITS = {"hours": 3600.0, "minute": 60.0, "second": 1.0}


def _offset(draft: Draft, at: int, value: float) -> Point | None:
    """1시간 5분 30초; 10 minutes (and) 30 seconds."""
    seconds, end, precision = 0.0, at, None
    last = 1e9
    number: float | None = value
    while number is not None:
        unit = next((u for u in _OFFSET_UNITS if draft.has(end + 1, "unit", u)), None)
        if unit is None or _OFFSET_UNITS[unit] >= last:
            break
        if precision is not None and number >= 60:
            draft.refusals.append("impossible_time")
        last = _OFFSET_UNITS[unit]
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
            if _OFFSET_UNITS.get(follows, 1e9) < last:
                end += 1
        number = draft.number(end)
    if precision is None:
        return None
    return Point(at, end, seconds=seconds, precision=precision)  # type: ignore[arg-type]


def _english_unit_first(draft: Draft, at: int) -> Point | None:
    """minute 10, minutes 10 (to 15), the 10th minute is read as minute 10 too."""
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
    while draft.ever(end, "func", "polite") and draft.tokens[end].text.lower() in ("a", "an"):
        end += 1
    article = end and draft.tokens[end - 1].text.lower() in ("a", "an", "half", "half an", "half a")
    if not article or not draft.has(end, "unit", "hours", "minute") or not draft.tokens[end].text.isascii():
        return None
    seconds = _OFFSET_UNITS[draft.value(end, "unit")] * share
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


def _bare_number(draft: Draft, at: int) -> Point | None:
    if draft.has(at, "ordinal", "nth"):  # between the 5th and the 10th minute
        return Point(at, at + 1, seconds=draft.tokens[at].number, bare=True)
    value = draft.number(at)
    return Point(at, at + 1, seconds=value, bare=True) if value is not None else None


# --- spans -------------------------------------------------------------------------------------------


def _span(draft: Draft, at: int, wall: bool) -> int | None:
    """Reads the time expression that begins at `at`, if one does; returns where it ends."""
    return (
        _first_or_last(draft, at)
        or _before_the_end(draft, at)
        or _between(draft, at, wall)
        or _prefixed(draft, at, wall)
        or _plain(draft, at, wall)
    )


def _skip(draft: Draft, at: int) -> int:
    while (
        draft.ever(at, "func", "polite")
        and not draft.taken[at]
        and draft.tokens[at].text.lower()
        in (
            "the",
            "a",
            "an",
            "of",
            "in",
            "within",
            "during",
            "for",
            "video",
            "at",
        )
        and not draft.tokens[at].has("neg")
    ):
        at += 1
    return at


def _first_or_last(draft: Draft, at: int) -> int | None:
    """처음 5분, 첫 5분, 마지막 10분, the first five minutes, the last minute."""
    if draft.has(at, "part", "first_half", "second_half") and draft.has(at + 1, "unit", "hours"):
        first = draft.has(at, "part", "first_half")
        said = draft.words(at, at + 2)
        half = (
            OffsetSpan(to=1800.0, said=said)
            if first
            else OffsetSpan(anchor="end", anchor_from=1800.0, said=said)
        )
        draft.add("offset", at, at + 2, half)
        return at + 2
    if not draft.has(at, "order", "first", "last"):
        return None
    first = draft.has(at, "order", "first")
    begin = at + 1
    if not first and draft.ever(at + 1, "rel", "end_of"):
        begin += 1
    length = _offset_at(draft, begin)
    if length is None and draft.has(begin, "unit", "minute", "hours", "second") and _english(draft):
        unit = draft.value(begin, "unit")
        length = Point(begin, begin + 1, seconds=_OFFSET_UNITS[unit])
    if length is None or length.seconds is None:
        return None
    if draft.ever(length.end, "daypart"):
        return None
    end = _trailing(draft, length.end, "between", "within", "until")
    if draft.ever(end, "cmp"):
        return None
    said = draft.words(at, end)
    span = (
        OffsetSpan(to=length.seconds, said=said)
        if first
        else OffsetSpan(anchor="end", anchor_from=length.seconds, said=said)
    )
    draft.add("offset", at, end, span)
    return end


def _offset_at(draft: Draft, at: int) -> Point | None:
    value = draft.number(at)
    return _offset(draft, at, value) if value is not None else _half_hour(draft, at)


def _before_the_end(draft: Draft, at: int) -> int | None:
    """끝나기 전 10분, 끝나기 10분 전, 10 minutes before the end."""
    if draft.has(at, "rel", "end_of"):
        length = _offset_at(draft, at + 1)
        if length and length.seconds is not None:
            end = _trailing(draft, length.end, "until", "between", "from")
            draft.add(
                "offset",
                at,
                end,
                OffsetSpan(anchor="end", anchor_from=length.seconds, said=draft.words(at, end)),
            )
            return end
    length = _offset_at(draft, at)
    if length and length.seconds is not None and draft.has(length.end, "rel", "end_of"):
        end = length.end + 1
        draft.add(
            "offset",
            at,
            end,
            OffsetSpan(anchor="end", anchor_from=length.seconds, said=draft.words(at, end)),
        )
        return end
    return None


def _trailing(draft: Draft, at: int, *relations: str) -> int:
    while draft.has(at, "rel", *relations) or draft.has(at, "josa", "at", "until"):
        if draft.tokens[at].text.isascii():
            break
        at += 1
    return at


def _between(draft: Draft, at: int, wall: bool) -> int | None:
    """Both ends are said: between A and B, from A to B, A~B, A에서 B 사이, A부터 B까지."""
    start = at
    if draft.has(start, "rel", "between", "from") and draft.tokens[start].text.isascii():
        start += 1
    elif at and draft.ever(at - 1, "rel") and draft.tokens[at - 1].text.isascii():
        pass
    start = _skip(draft, start)
    prefix_unit = None
    if draft.has(start, "unit", "minute", "second") and draft.tokens[start].text.isascii():
        prefix_unit = draft.value(start, "unit")
    first = point(draft, start, wall) or _bare_number(draft, start) or _edge(draft, start)
    if first is None:
        return None
    joint = first.end
    opened = False
    closed_by_between = draft.ever(at, "rel", "between")
    if (
        draft.has(joint, "josa", "from")
        or draft.has(joint, "rel", "from")
        or draft.has(joint, "rel", "to")
        or (draft.has(joint, "josa", "at") and draft.tokens[joint].text.startswith("에서"))
    ):
        opened, joint = True, joint + 1
    elif draft.has(joint, "josa", "and") or draft.has(joint, "conj", "and"):
        joint += 1
        opened = closed_by_between
    elif draft.has(joint, "rel", "until") and draft.tokens[joint].text.lower() in (
        "until",
        "till",
        "through",
        "by",
    ):
        opened, joint = True, joint + 1
    else:
        return None
    joint = _skip(draft, joint)
    second = point(draft, joint, wall) or _bare_number(draft, joint) or _edge(draft, joint)
    if second is None or (second.edge == "start"):
        return None
    end = second.end
    closed = (
        draft.has(end, "rel", "between") or draft.has(end, "josa", "until") or draft.has(end, "rel", "until")
    )
    if first.bare and second.bare:
        return None
    if not (opened or closed):
        return None
    if (
        draft.tokens[first.end].has("rel", "from")
        and not draft.tokens[first.end].text.startswith("부터")
        and not closed
    ):
        return None  # "10분 이후 15분에": two expressions
    while draft.has(end, "rel", "between", "until") or draft.has(end, "josa", "until", "at"):
        if draft.tokens[end].text.isascii():
            break
        end += 1
    if first.edge or second.edge:
        return _from_edge(draft, at, end, first, second)
    pair = _same_clock(first, second, prefix_unit)
    if pair is None:
        return None
    _add_range(draft, at, end, *pair)
    return end


def _edge(draft: Draft, at: int) -> Point | None:
    """처음부터 5분까지, from minute 10 to the end."""
    if not draft.has(at, "edge"):
        return None
    return Point(at, at + 1, edge=draft.value(at, "edge"))


def _from_edge(draft: Draft, start: int, end: int, first: Point, second: Point) -> int | None:
    low, high = first.seconds, second.seconds
    if first.clock or second.clock or first.bare or second.bare or first.edge == "end":
        return None
    span = OffsetSpan(low, high, said=draft.words(start, end))
    draft.add("offset", start, end, span)
    return end


def _same_clock(first: Point, second: Point, prefix_unit: str | None) -> tuple[Point, Point] | None:
    """The end that says less takes the rest from the other: 10~15분, 오후 2시에서 3시, 2시 5분에서 10분."""
    if first.clock and second.clock is None and second.seconds is not None:
        if second.bare:
            clock = (
                replace(first.clock, minute=int(second.seconds))
                if first.clock.minute is not None
                else ClockTime(int(second.seconds), None)
            )
            return first, replace(second, clock=clock, seconds=None, bare=False)
        if second.precision == "minute" and second.seconds < 3600:
            clock = replace(first.clock, minute=int(second.seconds // 60))
            return first, replace(second, clock=clock, seconds=None)
        return None
    if second.clock and first.clock is None:
        if first.bare and first.seconds is not None and 0 <= first.seconds <= 24:
            clock = ClockTime(int(first.seconds), None, half=second.clock.half, part=second.clock.part)
            return replace(first, clock=clock, seconds=None, bare=False), second
        return None
    if first.clock and second.clock and second.clock.half and not (first.clock.half or first.clock.fixed):
        return replace(first, clock=_before(first.clock, second.clock)), second
    if first.bare and first.seconds is not None and second.seconds is not None:
        return replace(first, seconds=first.seconds * _factor(second), bare=False), second
    if second.bare and second.seconds is not None:
        factor = 60.0 if prefix_unit == "minute" else _factor(first)
        return first, replace(second, seconds=second.seconds * factor, bare=False)
    return first, second


def _before(first: ClockTime, second: ClockTime) -> ClockTime:
    """between 1:10 and 1:20 pm: both pm, but 11:45 and 12:10 pm: the first am."""
    for half in (second.half, "am", "pm"):
        candidate = replace(first, half=half)
        start = (candidate.hours()[0], candidate.minute or 0)
        if start <= (second.hours()[0], second.minute or 0):
            return candidate
    return replace(first, half=second.half)


def _factor(point_: Point) -> float:
    return {"hour": 3600.0, "minute": 60.0, "second": 1.0}[point_.precision]


def _add_range(draft: Draft, start: int, end: int, first: Point, second: Point) -> None:
    said = draft.words(start, end)
    if first.clock and second.clock:
        draft.add("clock", start, end, ClockRead("range", first.clock, second.clock, said=said))
        return
    assert first.seconds is not None and second.seconds is not None  # noqa: PT018
    if first.seconds > second.seconds:
        draft.refusals.append("contradiction")
    draft.add("offset", start, end, OffsetSpan(first.seconds, second.seconds, said=said))


_BEFORE_WORDS = {"from", "until", "around"}


def _prefixed(draft: Draft, at: int, wall: bool) -> int | None:
    """English: after, since, before, until, around."""
    mode = next(
        (
            m
            for m in ("from", "until", "around")
            if draft.has(at, "rel", m) and draft.tokens[at].text.isascii()
        ),
        None,
    )
    if mode is None:
        return None
    start = _skip(draft, at + 1)
    found = point(draft, start, wall) or _unit_to_come(draft, start)
    if found is None:
        return None
    end = found.end
    if draft.has(end, "rel", "in_video"):
        end = _into_the_video(draft, end)
    if draft.has(end, "rel", "onward"):
        end += 1
    if draft.has(end, "rel", "at") and draft.tokens[end].text.lower() == "mark":
        end += 1
    if draft.tokens[at].text.lower() in ("past", "following", "near", "from", "by") and found.clock is None:
        draft.doubt("loose_time", 0.05)
    _add_point(draft, at, end, found, mode)  # type: ignore[arg-type]
    return end


def _unit_to_come(draft: Draft, at: int) -> Point | None:
    """before 5 and after 10 minutes."""
    value = draft.number(at)
    if value is None or not draft.has(at + 1, "conj", "and") or not draft.has(at + 2, "rel"):
        return None
    later = point(draft, at + 3, wall=False)
    if later is None or later.seconds is None:
        return None
    return Point(at, at + 1, seconds=value * _factor(later), precision=later.precision)


def _into_the_video(draft: Draft, at: int) -> int:
    word = draft.tokens[at].text.lower()
    end = at + 1
    if word == "into":
        while draft.ever(end, "func", "polite") or draft.ever(end, "everywhere"):
            end += 1
            if draft.ever(end - 1, "everywhere"):
                break
        return end
    if word == "in" and (end >= len(draft) or not _names_more(draft, end)):
        return end
    return at if word == "in" else end


def _names_more(draft: Draft, at: int) -> bool:
    return at < len(draft) and not draft.taken[at]


def _plain(draft: Draft, at: int, wall: bool) -> int | None:
    """A point, and what Korean says behind it: 이후, 이전, 쯤, 대, 에."""
    start = at
    if draft.has(start, "rel", "at", "in_video") and draft.tokens[start].text.isascii():
        start = _skip(draft, start + 1)
    found = point(draft, start, wall)
    if found is None or (found.seconds is not None and _is_duration(draft, at, found)):
        return None
    mode: Mode = "at"
    end = found.end
    if draft.has(end, "unit", "decade") and found.precision == "minute" and found.seconds is not None:
        end += 1  # 10분대
    while end < len(draft) and not draft.taken[end] and not draft.tokens[end].text.isascii():
        if draft.has(end, "rel", "around") or draft.has(end, "josa", "around"):
            mode = "around"
        elif draft.has(end, "rel", "from") or draft.has(end, "josa", "from"):
            mode = "from" if mode == "at" else mode
        elif draft.has(end, "rel", "until", "within") or draft.has(end, "josa", "until"):
            mode = "until" if mode == "at" else mode
        elif draft.has(end, "josa", "at") or draft.has(end, "rel", "at"):
            pass
        else:
            break
        end += 1
    while draft.has(end, "rel", "onward", "in_video", "around") or (
        draft.has(end, "rel", "at") and draft.tokens[end].text.lower() == "mark"
    ):
        word = draft.tokens[end].text.lower()
        if draft.has(end, "rel", "onward") and word != "on":
            mode = "from"
        elif draft.has(end, "rel", "around") and word in ("ish", "or so"):
            mode = "around"
        elif draft.has(end, "rel", "in_video"):
            stop = _into_the_video(draft, end)
            if stop == end:
                break
            end = stop
            continue
        elif word != "mark":
            break
        end += 1
    if draft.has(end, "rel", "from", "in_video") and (
        draft.ever(end + 1, "edge") or draft.ever(end + 1, "part")
    ):
        end += 2  # an hour after the start
    _add_point(draft, at, end, found, mode)
    return end


def _is_duration(draft: Draft, at: int, found: Point) -> bool:
    """5분 이상, 30초 동안, for more than a minute: how long, not when."""
    after, before = found.end, at - 1
    return (
        draft.has(after, "cmp")
        or (draft.has(after, "rel", "between") and draft.tokens[after].text.startswith("동안"))
        or (after < len(draft) and draft.tokens[after].text in ("간", "동안"))
        or draft.has(before, "cmp")
        or (
            before >= 0
            and draft.tokens[before].text.lower() in ("for", "within", "every", "lasting", "lasted")
            and not draft.has(after, "rel", "in_video")
        )
    )


def _add_point(draft: Draft, start: int, end: int, found: Point, mode: Mode) -> None:
    said = draft.words(start, end)
    if found.clock:
        draft.add("clock", start, end, ClockRead(mode, found.clock, said=said))
        return
    assert found.seconds is not None
    draft.add("offset", start, end, offset_span(found.seconds, found.precision, mode, said))


def offset_span(seconds: float, precision: str, mode: Mode, said: str) -> OffsetSpan:
    if mode == "from":
        return OffsetSpan(from_=seconds, said=said)
    if mode == "until":
        return OffsetSpan(to=seconds, said=said)
    if mode == "around":
        return OffsetSpan(max(0.0, seconds - MINUTE_AROUND), seconds + MINUTE_AROUND, said=said)
    if precision == "second":
        return OffsetSpan(max(0.0, seconds - SECOND_AROUND), seconds + SECOND_AROUND, said=said)
    return OffsetSpan(seconds, seconds + 60.0, to_inclusive=False, said=said)


# --- parts of the video and of the day ----------------------------------------------------------------


def _thirds_and_halves(draft: Draft) -> None:
    for at in list(draft.find("part")):
        if at and (draft.ever(at - 1, "decade") or draft.ever(at - 1, "unit", "decade")):
            continue  # 30대 후반 is an age
        if draft.ever(at, "place") and draft.tokens[at].text not in ("중간",):
            continue
        if draft.tokens[at].text in ("가운데",):
            continue
        name = draft.value(at, "part")
        start, to, from_in, to_in = _PARTS[name]
        draft.add(
            "offset",
            at,
            at + 1,
            OffsetSpan(
                anchor="fraction",
                anchor_from=start,
                anchor_to=to,
                from_inclusive=from_in,
                to_inclusive=to_in,
                said=draft.tokens[at].text,
            ),
        )


def _day_parts(draft: Draft) -> None:
    for at in list(draft.find("daypart")):
        mode: Mode = "at"
        start, end = at, at + 1
        if at and draft.has(at - 1, "rel", "from", "until") and draft.tokens[at - 1].text.isascii():
            start, mode = at - 1, "from" if draft.has(at - 1, "rel", "from") else "until"
        elif draft.has(end, "rel", "from") or draft.has(end, "josa", "from"):
            mode, end = "from", end + 1
        elif draft.has(end, "rel", "until") or draft.has(end, "josa", "until"):
            mode, end = "until", end + 1
        part = draft.value(at, "daypart")
        if mode == "from" and draft.has(end, "daypart"):
            until = draft.value(end, "daypart")
            stop = end + 1
            if draft.has(stop, "josa", "until") or draft.has(stop, "rel", "until", "between"):
                stop += 1
            said = draft.words(start, stop)
            draft.add("clock", start, stop, ClockRead("parts", part=part, until_part=until, said=said))
            continue
        draft.add(
            "clock", start, end, ClockRead("part", part=part, part_mode=mode, said=draft.words(start, end))
        )
