import pytest

from apps.api.guard import RefusedSql, check
from apps.api.guard.tests.cases import Case, read

CASES = read("refused.sql")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_refused(case: Case):
    with pytest.raises(RefusedSql) as refusal:
        check(case.sql)
    assert refusal.value.code == case.code, refusal.value.message
    assert len(refusal.value.message) > 10
    position = refusal.value.position
    assert position is None or 0 <= position <= len(case.sql)


def test_names_are_used_once():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
