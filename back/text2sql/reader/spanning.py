"""Facts as spans of either clock."""

from dataclasses import replace
from datetime import datetime

from text2sql.query import ClockSpan, OffsetSpan
from text2sql.reader.clock import resolve
from text2sql.reader.clock_words import ClockRead
from text2sql.reader.dates import DayRead
from text2sql.reader.draft import Draft
from text2sql.reader.grouping import compared_kind
from text2sql.videos import Video


def offset(draft: Draft, videos: tuple[Video, ...]) -> OffsetSpan | None:
    facts = draft.of("offset")
    if not facts or (compared_kind(draft) == "offset" and "compare" in draft.notes):
        return None
    span: OffsetSpan = facts[0].value
    negated = facts[0].negated
    for fact in facts[1:]:
        merged = _intersect(span, fact.value)
        if merged is None:
            draft.doubt("two_times", 0.45)
            continue
        span = merged
    if span.anchor == "start" and span.from_ is not None and span.to is not None and span.from_ > span.to:
        draft.refusals.append("contradiction")
    return replace(resolve_offset(span, videos), negated=negated)


def resolve_offset(span: OffsetSpan, videos: tuple[Video, ...]) -> OffsetSpan:
    """Seconds where every video in scope has the same length."""
    durations = {video.duration for video in videos}
    duration = durations.pop() if len(durations) == 1 else None
    if span.anchor == "start" or duration is None:
        return span
    if span.anchor == "end":
        start = None if span.anchor_from is None else max(0.0, duration - span.anchor_from)
        return replace(span, from_=start, to=None)
    return replace(
        span,
        from_=None if span.anchor_from is None else _tidy(duration * span.anchor_from),
        to=None if span.anchor_to is None else _tidy(duration * span.anchor_to),
    )


def _tidy(seconds: float) -> float:
    return round(seconds, 6)


def _intersect(a: OffsetSpan, b: OffsetSpan) -> OffsetSpan | None:
    """10분 이후 20분 이전; two unlike anchors do not meet."""
    if a.anchor != "start" or b.anchor != "start":
        return None
    said = f"{a.said} {b.said}".strip()
    if a.to is None and b.from_ is None:
        return OffsetSpan(a.from_, b.to, a.from_inclusive, b.to_inclusive, said=said)
    if a.from_ is None and b.to is None:
        return OffsetSpan(b.from_, a.to, b.from_inclusive, a.to_inclusive, said=said)
    return None


def clock(draft: Draft, videos: tuple[Video, ...], now: datetime) -> ClockSpan | None:
    clocks, days = draft.of("clock"), draft.of("day")
    if not clocks and not days:
        return None
    if len(days) > 1:
        draft.doubt("two_days", 0.45)
    clock: ClockRead | None = clocks[0].value if clocks else None
    if clock and len(clocks) > 1:
        clock = _clock_pair(clock, clocks[1].value)
        if clock is None or len(clocks) > 2:
            draft.doubt("two_times", 0.45)
            clock = clocks[0].value
    day: DayRead | None = days[0].value if days else None
    if day and clock and day.name == "ago":
        draft.doubt("two_times", 0.45)
    negated = any(fact.negated for fact in (*clocks, *days))
    return resolve(clock=clock, day=day, videos=videos, now=now, negated=negated)


def _clock_pair(a: ClockRead, b: ClockRead) -> ClockRead | None:
    """오후 2시 이후 3시 이전."""
    if a.mode == "from" and b.mode == "until":
        return ClockRead("range", a.start, b.start, said=f"{a.said} {b.said}")
    if a.mode == "until" and b.mode == "from":
        return ClockRead("range", b.start, a.start, said=f"{a.said} {b.said}")
    if a.mode == "part" and b.mode != "part" and b.start is not None and a.part:
        start = b.start if b.start.half else b.start.in_part(a.part)
        return replace(b, start=start, said=f"{a.said} {b.said}")
    return None
