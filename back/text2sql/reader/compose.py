"""Facts and intent put together into the typed query, with how sure the reader is of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from text2sql.query import Filters, Intent, Query, Sequence, VideoChoice
from text2sql.reader.asked import asked
from text2sql.reader.asking import Asked
from text2sql.reader.coverage import coverage
from text2sql.reader.draft import Draft, Fact
from text2sql.reader.filtering import FILTERS, filters_of
from text2sql.reader.joins import Order
from text2sql.reader.kinds import BY_VEHICLE
from text2sql.reader.parting import compare, ratio
from text2sql.reader.spanning import clock, offset
from text2sql.reader.unheard import unheard
from text2sql.semantics_rows import VEHICLE_TYPES
from text2sql.videos import Video


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
    follows: bool,
    inherited: tuple[str, ...],
    earlier_asked: Asked | None,
) -> Query:
    reading = asked(draft)
    if earlier_asked and follows and _asks_nothing(draft, reading):
        reading = earlier_asked
        if "later" in _pointing(draft) and reading.intent in (Intent.LAST, Intent.NTH):
            reading = Asked(Intent.FIRST, asks=reading.asks, limit=1)
    elif earlier_asked and follows and _counts_the_same(draft, reading, earlier_asked):
        reading = replace(reading, intent=earlier_asked.intent, counted=earlier_asked.counted)
    elif earlier_asked and follows and _asks_more_of_it(draft, reading, earlier_asked):
        reading = replace(earlier_asked, asks=reading.asks)
    if reading.intent in (Intent.SEQUENCE, Intent.ABSENCE) and order is None and "absence" not in draft.notes:
        draft.doubt("follow_up_of_a_sequence", 0.5)  # 도난 직후 나간 사람은? 여자는?: of which side?
        reading = replace(reading, intent=Intent.LIST)
    unheard(draft, reading)
    in_scope, choices = _scope(draft, videos, chosen)
    shared, sequence = _sequence(draft, order, reading)
    facts = [fact for fact in draft.facts if fact not in shared]
    filters, excluded = filters_of(facts, draft), filters_of(facts, draft, negated=True)
    if filters.types and set(filters.types) <= set(excluded.types):
        draft.doubt("all_but_itself", 0.5)  # 첫 싸움 말고 나머지 싸움
    if sequence and "others" in draft.notes:
        draft.doubt("another_person", 0.45)
    if sequence:
        if reading.intent in _MEASURED or reading.measure == "duration":
            draft.doubt("measure_of_a_sequence", 0.45)  # 도난 직후 나간 사람 평균 나이
        if reading.intent not in _COUNTED:
            reading = replace(reading, intent=sequence[0])
        filters = Filters(confidence=filters.confidence, tracks=filters.tracks)
        if reading.intent in _COUNTED and not filters:
            filters = sequence[1].then if sequence[0] is Intent.SEQUENCE else sequence[1].first
        excluded = Filters()
    query = Query(
        intent=reading.intent,
        language=draft.language,
        asks=reading.asks,
        filters=filters,
        excluded=excluded,
        videos=tuple(video.id for video in in_scope) if choices or chosen is not None else (),
        video_choices=choices,
        offset=offset(draft, in_scope),
        clock=clock(draft, in_scope, now),
        order=reading.order,  # type: ignore[arg-type]
        limit=reading.limit,
        nth=reading.nth,
        extreme=reading.extreme,
        group_by=reading.group_by,
        counted=reading.counted,  # type: ignore[arg-type]
        measure=reading.measure,
        sequence=sequence[1] if sequence else None,
        follow_up=follows,
        inherited=inherited,
        without_clock=tuple(video.id for video in in_scope if video.recorded_at is None),
        corrected=tuple(f"{t.text} ← {t.corrected_from}" for t in draft.tokens if t.corrected_from),
    )
    query = _by_intent(query, draft, facts)
    person_of = next((fact.value for fact in draft.facts if fact.kind == "person_of"), None)
    if person_of:
        query = replace(query, person_of=filters_of(list(person_of), draft))
    return replace(query, coverage=coverage(query, in_scope))


def _pointing(draft: Draft) -> set[str]:
    return {value for token in draft.tokens for value in token.by_kind.get("ref", ())}


_MORE_OF_IT = (Intent.WHEN, Intent.WHERE, Intent.WHO)
_ONE_OF_THEM = (Intent.FIRST, Intent.LAST, Intent.NTH, Intent.EXTREME)
_POINTED_AT = ("events", "track", "person_of", "only_videos")


def _counts_the_same(draft: Draft, reading: Asked, earlier: Asked) -> bool:
    """ "How many people entered?" "How many were women?": still people."""
    own = any(fact.end and fact.kind in ("type", "group") for fact in draft.facts)
    counted = draft.says("ask", "events") or draft.says("unit", "events")
    return (
        reading.intent is Intent.COUNT_EVENTS
        and earlier.intent is Intent.COUNT_PERSONS
        and not (own or counted)
    )


def _asks_more_of_it(draft: Draft, reading: Asked, earlier: Asked) -> bool:
    """ "When was the first theft?" "Where?": of that one, not of every theft."""
    own = [fact for fact in draft.facts if fact.end or fact.kind in _POINTED_AT]
    pointing = _pointing(draft) & {"person", "time", "later", "earlier"}
    return reading.intent in _MORE_OF_IT and earlier.intent in _ONE_OF_THEM and not own and not pointing


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


_MEASURED = (
    Intent.AVERAGE,
    Intent.TOTAL,
    Intent.RATIO,
    Intent.GROUPING,
    Intent.COMPARISON,
    Intent.COUNT_VEHICLES,
)
_COUNTED = (Intent.COUNT_EVENTS, Intent.COUNT_PERSONS)
_ORDERED = (Intent.FIRST, Intent.LAST, Intent.NTH, Intent.EXTREME, Intent.MOST_FREQUENT)


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
            draft.doubt("count_of_sequence", 0.15 if reading.intent in _COUNTED else 0.5)
        if reading.intent in _ORDERED:  # 첫 도난 후에 나간: the first of the one, or of the other?
            draft.doubt("order_in_sequence", 0.45)
        for side in (order.first, order.then):
            if len({fact.value for fact in side if fact.kind == "type"}) > 1 and not draft.says("conj", "or"):
                draft.doubt("side_of_two", 0.45)  # 훔친 사람이 나간 뒤
        return (*order.first, *order.then), (Intent.SEQUENCE, sequence)
    if "absence" in draft.notes:
        lacking = [f for f in draft.of("type") if f.negated]
        having = [f for f in draft.facts if f.kind in FILTERS and not f.negated]
        if len({f.value for f in having if f.kind == "type"}) > 1 and not draft.says("conj", "or"):
            draft.doubt("side_of_two", 0.45)  # 집고 결제하지 않고 나간: both, not either
        if not any(f.kind in ("type", "group", "word") for f in having):
            draft.doubt("absence_of_whom", 0.5)
        if reading.intent is not Intent.ABSENCE:  # 결제 없이 나간 사람 몇 명
            draft.doubt("count_of_absence", 0.15 if reading.intent in _COUNTED else 0.5)
        without = tuple(replace(f, negated=False) for f in lacking)
        sequence = Sequence(filters_of(having, draft), filters_of(list(without), draft), None, True)
        return (*lacking, *having), (Intent.ABSENCE, sequence)
    return (), None


def _by_intent(query: Query, draft: Draft, facts: list[Fact]) -> Query:
    if (
        query.intent is Intent.COUNT_VEHICLES
        and query.filters.types
        and not set(query.filters.types) & set(VEHICLE_TYPES)
    ):
        draft.doubt("vehicles_of_what", 0.45)  # 몇 대 때렸어
    if query.intent is Intent.COUNT_VEHICLES and not set(query.filters.types) & set(VEHICLE_TYPES):
        words = tuple(w for w in query.filters.words if not _generic_vehicle(w.patterns))
        types = (*query.filters.types, *VEHICLE_TYPES) if not query.filters.types else query.filters.types
        return replace(query, filters=replace(query.filters, types=types, words=words))
    if query.filters.tracks and not any(track.startswith("P") for track in query.filters.tracks):
        query = replace(query, filters=_of_any_track(query.filters))
    if query.intent is Intent.RATIO:
        return ratio(query, draft, facts)
    if query.intent is Intent.COMPARISON:
        return compare(query, draft, facts)
    return query


def _of_any_track(filters: Filters) -> Filters:
    """V02 언제 들어왔어: a track is a person's or a vehicle's, and its number does not say which."""
    twins = tuple(BY_VEHICLE[code] for code in filters.types if code in BY_VEHICLE)
    return replace(filters, types=tuple(dict.fromkeys((*filters.types, *twins))))


def _generic_vehicle(patterns: tuple[str, ...]) -> bool:
    return "차" in patterns and "car" in patterns
