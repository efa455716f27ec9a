"""One SELECT for each intent, and the one that lists the events it rests on."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import Dialect, exp

from text2sql.compile.building import EVENT_COLUMNS, Pair, list_events
from text2sql.compile.conditions import conditions_of
from text2sql.compile.ordering import extreme, first_or_last, nth
from text2sql.compile.rows import comparison, grouping, most_frequent
from text2sql.compile.steps import absence, sequence
from text2sql.compile.values import attribute, average, count_events, count_persons, count_vehicles, ratio
from text2sql.query import Intent, Query

_POSTGRES = Dialect.get_or_raise("postgres")


@dataclass(frozen=True, slots=True)
class Compiled:
    sql: str
    evidence_sql: str


def compile_query(query: Query) -> Compiled:
    statement, evidence = _BY_INTENT.get(query.intent, _events)(query)
    return Compiled(_text(statement), _text(evidence))


def _text(select: exp.Select) -> str:
    # The tree is made anew for each question, so that no copy has to be spared.
    return _POSTGRES.generate(select, copy=False, normalize_functions="upper")


def _events(query: Query) -> Pair:
    return list_events(query, conditions_of(query))


_BY_INTENT: dict[Intent, Callable[[Query], Pair]] = {
    Intent.FIRST: first_or_last,
    Intent.LAST: first_or_last,
    Intent.NTH: nth,
    Intent.EXTREME: extreme,
    Intent.COUNT_EVENTS: count_events,
    Intent.COUNT_PERSONS: count_persons,
    Intent.COUNT_VEHICLES: count_vehicles,
    Intent.RATIO: ratio,
    Intent.AVERAGE: average,
    Intent.TOTAL: average,
    Intent.ATTRIBUTE: attribute,
    Intent.GROUPING: grouping,
    Intent.MOST_FREQUENT: most_frequent,
    Intent.COMPARISON: comparison,
    Intent.SEQUENCE: sequence,
    Intent.ABSENCE: absence,
}


__all__ = ["EVENT_COLUMNS", "Compiled", "compile_query"]
