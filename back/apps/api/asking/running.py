"""Steps 4 and 5: the guard re-writes the SQL, the reader runs it; the events behind it are read whole."""

import datetime
import decimal
import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg2
from psycopg2 import errorcodes

from apps.api.asking.freshness import is_current
from apps.api.guard import RefusedSql, check
from apps.api.types import EventRow, Evidence, Plan, Result
from apps.db.reader import reader
from semantics import VOCABULARY

MOST_ROWS = 500
MOST_EVIDENCE = 100
MOST_COUNTED = 100_000
MOST_BYTES = 2 * 1024 * 1024
LONGEST_CELL = 10_000

_COLUMNS = VOCABULARY.table("db_event").column_names
_LIST = ", ".join(f'"{name}"' for name in _COLUMNS)
# By the wall clock over several videos, those without one last.
_WHOLE = f"""
    SELECT {_LIST} FROM db_event WHERE id = ANY(%s)
    ORDER BY occurred_at NULLS LAST, video_id, "timestamp", id LIMIT {MOST_EVIDENCE}
"""  # noqa: S608  columns of the vocabulary


class SqlFailed(Exception):
    """The SQL was refused or failed; the message may go back to whoever wrote it.

    It quotes the SQL, and so perhaps the question: a log gets `code`, the guard's or PostgreSQL's.
    """

    def __init__(self, message: str, *, sql: str, code: str, refused: bool = False) -> None:
        super().__init__(message)
        self.sql = sql
        self.code = code
        self.refused = refused


class ReaderAway(Exception):
    """The database of the reader cannot be reached: no other SQL would do better."""


_AWAY = {errorcodes.ADMIN_SHUTDOWN, errorcodes.CRASH_SHUTDOWN, errorcodes.CANNOT_CONNECT_NOW}


def run_plan(plan: Plan, *, versions: Mapping[int, str]) -> tuple[Plan, Result, Evidence, bool]:
    """The plan with its SQL as it ran, what it returned, the events that the answer rests on, and whether all
    this is of the versions that were read. The videos of `versions` are the scope.
    """
    checked = _checked(plan.sql, MOST_ROWS)
    evidence_sql = _checked(plan.evidence_sql, MOST_COUNTED) if plan.evidence_sql else None
    try:
        with reader(video_ids=versions) as cursor:
            current = is_current(cursor, versions)
            result = _rows(cursor, checked, MOST_ROWS)
            ids, more = _event_ids(cursor, evidence_sql, result)
            events = whole_events(cursor, ids)
    except psycopg2.Error as error:
        if error.pgcode is None or error.pgcode in _AWAY:
            raise ReaderAway(type(error).__name__) from error
        message = (error.diag.message_primary or "the SQL failed").strip()
        hint = error.diag.message_hint
        raise SqlFailed(f"{message} {hint}" if hint else message, sql=plan.sql, code=error.pgcode) from error
    count = len(events) if not more and len(ids) <= MOST_EVIDENCE else len(ids)
    ran = Plan(
        kind=plan.kind, sql=checked, evidence_sql=evidence_sql or "", reason=plan.reason, query=plan.query,
        intent=plan.intent, engine=plan.engine, model=plan.model,
    )  # fmt: skip
    return ran, result, Evidence(events, count), current


# The same text gets the same verdict; a refusal is not remembered.
_check = lru_cache(maxsize=512)(check)


def _checked(sql: str, max_rows: int) -> str:
    try:
        return _check(sql, max_rows=max_rows).sql
    except RefusedSql as refusal:
        raise SqlFailed(str(refusal), sql=sql, code=refusal.code, refused=True) from refusal


def _rows(cursor, sql: str, most: int) -> Result:
    cursor.execute(sql)
    columns = tuple(column.name for column in cursor.description)
    rows: list[tuple[Any, ...]] = []
    size = 0
    truncated = False
    for row in cursor:
        cells = tuple(json_safe(cell) for cell in row)
        size += sum(len(cell) if isinstance(cell, str) else 16 for cell in cells)
        if len(rows) >= most or size > MOST_BYTES:
            truncated = True
            break
        rows.append(cells)
    return Result(columns, tuple(rows), truncated)


def _event_ids(cursor, sql: str | None, result: Result) -> tuple[list[int], bool]:
    """→ (ids, whether there are more than were counted)"""
    if sql is None:
        if "id" not in result.columns:
            return [], False
        at = result.columns.index("id")
        return [row[at] for row in result.rows if isinstance(row[at], int)], result.truncated
    cursor.execute(sql)
    names = [column.name for column in cursor.description]
    at = names.index("id") if "id" in names else 0
    ids = [row[at] for row in cursor.fetchall()]
    if not all(isinstance(i, int) for i in ids):
        raise SqlFailed("the evidence SQL must return the ids of events", sql=sql, code="no_ids")
    return list(dict.fromkeys(ids[:MOST_COUNTED])), len(ids) > MOST_COUNTED


def whole_events(cursor, ids: Sequence[int]) -> tuple[EventRow, ...]:
    if not ids:
        return ()
    cursor.execute(_WHOLE, [list(ids)])
    return tuple(EventRow(**dict(zip(_COLUMNS, row, strict=True))) for row in cursor.fetchall())


def json_safe(cell: Any) -> Any:
    match cell:
        case None | bool() | int():
            return cell
        case float():
            return cell if cell == cell and abs(cell) != float("inf") else None
        case decimal.Decimal():
            if not cell.is_finite():
                return None
            return int(cell) if cell == cell.to_integral_value() and abs(cell) < 2**53 else float(cell)
        case str():
            return cell[:LONGEST_CELL]
        case datetime.datetime() | datetime.date() | datetime.time():
            return cell.isoformat()
        case datetime.timedelta():
            return cell.total_seconds()
        case list() | tuple():
            return [json_safe(member) for member in cell[:1000]]
        case uuid.UUID():
            return str(cell)
    return str(cell)[:LONGEST_CELL]
