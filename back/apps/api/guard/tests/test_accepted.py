"""accepted.sql, and questions.sql with the SQL of real questions."""

import pytest

from apps.api.guard import RefusedSql, check
from apps.api.guard.tests.cases import Case, read


def wrongly_answered(case: Case) -> str | None:
    try:
        checked = check(case.sql, max_rows=500)
        # What was written out is accepted as it stands, and stays as it is.
        again = check(checked.sql, max_rows=500)
    except RefusedSql as refusal:
        return f"{case.name}: {refusal.code}: {refusal.message}"
    if (
        again != checked
        or not set(checked.tables) <= {"db_event", "db_video"}
        or not 0 <= checked.limit <= 501
    ):
        return f"{case.name}: {checked} {again}"
    return None


@pytest.mark.parametrize("file", ["accepted.sql", "questions.sql"])
def test_is_accepted(file):
    assert [wrong for case in read(file) if (wrong := wrongly_answered(case))] == []


def test_names_are_used_once():
    names = [case.name for case in read("accepted.sql") + read("questions.sql")]
    assert len(names) == len(set(names)) > 300
