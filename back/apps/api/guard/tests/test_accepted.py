import pytest

from apps.api.guard import check
from apps.api.guard.tests.cases import Case, read

CASES = read("accepted.sql") + read("questions.sql")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_accepted(case: Case):
    checked = check(case.sql, max_rows=500)
    assert set(checked.tables) <= {"db_event", "db_video"}
    assert 0 <= checked.limit <= 501
    # What was written out is accepted as it stands, and stays as it is.
    assert check(checked.sql, max_rows=500) == checked


def test_names_are_used_once():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
