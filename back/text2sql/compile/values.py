"""One value: a count, a share, an average, what an attribute is."""

from sqlglot import exp

from text2sql.compile.building import (
    Pair,
    has_measure,
    list_events,
    measured,
    no_vehicles,
    select_from,
    tracks,
)
from text2sql.compile.conditions import (
    aliased,
    all_of,
    clock,
    column,
    conditions_of,
    filters,
    known,
    needs_video,
    number,
    offset,
    select,
)
from text2sql.compile.steps import conditions_of_steps
from text2sql.query import Filters, Intent, Query


def _value(
    query: Query, value: exp.Expression, conditions: list[exp.Expression], evidence: list[exp.Expression]
) -> Pair:
    video = needs_video(query)
    statement = select_from(select(aliased(value, "value")), conditions, video=video)
    return statement, list_events(query, [c.copy() for c in evidence])[1]


def count_events(query: Query) -> Pair:
    conditions = conditions_of_steps(query)
    return _value(query, exp.Count(this=exp.Star()), conditions, conditions)


def count_persons(query: Query) -> Pair:
    conditions = [*conditions_of_steps(query), *no_vehicles(query), known(column("track_id"))]
    return _value(query, tracks(), conditions, conditions)


def count_vehicles(query: Query) -> Pair:
    conditions = [*conditions_of(query), known(column("track_id"))]
    return _value(query, tracks(), conditions, conditions)


def _double(value: exp.Expression) -> exp.Expression:
    return exp.cast(value, "double precision", dialect="postgres")


def ratio(query: Query) -> Pair:
    part = filters(query.part or Filters(), "e")
    if query.part_offset:
        part += offset(query.part_offset, "e")
    if query.part_clock:
        part.append(clock(query.part_clock, "e"))
    part = part or [exp.true()]
    conditions = conditions_of(query)
    matching = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=all_of(part)))
    total = exp.Nullif(this=exp.Count(this=exp.Star()), expression=number(0))
    share = exp.Div(
        this=exp.Mul(this=exp.Literal.number("100.0"), expression=matching), expression=total, typed=True
    )
    value = _double(exp.Paren(this=share))
    return _value(query, value, conditions, [*conditions, *(c.copy() for c in part)])


def average(query: Query) -> Pair:
    measure = query.measure or "duration"
    conditions = [*conditions_of(query), *has_measure(measure, "e")]
    function = exp.Sum if query.intent is Intent.TOTAL else exp.Avg
    return _value(query, _double(function(this=measured(measure, "e"))), conditions, conditions)


def attribute(query: Query) -> Pair:
    measure = query.measure or "age"
    conditions = [*conditions_of(query), *has_measure(measure, "e")]
    statement, evidence = _value(query, measured(measure, "e"), conditions, conditions)
    return statement.distinct(copy=False).order_by(exp.column("value"), copy=False), evidence
