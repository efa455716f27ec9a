"""Computes the golds of a question set from its SQL, and finds what makes a set untrustworthy.

    python -m apps.evals.golds POSTGRES_URI [SET …] [--write]      (from back/)

Needs a PostgreSQL and nothing of Django: the tables are made for the run and go with its transaction.
Without --write the stored golds are compared with the computed ones; any problem is exit code 1.
"""

import argparse
import datetime
import decimal
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg2

from apps.evals.checks import data_problems, question_problems, wholly_empty
from apps.evals.question_sets import COMPUTED, Gold, Question, QuestionSet, available, load
from semantics import VOCABULARY

VIDEO_COLUMNS = [
    "id",
    "name",
    "camera",
    "site",
    "duration",
    "recorded_at",
    "timezone",
    "status",
    "analyzed_until",
]
EVENT_COLUMNS = [
    "id",
    "video_id",
    "timestamp",
    "end_timestamp",
    "event_type",
    "action_detected",
    "location",
    "age",
    "gender",
    "confidence",
    "track_id",
    "description",
]
TABLES = """
CREATE TEMPORARY TABLE db_video (
  id bigint PRIMARY KEY, name text NOT NULL, camera text NOT NULL, site text NOT NULL,
  duration double precision, recorded_at timestamptz, timezone text NOT NULL, status text NOT NULL,
  analyzed_until double precision NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE db_event (
  id bigint PRIMARY KEY, video_id bigint NOT NULL REFERENCES db_video (id),
  "timestamp" double precision NOT NULL, end_timestamp double precision, occurred_at timestamptz,
  event_type text NOT NULL, severity smallint NOT NULL, action_detected text NOT NULL,
  location text NOT NULL, age int, gender text NOT NULL, confidence double precision NOT NULL,
  track_id text, description text NOT NULL
) ON COMMIT DROP;
"""
# A gold that reads the wall clock of the connection instead of the video's is wrong somewhere.
SESSION_ZONES = ("America/New_York", "Asia/Seoul", "UTC")


class BadGold(Exception):
    """The SQL of a gold does not give what its kind promises."""


def compute_golds(connection, question_set: QuestionSet) -> tuple[dict[str, Gold], list[str]]:
    """Every gold by its question's id, and the problems found on the way. Nothing is left behind."""
    problems: list[str] = []
    golds: dict[str, Gold] = {}
    with connection.cursor() as cursor:
        try:
            _fill(cursor, question_set)
            for zone in SESSION_ZONES:
                cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
                for question in question_set.questions:
                    gold = _guarded(cursor, question, problems)
                    if gold != golds.setdefault(question.id, gold):
                        problems.append(f"{question.id}: the gold differs with the session's time zone")
        finally:
            connection.rollback()
    return golds, list(dict.fromkeys(problems))


def _fill(cursor, question_set: QuestionSet) -> None:
    cursor.execute(TABLES)
    for video in question_set.videos:
        _insert(cursor, "db_video", {column: video[column] for column in VIDEO_COLUMNS})
    for event in question_set.events:
        severity = VOCABULARY.event_type(event["event_type"]).severity
        _insert(
            cursor, "db_event", {column: event[column] for column in EVENT_COLUMNS} | {"severity": severity}
        )
    cursor.execute(
        "UPDATE db_event e SET occurred_at = v.recorded_at + e.timestamp * interval '1 second'"
        " FROM db_video v WHERE v.id = e.video_id"
    )


def _insert(cursor, table: str, values: Mapping[str, Any]) -> None:
    columns = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))  # noqa: S608


def _guarded(cursor, question: Question, problems: list[str]) -> Gold:
    cursor.execute("SAVEPOINT one_question")
    try:
        return _gold(cursor, question)
    except (psycopg2.Error, BadGold) as error:
        problems.append(f"{question.id}: {str(error).strip().splitlines()[0]}")
        return Gold()
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT one_question")


def _gold(cursor, question: Question) -> Gold:
    if question.gold not in COMPUTED or not question.gold_sql:
        return Gold()
    if question.gold == "rows":
        return Gold(rows=tuple(_query(cursor, question.gold_sql)[1]))
    if question.gold == "value":
        columns, rows = _query(cursor, question.gold_sql)
        if columns != ["value"] or len(rows) != 1:
            raise BadGold(f"wanted one figure named value, got {columns} in {len(rows)} rows")
        return Gold(ids=_ids(cursor, question.evidence_sql or ""), value=rows[0][0])
    ids = _ids(cursor, question.gold_sql)
    if question.gold == "coverage" and ids:
        raise BadGold("gold is coverage, yet there are events")
    return Gold(ids=ids)


def _ids(cursor, sql: str) -> tuple[int, ...]:
    columns, rows = _query(cursor, sql)
    if columns != ["id"]:
        raise BadGold(f"wanted the column id, got {columns}")
    ids = tuple(row[0] for row in rows)
    if len(set(ids)) != len(ids):
        raise BadGold("an id comes twice")
    return ids


def _query(cursor, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor.execute(sql)
    return [column[0] for column in cursor.description], [tuple(map(_plain, row)) for row in cursor]


def _plain(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return value


def differences(stored: Mapping[str, Gold], computed: Mapping[str, Gold]) -> Iterator[str]:
    for question_id in stored.keys() | computed.keys():
        old, new = stored.get(question_id), computed.get(question_id)
        if old is None:
            yield f"{question_id}: not in gold.jsonl"
        elif new is None:
            yield f"{question_id}: in gold.jsonl only"
        elif not _same(old, new):
            yield f"{question_id}: stored {old}, computed {new}"


def _same(old: Gold, new: Gold) -> bool:
    return old.ids == new.ids and _close([old.value, *_cells(old)], [new.value, *_cells(new)])


def _cells(gold: Gold) -> list[Any]:
    return [len(gold.rows), *(cell for row in gold.rows for cell in row)]


def _close(old: list[Any], new: list[Any]) -> bool:
    return len(old) == len(new) and all(
        abs(a - b) <= 1e-9 * max(1.0, abs(a)) if isinstance(a, float) and isinstance(b, float) else a == b
        for a, b in zip(old, new, strict=True)
    )


def write(path: Path, golds: Mapping[str, Gold]) -> None:
    lines = (json.dumps(gold.as_json(id_), ensure_ascii=False) + "\n" for id_, gold in golds.items())
    path.write_text("".join(lines), encoding="utf-8")


def check(connection, question_set: QuestionSet, *, rewrite: bool = False) -> list[str]:
    problems = [*data_problems(question_set), *question_problems(question_set)]
    golds, found = compute_golds(connection, question_set)
    problems += found
    if rewrite:
        write(question_set.directory / "gold.jsonl", golds)
    else:
        problems += differences(question_set.golds, golds)
    problems += wholly_empty(question_set, golds)
    return problems


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m apps.evals.golds", description=__doc__.splitlines()[0])
    parser.add_argument("uri")
    parser.add_argument("sets", nargs="*", default=available())
    parser.add_argument("--write", action="store_true", help="store the computed golds")
    options = parser.parse_args(argv)
    failed = False
    connection = psycopg2.connect(options.uri)
    try:
        for name in options.sets:
            question_set = load(name)
            problems = check(connection, question_set, rewrite=options.write)
            failed = failed or bool(problems)
            for problem in problems:
                sys.stdout.write(f"{question_set.name}: {problem}\n")
            sys.stdout.write(
                f"{question_set.name}: {len(question_set.videos)} videos, {len(question_set.events)} events, "
                f"{len(question_set.questions)} questions, {len(problems)} problems\n"
            )
    finally:
        connection.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
