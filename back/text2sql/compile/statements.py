"""One SELECT for each intent, and the one that lists the events it rests on."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from text2sql.compile.conditions import (
    aliased,
    all_of,
    among,
    any_of,
    column,
    conditions_of,
    events,
    exists,
    filters,
    known,
    lasting,
    needs_video,
    number,
    same_person,
    select,
    string,
    table,
)
from text2sql.query import Filters, Intent, Measure, Query, Side
from text2sql.semantics_rows import VEHICLE_TYPES

EVENT_COLUMNS = (
    "id",
    "video_id",
    "timestamp",
    "end_timestamp",
    "occurred_at",
    "event_type",
    "severity",
    "action_detected",
    "location",
    "age",
    "gender",
    "confidence",
    "track_id",
    "description",
)


@dataclass(frozen=True, slots=True)
class Compiled:
    sql: str
    evidence_sql: str


def compile_query(query: Query) -> Compiled:
    statement, evidence = _BY_INTENT.get(query.intent, _events)(query)
    return Compiled(_text(statement), _text(evidence))


def _text(select: exp.Select) -> str:
    return select.sql(dialect="postgres", normalize_functions="upper")


Pair = tuple[exp.Select, exp.Select]
_Best = type[exp.Max] | type[exp.Min]


# --- building blocks -------------------------------------------------------------------------------


def _from(
    select: exp.Select, conditions: list[exp.Expression], *, video: bool, alias: str = "e"
) -> exp.Select:
    select = select.from_(events(alias), copy=False)
    if video:
        join = exp.EQ(this=column("id", "v"), expression=column("video_id", alias))
        select = select.join(table("db_video", "v"), on=join, copy=False)
    return select.where(all_of(conditions), copy=False) if conditions else select


def _whole(alias: str = "e") -> exp.Select:
    return select(*(column(name, alias) for name in EVENT_COLUMNS))


def _ids(alias: str = "e") -> exp.Select:
    return select(aliased(column("id", alias), "id"))


def _time_order(query: Query, alias: str = "e", *, descending: bool = False) -> list[exp.Expression]:
    """Over several videos that of the wall clock, videos without one last."""
    keys = ["timestamp", "id"]
    if len(query.videos) != 1:
        keys = ["occurred_at", "video_id", *keys]
    return [exp.Ordered(this=column(key, alias), desc=descending, nulls_first=False) for key in keys]


def _listed(query: Query, conditions: list[exp.Expression], *, video: bool = False, alias: str = "e") -> Pair:
    video = video or needs_video(query)
    order = _time_order(query, alias)
    return (
        _from(_whole(alias), conditions, video=video, alias=alias).order_by(*order, copy=False),
        _from(_ids(alias), conditions, video=video, alias=alias).order_by(
            *[o.copy() for o in order], copy=False
        ),
    )


def _events(query: Query) -> Pair:
    return _listed(query, conditions_of(query))


# --- order and extremes ----------------------------------------------------------------------------


def _first_or_last(query: Query) -> Pair:
    descending = query.order == "time_desc"
    if query.limit and query.limit > 1:
        return _several(query, query.limit, descending)
    best = exp.Max if descending else exp.Min
    conditions = conditions_of(query)
    several = len(query.videos) != 1
    if not several:
        conditions.append(_is_best(query, best, "timestamp"))
        return _listed(query, conditions)
    by_clock = _is_best(query, best, "occurred_at")
    if query.without_clock:
        nowhere = exp.Is(this=_best(query, best, "occurred_at"), expression=exp.Null())
        by_clock = any_of([by_clock, all_of([nowhere, _is_best(query, best, "timestamp")])])
    return _listed(query, [*conditions, by_clock])


def _best(query: Query, best: _Best, name: str) -> exp.Expression:
    inner = _from(
        select(best(this=column(name, "x"))),
        conditions_of(query, "x"),
        video=needs_video(query),
        alias="x",
    )
    return exp.Subquery(this=inner)


def _is_best(query: Query, best: _Best, name: str) -> exp.Expression:
    return exp.EQ(this=column(name), expression=_best(query, best, name))


def _several(query: Query, limit: int, descending: bool) -> Pair:
    """The last five are found from the end and shown in time order."""
    inner = _from(_whole(), conditions_of(query), video=needs_video(query)).order_by(
        *_time_order(query, descending=descending), copy=False
    )
    return _reordered(query, inner.limit(limit, copy=False))


def _reordered(query: Query, inner: exp.Select) -> Pair:
    def outer(select: exp.Select) -> exp.Select:
        return select.from_(
            exp.Subquery(this=inner.copy(), alias=exp.TableAlias(this=exp.to_identifier("t"))), copy=False
        ).order_by(*_time_order(query, "t"), copy=False)

    return outer(_whole("t")), outer(_ids("t"))


def _nth(query: Query) -> Pair:
    order = _time_order(query, descending=query.order == "time_desc")
    video = needs_video(query)

    def cut(select: exp.Select) -> exp.Select:
        built = _from(select, conditions_of(query), video=video)
        return (
            built.order_by(*[o.copy() for o in order], copy=False)
            .limit(1, copy=False)
            .offset((query.nth or 1) - 1, copy=False)
        )

    return cut(_whole()), cut(_ids())


def _measured(measure: Measure | str, alias: str) -> exp.Expression:
    return lasting(alias) if measure == "duration" else column(str(measure), alias)


def _has_measure(measure: Measure | str, alias: str) -> list[exp.Expression]:
    return [known(column("end_timestamp" if measure == "duration" else str(measure), alias))]


def _extreme(query: Query) -> Pair:
    assert query.extreme is not None
    of, most = query.extreme.of, query.extreme.end == "most"
    conditions = [*conditions_of(query), *_has_measure(of, "e")]
    if (query.limit and query.limit > 1) or query.nth:
        inner = _from(_whole(), conditions, video=needs_video(query)).order_by(
            exp.Ordered(this=_measured(of, "e"), desc=most, nulls_first=False),
            *_time_order(query),
            copy=False,
        )
        inner = inner.limit(query.limit or 1, copy=False)
        if query.nth:
            inner = inner.offset(query.nth - 1, copy=False)
        return _reordered(query, inner)
    best = exp.Max if most else exp.Min
    inner = _from(
        select(best(this=_measured(of, "x"))),
        [*conditions_of(query, "x"), *_has_measure(of, "x")],
        video=needs_video(query),
        alias="x",
    )
    conditions.append(exp.EQ(this=_measured(of, "e"), expression=exp.Subquery(this=inner)))
    return _listed(query, conditions)


# --- one value -------------------------------------------------------------------------------------


def _value(
    query: Query, value: exp.Expression, conditions: list[exp.Expression], evidence: list[exp.Expression]
) -> Pair:
    video = needs_video(query)
    statement = _from(select(aliased(value, "value")), conditions, video=video)
    return statement, _listed(query, [c.copy() for c in evidence])[1]


def _count_events(query: Query) -> Pair:
    conditions = conditions_of(query)
    return _value(query, exp.Count(this=exp.Star()), conditions, conditions)


def _tracks(alias: str = "e") -> exp.Expression:
    pair = exp.Tuple(expressions=[column("video_id", alias), column("track_id", alias)])
    return exp.Count(this=exp.Distinct(expressions=[pair]))


def _no_vehicles(query: Query) -> list[exp.Expression]:
    types = set(query.filters.types)
    if types and not types & set(VEHICLE_TYPES):
        return []
    codes = [string(code) for code in VEHICLE_TYPES]
    return [exp.Not(this=exp.In(this=column("event_type"), expressions=codes))]


def _count_persons(query: Query) -> Pair:
    conditions = [*conditions_of(query), *_no_vehicles(query), known(column("track_id"))]
    return _value(query, _tracks(), conditions, conditions)


def _count_vehicles(query: Query) -> Pair:
    conditions = [*conditions_of(query), known(column("track_id"))]
    return _value(query, _tracks(), conditions, conditions)


def _double(value: exp.Expression) -> exp.Expression:
    return exp.cast(value, "double precision", dialect="postgres")


def _ratio(query: Query) -> Pair:
    part = filters(query.part or Filters(), "e") or [exp.true()]
    conditions = conditions_of(query)
    matching = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=all_of(part)))
    total = exp.Nullif(this=exp.Count(this=exp.Star()), expression=number(0))
    share = exp.Div(
        this=exp.Mul(this=exp.Literal.number("100.0"), expression=matching), expression=total, typed=True
    )
    value = _double(exp.Paren(this=share))
    return _value(query, value, conditions, [*conditions, *(c.copy() for c in part)])


def _average(query: Query) -> Pair:
    measure = query.measure or "duration"
    conditions = [*conditions_of(query), *_has_measure(measure, "e")]
    function = exp.Sum if query.intent is Intent.TOTAL else exp.Avg
    return _value(query, _double(function(this=_measured(measure, "e"))), conditions, conditions)


def _attribute(query: Query) -> Pair:
    measure = query.measure or "age"
    conditions = [*conditions_of(query), *_has_measure(measure, "e")]
    statement, evidence = _value(query, _measured(measure, "e"), conditions, conditions)
    return statement.distinct(copy=False).order_by(exp.column("value"), copy=False), evidence


# --- rows ------------------------------------------------------------------------------------------


def _label(query: Query) -> tuple[exp.Expression, list[exp.Expression], bool]:
    """(the label, what must be known for it, whether it needs the video)."""
    local = exp.Paren(this=exp.AtTimeZone(this=column("occurred_at"), zone=column("timezone", "v")))
    whole = "int"
    by: dict[str, Callable[[], tuple[exp.Expression, list[exp.Expression], bool]]] = {
        "type": lambda: (column("event_type"), [], False),
        "place": lambda: (column("location"), [known(column("location"))], False),
        "gender": lambda: (column("gender"), [], False),
        "severity": lambda: (column("severity"), [], False),
        "track": lambda: (column("track_id"), [known(column("track_id"))], False),
        "age_decade": lambda: (
            exp.Mul(
                this=exp.Paren(this=exp.Div(this=column("age"), expression=number(10), typed=True)),
                expression=number(10),
            ),
            [known(column("age"))],
            False,
        ),
        "minute": lambda: (
            exp.cast(
                exp.Floor(this=exp.Div(this=column("timestamp"), expression=number(60), typed=True)),
                whole,
                dialect="postgres",
            ),
            [],
            False,
        ),
        "hour": lambda: (
            exp.cast(exp.Extract(this=exp.var("HOUR"), expression=local), whole, dialect="postgres"),
            [known(column("occurred_at"))],
            True,
        ),
        "date": lambda: (exp.cast(local, "date", dialect="postgres"), [known(column("occurred_at"))], True),
        "camera": lambda: (column("camera", "v"), [], True),
        "video": lambda: (column("name", "v"), [], True),
        "site": lambda: (column("site", "v"), [], True),
    }
    return by[query.group_by or "type"]()


def _count(query: Query) -> tuple[exp.Expression, list[exp.Expression]]:
    if query.counted == "persons":
        return _tracks(), [*_no_vehicles(query), known(column("track_id"))]
    if query.counted == "vehicles":
        return _tracks(), [known(column("track_id"))]
    return exp.Count(this=exp.Star()), []


def _groups(query: Query) -> tuple[exp.Select, exp.Select]:
    label, must, video = _label(query)
    count, further = _count(query)
    conditions = [*conditions_of(query), *must, *further]
    video = video or needs_video(query)
    statement = _from(select(aliased(label, "label"), aliased(count, "n")), conditions, video=video).group_by(
        number(1), copy=False
    )
    evidence = _listed(query, [c.copy() for c in conditions], video=video)[1]
    return statement, evidence


def _by_number(*, fewest: bool = False) -> list[exp.Expression]:
    return [exp.Ordered(this=exp.column("n"), desc=not fewest), exp.Ordered(this=exp.column("label"))]


def _grouping(query: Query) -> Pair:
    statement, evidence = _groups(query)
    return statement.order_by(*_by_number(), copy=False), evidence


def _most_frequent(query: Query) -> Pair:
    groups, evidence = _groups(query)
    best = exp.Min if query.order == "fewest" else exp.Max
    top = select(best(this=exp.column("n", "g"))).from_("g", copy=False)
    statement = (
        select(exp.column("label", "g"), exp.column("n", "g"))
        .from_("g", copy=False)
        .where(exp.EQ(this=exp.column("n", "g"), expression=exp.Subquery(this=top)), copy=False)
        .order_by(exp.column("label", "g"), copy=False)
        .with_("g", as_=groups, copy=False)
    )
    return statement, evidence


def _comparison(query: Query) -> Pair:
    assert query.compare is not None
    sides = query.compare.sides
    label, video = _side_label(query, sides)
    count, further = _count(query)
    either = any_of([_side(side) for side in sides])
    conditions = [*conditions_of(query), either, *further]
    video = video or needs_video(query)
    statement = (
        _from(select(aliased(label, "label"), aliased(count, "n")), conditions, video=video)
        .group_by(number(1), copy=False)
        .order_by(*_by_number(fewest=query.order == "fewest"), copy=False)
    )
    return statement, _listed(query, [c.copy() for c in conditions], video=video)[1]


def _side(side: Side) -> exp.Expression:
    if side.video_ids:
        return among(column("video_id"), [number(video) for video in side.video_ids])
    found = filters(side.filters, "e") or [exp.true()]
    return found[0] if len(found) == 1 else exp.Paren(this=all_of(found))


def _side_label(query: Query, sides: tuple[Side, ...]) -> tuple[exp.Expression, bool]:
    assert query.compare is not None
    if query.compare.by == "camera":
        choices = {choice.by for choice in query.video_choices}
        return column("site" if choices == {"site"} else "camera", "v"), True
    if all(len(side.filters.types) == 1 and not side.filters.severities for side in sides):
        return column("event_type"), False
    if query.compare.by == "gender":
        return column("gender"), False
    case = exp.Case()
    for side in sides:
        case = case.when(_side(side), string(side.label), copy=False)
    return case, False


# --- one after another -----------------------------------------------------------------------------


def _sequence(query: Query) -> Pair:
    """The Bs of the same person (unless any will do), 0 to N seconds after an A that is not that B."""
    assert query.sequence is not None
    steps = query.sequence
    after = exp.Sub(this=column("timestamp"), expression=column("timestamp", "a"))
    linked: list[exp.Expression] = [
        same_person("e", "a")
        if steps.same_person
        else exp.EQ(this=column("video_id", "a"), expression=column("video_id")),
        *filters(steps.first, "a"),
        exp.NEQ(this=column("id", "a"), expression=column("id")),
    ]
    if steps.within is None:
        linked.append(exp.GTE(this=after, expression=number(0)))
    else:
        linked.append(exp.Between(this=after, low=number(0), high=number(steps.within)))
    conditions = [*conditions_of(query), *filters(steps.then, "e"), exists(linked, "a")]
    return _listed(query, conditions)


def _absence(query: Query) -> Pair:
    assert query.sequence is not None
    lacking = exists([same_person("e", "b"), *filters(query.sequence.then, "b")], "b")
    conditions = [
        *conditions_of(query),
        *filters(query.sequence.first, "e"),
        known(column("track_id")),
        exp.Not(this=lacking),
    ]
    return _listed(query, conditions)


_BY_INTENT: dict[Intent, Callable[[Query], Pair]] = {
    Intent.FIRST: _first_or_last,
    Intent.LAST: _first_or_last,
    Intent.NTH: _nth,
    Intent.EXTREME: _extreme,
    Intent.COUNT_EVENTS: _count_events,
    Intent.COUNT_PERSONS: _count_persons,
    Intent.COUNT_VEHICLES: _count_vehicles,
    Intent.RATIO: _ratio,
    Intent.AVERAGE: _average,
    Intent.TOTAL: _average,
    Intent.ATTRIBUTE: _attribute,
    Intent.GROUPING: _grouping,
    Intent.MOST_FREQUENT: _most_frequent,
    Intent.COMPARISON: _comparison,
    Intent.SEQUENCE: _sequence,
    Intent.ABSENCE: _absence,
}

__all__ = ["EVENT_COLUMNS", "Compiled", "compile_query"]
