"""The first, the last, the nth, and the extremes."""

from sqlglot import exp

from text2sql.compile.building import (
    Best,
    Pair,
    event_ids,
    has_measure,
    list_events,
    measured,
    select_from,
    time_order,
    whole_events,
)
from text2sql.compile.conditions import all_of, any_of, column, conditions_of, needs_video, select
from text2sql.query import Query


def first_or_last(query: Query) -> Pair:
    descending = query.order == "time_desc"
    if query.limit and query.limit > 1:
        return _several(query, query.limit, descending)
    best = exp.Max if descending else exp.Min
    conditions = conditions_of(query)
    several = len(query.videos) != 1
    if not several:
        conditions.append(_is_best(query, best, "timestamp"))
        return list_events(query, conditions)
    by_clock = _is_best(query, best, "occurred_at")
    if query.without_clock:
        nowhere = exp.Is(this=_best(query, best, "occurred_at"), expression=exp.Null())
        by_clock = any_of([by_clock, all_of([nowhere, _is_best(query, best, "timestamp")])])
    return list_events(query, [*conditions, by_clock])


def _best(query: Query, best: Best, name: str) -> exp.Expression:
    inner = select_from(
        select(best(this=column(name, "x"))),
        conditions_of(query, "x"),
        video=needs_video(query),
        alias="x",
    )
    return exp.Subquery(this=inner)


def _is_best(query: Query, best: Best, name: str) -> exp.Expression:
    return exp.EQ(this=column(name), expression=_best(query, best, name))


def _several(query: Query, limit: int, descending: bool) -> Pair:
    """The last five are found from the end and shown in time order."""
    inner = select_from(whole_events(), conditions_of(query), video=needs_video(query)).order_by(
        *time_order(query, descending=descending), copy=False
    )
    return _reordered(query, inner.limit(limit, copy=False))


def _reordered(query: Query, inner: exp.Select) -> Pair:
    def outer(select: exp.Select) -> exp.Select:
        return select.from_(
            exp.Subquery(this=inner.copy(), alias=exp.TableAlias(this=exp.to_identifier("t"))), copy=False
        ).order_by(*time_order(query, "t"), copy=False)

    return outer(whole_events("t")), outer(event_ids("t"))


def nth(query: Query) -> Pair:
    order = time_order(query, descending=query.order == "time_desc")
    video = needs_video(query)

    def cut(select: exp.Select) -> exp.Select:
        built = select_from(select, conditions_of(query), video=video)
        return (
            built.order_by(*[o.copy() for o in order], copy=False)
            .limit(1, copy=False)
            .offset((query.nth or 1) - 1, copy=False)
        )

    return cut(whole_events()), cut(event_ids())


def extreme(query: Query) -> Pair:
    assert query.extreme is not None
    of, most = query.extreme.of, query.extreme.end == "most"
    conditions = [*conditions_of(query), *has_measure(of, "e")]
    if (query.limit and query.limit > 1) or query.nth:
        inner = select_from(whole_events(), conditions, video=needs_video(query)).order_by(
            exp.Ordered(this=measured(of, "e"), desc=most, nulls_first=False),
            *time_order(query),
            copy=False,
        )
        inner = inner.limit(query.limit or 1, copy=False)
        if query.nth:
            inner = inner.offset(query.nth - 1, copy=False)
        return _reordered(query, inner)
    best = exp.Max if most else exp.Min
    inner = select_from(
        select(best(this=measured(of, "x"))),
        [*conditions_of(query, "x"), *has_measure(of, "x")],
        video=needs_video(query),
        alias="x",
    )
    conditions.append(exp.EQ(this=measured(of, "e"), expression=exp.Subquery(this=inner)))
    return list_events(query, conditions)
