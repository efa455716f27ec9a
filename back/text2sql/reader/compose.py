"""Facts and intent put together into the typed query, with how sure the reader is of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from text2sql.query import (
    AgeRange,
    Bounds,
    ClockSpan,
    Comparison,
    Filters,
    Intent,
    OffsetSpan,
    Query,
    Sequence,
    Side,
    VideoChoice,
)
from text2sql.reader.asked import asked, unheard
from text2sql.reader.asking import Asked
from text2sql.reader.clock import resolve
from text2sql.reader.clock_words import ClockRead
from text2sql.reader.coverage import coverage
from text2sql.reader.dates import DayRead
from text2sql.reader.draft import Draft, Fact
from text2sql.reader.grouping import compared_kind
from text2sql.reader.joins import Order
from text2sql.semantics_rows import GROUPS, VEHICLE_TYPES
from text2sql.videos import Video

_FILTERS = ("type", "group", "gender", "age", "place", "word", "track", "confidence", "duration", "events")


@dataclass(frozen=True, slots=True)
class Composed:
    query: Query
    facts: tuple[Fact, ...]


def compose(
    *,
    draft: Draft,
    order: Order | None,
    videos: tuple[Video, ...],
    chosen: int | None,
    now: datetime,
    inherited: tuple[str, ...],
    earlier_asked: Asked | None,
) -> Query:
    reading = asked(draft)
    if earlier_asked and inherited and _asks_nothing(draft, reading):
        reading = earlier_asked
    unheard(draft, reading)
    in_scope, choices = _scope(draft, videos, chosen)
    shared, sequence = _sequence(draft, order, reading)
    facts = [fact for fact in draft.facts if fact not in shared]
    filters, excluded = filters_of(facts, draft), filters_of(facts, draft, negated=True)
    if sequence:
        reading = replace(reading, intent=sequence[0])
        filters = Filters(confidence=filters.confidence, tracks=filters.tracks)
        excluded = Filters()
    query = Query(
        intent=reading.intent,
        language=draft.language,
        asks=reading.asks,
        filters=filters,
        excluded=excluded,
        videos=tuple(video.id for video in in_scope) if choices or chosen is not None else (),
        video_choices=choices,
        offset=_offset(draft, in_scope),
        clock=_clock(draft, in_scope, now),
        order=reading.order,  # type: ignore[arg-type]
        limit=reading.limit,
        nth=reading.nth,
        extreme=reading.extreme,
        group_by=reading.group_by,
        counted=reading.counted,  # type: ignore[arg-type]
        measure=reading.measure,
        sequence=sequence[1] if sequence else None,
        follow_up=bool(inherited),
        inherited=inherited,
        without_clock=tuple(video.id for video in in_scope if video.recorded_at is None),
        corrected=tuple(f"{t.text} ← {t.corrected_from}" for t in draft.tokens if t.corrected_from),
    )
    query = _by_intent(query, draft, facts)
    person_of = next((fact.value for fact in draft.facts if fact.kind == "person_of"), None)
    if person_of:
        query = replace(query, person_of=filters_of(list(person_of), draft))
    return replace(query, coverage=coverage(query, in_scope))


def _asks_nothing(draft: Draft, reading: Asked) -> bool:
    """여자는?, what about men?: the question before is asked again of others."""
    if reading.intent not in (Intent.LIST, Intent.EXISTENCE):
        return False
    return not (
        draft.says("ask", "list", "yes_no", "happened")
        or draft.says("func", "exist")
        or draft.says("neg", "none")
    )


def _scope(
    draft: Draft, videos: tuple[Video, ...], chosen: int | None
) -> tuple[tuple[Video, ...], tuple[VideoChoice, ...]]:
    said = list(draft.of("video"))
    choices = tuple(fact.value for fact in said if not fact.negated)
    only = {v for fact in draft.facts if fact.kind == "only_videos" for v in fact.value}
    in_scope = videos
    if chosen is not None and not (choices and not any(chosen in choice.video_ids for choice in choices)):
        in_scope = tuple(video for video in videos if video.id == chosen)
    elif choices:
        ids = _narrowest(choices)
        in_scope = tuple(video for video in videos if video.id in ids)
    left_out = {v for fact in said if fact.negated for v in fact.value.video_ids}
    if left_out:
        in_scope = tuple(video for video in in_scope if video.id not in left_out)
        choices = (*choices, *(f.value for f in said if f.negated))
    if only:
        in_scope = tuple(video for video in videos if video.id in only)
        choices = choices or (VideoChoice("", "name", tuple(sorted(only))),)
    return in_scope, choices


def _narrowest(choices: tuple[VideoChoice, ...]) -> set[int]:
    """강남점 CAM-02 is both at once; CAM-01과 CAM-02 is either."""
    by: dict[str, set[int]] = {}
    for choice in choices:
        by.setdefault(choice.by, set()).update(choice.video_ids)
    common = set.intersection(*by.values())
    return common or set.union(*by.values())


def filters_of(facts: list[Fact], draft: Draft, *, negated: bool = False) -> Filters:
    mine = [fact for fact in facts if fact.negated == negated and fact.kind in _FILTERS]
    types = [fact.value for fact in mine if fact.kind == "type"]
    groups = [fact.value for fact in mine if fact.kind == "group"]
    severities: set[int] | None = None
    for code in groups:
        group = GROUPS[code]
        if group.severity is None:
            types += sorted(group.types)
        elif code != "every":
            if severities is None:
                severities = set(group.severity)
            elif code == "incident" or severities == {1, 2}:  # 심각한 사건, dangerous incident
                severities &= set(group.severity)
            else:
                severities = severities & set(group.severity) or severities | set(group.severity)
    return Filters(
        types=_unique(types),
        severities=tuple(sorted(severities or ())),
        group=next((code for code in groups if code != "every"), None),
        genders=_unique(f.value for f in mine if f.kind == "gender"),
        ages=_unique(f.value for f in mine if f.kind == "age"),
        places=_unique(f.value for f in mine if f.kind == "place"),
        words=_unique(f.value for f in mine if f.kind == "word"),
        tracks=_unique(f.value for f in mine if f.kind == "track"),
        event_ids=next((f.value for f in mine if f.kind == "events"), ()),
        confidence=_both([f.value for f in mine if f.kind == "confidence"]),
        duration=_both([f.value for f in mine if f.kind == "duration"]),
    )


def _unique(values):  # type: ignore[no-untyped-def]
    return tuple(dict.fromkeys(values))


def _both(bounds: list[Bounds]) -> Bounds | None:
    if not bounds:
        return None
    result = bounds[0]
    for other in bounds[1:]:
        if other.from_ is not None:
            result = replace(result, from_=other.from_, from_inclusive=other.from_inclusive)
        if other.to is not None:
            result = replace(result, to=other.to, to_inclusive=other.to_inclusive)
    return result


# --- time --------------------------------------------------------------------------------------------


def _offset(draft: Draft, videos: tuple[Video, ...]) -> OffsetSpan | None:
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


def _clock(draft: Draft, videos: tuple[Video, ...], now: datetime) -> ClockSpan | None:
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


# --- what the intent needs ---------------------------------------------------------------------------


def _sequence(
    draft: Draft, order: Order | None, reading: Asked
) -> tuple[tuple[Fact, ...], tuple[Intent, Sequence] | None]:
    within = next((fact.value for fact in draft.of("within")), 60.0)
    if order and reading.intent not in (Intent.COMPARISON, Intent.RATIO, Intent.GROUPING):
        same = not draft.says("samep", "any")
        sequence = Sequence(
            filters_of(list(order.first), draft), filters_of(list(order.then), draft), within, same
        )
        if draft.says("ask", "how_many", "events", "persons"):
            draft.doubt("count_of_sequence", 0.5)
        return (*order.first, *order.then), (Intent.SEQUENCE, sequence)
    if reading.intent is Intent.ABSENCE:
        lacking = [f for f in draft.of("type") if f.negated]
        having = [f for f in draft.facts if f.kind in _FILTERS and not f.negated]
        without = tuple(replace(f, negated=False) for f in lacking)
        sequence = Sequence(filters_of(having, draft), filters_of(list(without), draft), None, True)
        return (*lacking, *having), (Intent.ABSENCE, sequence)
    return (), None


def _by_intent(query: Query, draft: Draft, facts: list[Fact]) -> Query:
    if query.intent is Intent.COUNT_VEHICLES and not set(query.filters.types) & set(VEHICLE_TYPES):
        words = tuple(w for w in query.filters.words if not _generic_vehicle(w.patterns))
        types = (*query.filters.types, *VEHICLE_TYPES) if not query.filters.types else query.filters.types
        return replace(query, filters=replace(query.filters, types=types, words=words))
    if query.intent is Intent.RATIO:
        return _ratio(query, draft, facts)
    if query.intent is Intent.COMPARISON:
        return _compare(query, draft, facts)
    return query


def _generic_vehicle(patterns: tuple[str, ...]) -> bool:
    return "차" in patterns and "car" in patterns


_PART_KINDS = ("gender", "age", "word", "confidence", "duration", "place", "type", "group", "track")


def _ratio(query: Query, draft: Draft, facts: list[Fact]) -> Query:
    filtering = [fact for fact in facts if fact.kind in _FILTERS and not fact.negated]
    what = sorted((f for f in filtering if f.kind in ("type", "group")), key=lambda f: f.start)
    rest = [fact for fact in filtering if fact.kind not in ("type", "group")]
    whole: list[Fact] = []
    part: list[Fact] = []
    if len(what) >= 2:
        whole, part = [what[0]], [*what[1:], *rest]
    elif what and rest:
        by_person = [
            fact for fact in rest if fact.kind in ("gender", "age", "word", "confidence", "duration")
        ]
        by_place = [fact for fact in rest if fact not in by_person]
        if by_person and not _said_first(by_person, what[0], draft):
            whole, part = [*what, *by_place], by_person
        elif by_person:
            whole, part = [*by_person, *by_place], what
        else:
            whole, part = (by_place, what) if by_place[0].start < what[0].start else (what, by_place)
    else:
        part = [*what, *rest]
    if not part:
        draft.doubt("ratio_of_what", 0.5)
    return replace(query, filters=filters_of(whole, draft), part=filters_of(part, draft))


def _said_first(persons: list[Fact], what: Fact, draft: Draft) -> bool:
    """ "여자 중에서 도난 비율": the people are the whole."""
    first = persons[0]
    return first.start < what.start and any(
        draft.ever(at, "compare", "vs") for at in range(first.end, what.start)
    )


def _compare(query: Query, draft: Draft, facts: list[Fact]) -> Query:
    kind = compared_kind(draft) or "gender"
    mine = [
        fact
        for fact in facts
        if not fact.negated and (fact.kind == kind or (kind == "group" and fact.kind == "type"))
    ]
    rest = [fact for fact in facts if fact not in mine]
    if kind == "gender" and not mine:
        mine = [Fact("gender", 0, 0, "male"), Fact("gender", 0, 0, "female")]
    sides = tuple(
        Side(
            label=_label(fact),
            said=draft.words(fact.start, fact.end) or str(fact.value),
            filters=filters_of([fact], draft),
            video_ids=fact.value.video_ids if fact.kind == "video" else (),
        )
        for fact in _distinct(mine)
    )
    by = {"video": "camera", "offset": "time", "clock": "time"}.get(kind, kind)
    if kind in ("offset", "clock"):
        draft.doubt("compare_times", 0.5)
    return replace(
        query,
        filters=filters_of(rest, draft),
        compare=Comparison(by, sides),  # type: ignore[arg-type]
        clock=None if kind == "clock" else query.clock,
        offset=None if kind == "offset" else query.offset,
    )


def _distinct(facts: list[Fact]) -> list[Fact]:
    seen: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda f: f.start):
        seen.setdefault(_label(fact), fact)
    return list(seen.values())


def _label(fact: Fact) -> str:
    if fact.kind in ("type", "group", "gender"):
        return str(fact.value)
    if isinstance(fact.value, AgeRange):
        return fact.value.said
    return str(getattr(fact.value, "said", fact.value))
