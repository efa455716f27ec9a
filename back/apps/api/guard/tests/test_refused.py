"""refused.sql: each case with the code of its refusal. One test for each code, since there are hundreds."""

import pytest

from apps.api.guard import RefusedSql, check
from apps.api.guard.tests.cases import Case, read

CASES = read("refused.sql")


def wrongly_answered(case: Case) -> str | None:
    try:
        checked = check(case.sql)
    except RefusedSql as refusal:
        if refusal.code != case.code:
            return f"{case.name}: {refusal.code}: {refusal.message}"
        if len(refusal.message) < 10 or not 0 <= (refusal.position or 0) <= len(case.sql):
            return f"{case.name}: says {refusal.message!r} at {refusal.position}"
        return None
    return f"{case.name}: accepted as {checked.sql}"


@pytest.mark.parametrize("code", sorted({case.code for case in CASES}))
def test_is_refused(code):
    cases = [case for case in CASES if case.code == code]
    assert [wrong for case in cases if (wrong := wrongly_answered(case))] == []


def test_names_are_used_once():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)) > 500
