"""Step 5's other half: the events that an answer rests on, whole."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from apps.api.types import EventRow, Evidence
from semantics import VOCABULARY

MOST_EVIDENCE = 100
MOST_COUNTED = 100_000

_COLUMNS = VOCABULARY.table("db_event").column_names
_LIST = ", ".join(f'"{name}"' for name in _COLUMNS)
# In the order of in_time.
_WHOLE = f"""
    SELECT {_LIST} FROM db_event WHERE id = ANY(%s)
    ORDER BY occurred_at NULLS LAST, video_id, "timestamp", id LIMIT {MOST_EVIDENCE}
"""  # noqa: S608  columns of the vocabulary
# As the guard writes it: every column of the table itself, under its own name, so that nobody can have made
# one of them up.
_OF_E = r", (?P=e)\.".join(f'"?{name}"?' for name in _COLUMNS)
_WHOLE_ROWS = re.compile(rf"SELECT (?P<e>\w+)\.{_OF_E} FROM public\.db_event (?P=e)\b")  # noqa: S608
_SEVERAL = re.compile(r" (UNION|INTERSECT|EXCEPT) ")
_IDS_ALONE = re.compile(r"SELECT (\w+\.)?id( AS id)?")

Row = tuple[Any, ...]


class NoIds(Exception):
    """The evidence SQL returned something else than ids of events."""


def are_whole_events(sql: str) -> bool:
    """Whether the rows of this checked SQL are events as they stand in the table."""
    return _WHOLE_ROWS.match(sql) is not None and _SEVERAL.search(sql) is None


def lists_the_same(sql: str, evidence_sql: str) -> bool:
    """Whether the second is the first with its columns but the id left out. Of SQL whose rows are events."""
    ids, found, rest = evidence_sql.partition(" FROM ")
    return bool(found) and _IDS_ALONE.fullmatch(ids) is not None and sql.partition(" FROM ")[2] == rest


def of_rows(rows: Iterable[Row]) -> Evidence:
    """Of rows that are whole events: nothing is left to ask."""
    events = {row[0]: row for row in rows if row[0] is not None}
    first = sorted((_event(row) for row in events.values()), key=in_time)[:MOST_EVIDENCE]
    return Evidence(tuple(first), len(events))


def of_ids(cursor, ids: Sequence[int], *, more: bool) -> Evidence:
    """`more`: the ids are not all of them."""
    events = whole_events(cursor, ids)
    count = len(events) if not more and len(ids) <= MOST_EVIDENCE else len(ids)
    return Evidence(events, count)


def ids_by(cursor, sql: str) -> tuple[list[int], bool]:
    """→ (ids, whether there are more than were counted)"""
    cursor.execute(sql)
    names = [column.name for column in cursor.description]
    at = names.index("id") if "id" in names else 0
    ids = [row[at] for row in cursor.fetchall()]
    if not all(isinstance(i, int) for i in ids):
        raise NoIds
    return list(dict.fromkeys(ids[:MOST_COUNTED])), len(ids) > MOST_COUNTED


def whole_events(cursor, ids: Sequence[int]) -> tuple[EventRow, ...]:
    if not ids:
        return ()
    cursor.execute(_WHOLE, [list(ids)])
    return tuple(_event(row) for row in cursor.fetchall())


def _event(row: Row) -> EventRow:
    return EventRow(**dict(zip(_COLUMNS, row, strict=True)))


def in_time(event: EventRow) -> tuple[bool, float, int, float, int]:
    """By the wall clock over several videos, those without one last."""
    at = event.occurred_at
    return at is None, at.timestamp() if at else 0.0, event.video_id, event.timestamp, event.id
