"""Both ends are said: between A and B, A에서 B 사이, 10~15분, from the start until 5:00."""

from dataclasses import replace

from text2sql.query import OffsetSpan
from text2sql.reader.clock_words import ClockRead, ClockTime
from text2sql.reader.draft import Draft
from text2sql.reader.points import Point, bare_number, edge, point, skip, unit_seconds


def between(draft: Draft, at: int, wall: bool) -> int | None:
    """Both ends are said: between A and B, from A to B, A~B, A에서 B 사이, A부터 B까지."""
    start = at
    if draft.has(start, "rel", "between", "from") and draft.tokens[start].text.isascii():
        start += 1
    elif at and draft.ever(at - 1, "rel") and draft.tokens[at - 1].text.isascii():
        pass
    start = skip(draft, start)
    prefix_unit = None
    if draft.has(start, "unit", "minute", "second") and draft.tokens[start].text.isascii():
        prefix_unit = draft.value(start, "unit")
    first = point(draft, start, wall) or bare_number(draft, start) or edge(draft, start)
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
    joint = skip(draft, joint)
    second = point(draft, joint, wall) or bare_number(draft, joint) or edge(draft, joint)
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
            minutes = first.clock.minute is not None and second.seconds > first.clock.minute
            clock = (
                replace(first.clock, minute=int(second.seconds))
                if minutes  # 2시 5분에서 10; but half past one to two
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
            if second.clock.moment:  # eleven to noon, 11 to midnight
                clock = replace(clock, half="am" if second.clock.hour == 12 else "pm")
            return replace(first, clock=clock, seconds=None, bare=False), second
        return None
    if first.clock and second.clock and second.clock.half and not (first.clock.half or first.clock.fixed):
        return replace(first, clock=_before(first.clock, second.clock)), second
    if first.bare and first.seconds is not None and second.seconds is not None:
        return replace(first, seconds=first.seconds * unit_seconds(second), bare=False), second
    if second.bare and second.seconds is not None:
        factor = 60.0 if prefix_unit == "minute" else unit_seconds(first)
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


def _add_range(draft: Draft, start: int, end: int, first: Point, second: Point) -> None:
    said = draft.words(start, end)
    if first.clock and second.clock:
        draft.add("clock", start, end, ClockRead("range", first.clock, second.clock, said=said))
        return
    assert first.seconds is not None and second.seconds is not None  # noqa: PT018
    if first.seconds > second.seconds:
        draft.refusals.append("contradiction")
    draft.add("offset", start, end, OffsetSpan(first.seconds, second.seconds, said=said))
