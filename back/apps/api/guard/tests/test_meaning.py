"""What comes out of the guard means what went in, and runs as the reader."""

import pytest
from django.db import connection, transaction

from apps.api.guard import check
from apps.api.guard.tests.cases import Case, read
from apps.db.reader import reader
from semantics import VOCABULARY

pytestmark = pytest.mark.django_db(transaction=True)

CASES = read("accepted.sql") + read("questions.sql")


def test_every_accepted_case_gives_the_same_rows(footage):
    expected = _as_written(CASES)
    with reader(video_ids=footage) as cursor:
        for case in CASES:
            checked = check(case.sql, max_rows=500)
            cursor.execute(checked.sql)
            assert tuple(column.name for column in cursor.description) == checked.columns, case.name
            found, wanted = cursor.fetchall(), expected[case.name][: checked.limit]
            if "ORDER BY" not in case.sql:
                found, wanted = sorted(found, key=repr), sorted(wanted, key=repr)
            assert found == wanted, case.name


def _as_written(cases: list[Case]) -> dict[str, list[tuple]]:
    """The rows of the SQL as it came, where the columns that may not be seen do not even exist."""
    rows = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("CREATE SCHEMA shown")
        for table in VOCABULARY.tables:
            columns = ", ".join(f'"{name}"' for name in table.column_names)
            cursor.execute(f"CREATE VIEW shown.{table.name} AS SELECT {columns} FROM public.{table.name}")
        cursor.execute("SET LOCAL search_path = shown, public")
        for case in cases:
            cursor.execute(case.sql)
            rows[case.name] = cursor.fetchall()
        transaction.set_rollback(True)
    return rows


def test_most_cases_find_something(footage):
    """Else the comparison above would compare nothing with nothing."""
    rows = _as_written(CASES)
    empty = [name for name, found in rows.items() if not found]
    assert len(empty) < len(CASES) / 3, empty
