"""Steps 4 and 5: the guard re-writes the SQL, the reader runs it; the events behind it are read whole."""

import datetime
import decimal
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import psycopg2
from psycopg2 import errorcodes

from apps.api.asking import evidence
from apps.api.asking.evidence import MOST_COUNTED
from apps.api.asking.freshness import is_current
from apps.api.guard import CheckedSql, RefusedSql, check
from apps.api.types import Evidence, Plan, Result
from apps.db.reader import is_elsewhere, reader, reading

MOST_ROWS = 500
MOST_BYTES = 2 * 1024 * 1024
LONGEST_CELL = 10_000


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
    guarded = _guarded(plan.sql, MOST_ROWS)
    checked = guarded.sql
    evidence_sql = _evidence_sql(plan, checked)
    current = True
    try:
        if evidence_sql or is_elsewhere() or (alone := _list(checked, versions)) is None:
            with reader(video_ids=versions) as cursor:
                current = is_current(cursor, versions)
                cursor.execute(checked)
                result, rows = _rows(cursor, MOST_ROWS)
                if not evidence_sql and result.truncated:
                    evidence_sql = _evidence_sql_of_many(plan, checked)
                found = _evidence(cursor, evidence_sql, checked, result, rows)
        else:
            result, found = alone
    except psycopg2.Error as error:
        if error.pgcode is None or error.pgcode in _AWAY:
            raise ReaderAway(type(error).__name__) from error
        message = (error.diag.message_primary or "the SQL failed").strip()
        hint = error.diag.message_hint
        raise SqlFailed(f"{message} {hint}" if hint else message, sql=plan.sql, code=error.pgcode) from error
    result = replace(result, meanings=guarded.meanings)
    ran = Plan(
        kind=plan.kind, sql=checked, evidence_sql=evidence_sql, reason=plan.reason, query=plan.query,
        intent=plan.intent, engine=plan.engine, model=plan.model,
    )  # fmt: skip
    return ran, result, found, current


def _evidence_sql(plan: Plan, checked: str) -> str:
    """Empty where the rows themselves are the evidence."""
    if not plan.evidence_sql:
        return ""
    if evidence.are_whole_events(checked) and evidence.lists_the_same(plan.sql, plan.evidence_sql):
        return ""
    return _checked(plan.evidence_sql, MOST_COUNTED)


def _evidence_sql_of_many(plan: Plan, checked: str) -> str:
    """The rows are cut, their events are counted all the same.

    SQL that is as long or as deep as may be cannot be wrapped once more; then those that came are counted.
    """
    if plan.evidence_sql:
        return _checked(plan.evidence_sql, MOST_COUNTED)
    if not evidence.are_whole_events(checked):
        return ""
    try:
        return _checked(f"SELECT r.id FROM ({_checked(plan.sql, MOST_COUNTED)}) r", MOST_COUNTED)  # noqa: S608
    except SqlFailed:
        return ""


def _list(checked: str, versions: Mapping[int, str]) -> tuple[Result, Evidence] | None:
    """Most questions are for a list of events, whole: one statement, and nothing else to ask."""
    if not evidence.are_whole_events(checked):
        return None
    with reading(checked, video_ids=versions) as cursor:
        result, rows = _rows(cursor, MOST_ROWS)
    return None if result.truncated else (result, evidence.of_rows(rows))


def _evidence(
    cursor, evidence_sql: str, checked: str, result: Result, rows: Sequence[evidence.Row]
) -> Evidence:
    if evidence_sql:
        try:
            ids, more = evidence.ids_by(cursor, evidence_sql)
        except evidence.NoIds:
            message = "the evidence SQL must return the ids of events"
            raise SqlFailed(message, sql=evidence_sql, code="no_ids") from None
        return evidence.of_ids(cursor, ids, more=more)
    if evidence.are_whole_events(checked):
        return evidence.of_rows(rows)
    if "id" not in result.columns:
        return Evidence()
    at = result.columns.index("id")
    ids = [row[at] for row in result.rows if isinstance(row[at], int)]
    return evidence.of_ids(cursor, ids, more=result.truncated)


# The same text gets the same verdict; a refusal is not remembered.
_check = lru_cache(maxsize=512)(check)


def _checked(sql: str, max_rows: int) -> str:
    return _guarded(sql, max_rows).sql


def _guarded(sql: str, max_rows: int) -> CheckedSql:
    try:
        return _check(sql, max_rows=max_rows)
    except RefusedSql as refusal:
        raise SqlFailed(str(refusal), sql=sql, code=refusal.code, refused=True) from refusal


def _rows(cursor, most: int) -> tuple[Result, list[evidence.Row]]:
    """→ (what may be shown of them, the rows as they came)"""
    columns = tuple(column.name for column in cursor.description)
    shown: list[tuple[Any, ...]] = []
    came: list[evidence.Row] = []
    size = 0
    truncated = False
    for row in cursor:
        cells = tuple(json_safe(cell) for cell in row)
        size += sum(len(cell) if isinstance(cell, str) else 16 for cell in cells)
        if len(shown) >= most or size > MOST_BYTES:
            truncated = True
            break
        shown.append(cells)
        came.append(row)
    return Result(columns, tuple(shown), truncated), came


def _number(value: decimal.Decimal) -> int | float | None:
    if not value.is_finite() or not math.isfinite(rough := float(value)):
        return None
    return int(value) if abs(rough) < 2**53 and value == value.to_integral_value() else rough


def json_safe(cell: Any) -> Any:
    match cell:
        case None | bool() | int():
            return cell
        case float():
            return cell if math.isfinite(cell) else None
        case decimal.Decimal():
            return _number(cell)
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
