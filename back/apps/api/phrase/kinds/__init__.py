"""One function per kind of answer: from what is to be told to rich text. A new kind is one more line here."""

from collections.abc import Callable

from apps.api.phrase.kinds import events, rows, values
from apps.api.phrase.rich import Rich
from apps.api.phrase.telling import Telling

KINDS: dict[str, Callable[[Telling], Rich]] = {
    "existence": events.existence,
    "when": events.when,
    "where": events.where,
    "list": events.listed,
    "who": events.who,
    "first": events.ordered,
    "last": events.ordered,
    "nth": events.ordered,
    "extreme": events.extreme,
    "sequence": events.sequence,
    "absence": events.absence,
    "path": events.path,
    "summary": events.summary,
    "count_events": values.count_events,
    "count_persons": values.count_others,
    "count_vehicles": values.count_others,
    "ratio": values.ratio,
    "average": values.average,
    "total": values.total,
    "attribute": values.attribute,
    "grouping": rows.grouping,
    "most_frequent": rows.most_frequent,
    "comparison": rows.comparison,
    "table": rows.table,
}
