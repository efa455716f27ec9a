"""SQL of a shape that was read back once is not read back again; of any other it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.api.guard import RefusedSql, check, checking
from apps.api.guard.shape import READ_BACK, REMEMBERED, Shapes, shape_of

LIST = "SELECT e.id FROM db_event e WHERE e.event_type = 'theft' AND e.timestamp >= 600 LIMIT 5"


@pytest.fixture(autouse=True)
def _nothing_known():
    READ_BACK.clear()
    yield
    READ_BACK.clear()


@pytest.fixture
def second_readings(monkeypatch) -> list[str]:
    read: list[str] = []
    real = checking.check_again

    def counted(sql, *, limit):
        read.append(sql)
        real(sql, limit=limit)

    monkeypatch.setattr(checking, "check_again", counted)
    return read


@pytest.mark.parametrize(
    "again",
    [
        LIST,
        LIST.replace("theft", "fight"),
        LIST.replace("theft", "도난 -- /* SELECT"),
        LIST.replace("600", "12.5"),
        LIST.replace("600", "99999999999"),
    ],
)
def test_another_value_is_the_same_shape(second_readings, again):
    check(LIST)
    checked = check(again)
    assert len(second_readings) == 1
    assert checked.sql == again.replace("FROM db_event", "FROM public.db_event").replace(
        "e.timestamp", 'e."timestamp"'
    )


@pytest.mark.parametrize(
    "other",
    [
        LIST.replace("e.id", "e.age"),
        LIST.replace(">=", ">"),
        LIST.replace("LIMIT 5", "LIMIT 6"),
        LIST.replace("LIMIT 5", "LIMIT 5 OFFSET 2"),
        LIST.replace("'theft'", "'the''ft'"),
        LIST.replace("'theft'", "E'the\\\\ft'"),
        LIST.replace("'theft'", "upper('theft')"),
        LIST.replace("600", "-600"),
        LIST.replace("600", "600::int"),
        LIST.replace("e.id", 'e.id AS "5"'),
    ],
)
def test_whatever_else_differs_is_read_back(second_readings, other):
    check(LIST)
    check(other)
    assert len(second_readings) == 2


@pytest.mark.parametrize(
    "sql", ["'it''s", "'a\\b'", "$$a$$", '"a\'b"', "'a\"b'", "a -- b", "a /* b */", "'", '"', "1 --2"]
)
def test_what_may_be_read_in_two_ways_has_no_shape(sql):
    assert shape_of(sql) is None


def test_names_keep_their_digits():
    assert shape_of('SELECT 1 AS "1 a", int4, x1 LIMIT 7') == 'SELECT 0 AS "1 a", int4, x1 LIMIT 7'


@given(st.text(alphabet="'\"\\$-/*ab 1.", max_size=40))
def test_two_texts_of_one_shape_have_their_quotes_at_the_same_places(sql):
    shape = shape_of(sql)
    if shape is not None:
        assert [c for c in sql if c in "'\""] == [c for c in shape if c in "'\""]
        assert "\\" not in sql
        assert shape_of(shape) == shape


def test_what_is_refused_is_not_remembered(monkeypatch):
    def disagree(sql, *, limit):
        raise RefusedSql("disagreement", "no")

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check_again", disagree)
        for _ in range(2):
            with pytest.raises(RefusedSql):
                check(LIST)
    assert check(LIST)


def test_the_latest_are_remembered():
    shapes = Shapes()
    for n in range(REMEMBERED + 1):
        shapes.add(f"s{n}")
        assert "s0" in shapes
    assert "s1" not in shapes
    assert f"s{REMEMBERED}" in shapes
    shapes.add(None)
    assert None not in shapes
