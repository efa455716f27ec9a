"""The second reading refuses by itself what the first should have, and its work is bounded by the length."""

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest

from apps.api.guard import RefusedSql, check
from apps.api.guard.second import check_again
from apps.api.guard.shape import READ_BACK
from apps.api.guard.tests.cases import read

LIMIT = 501


def refuses(sql: str) -> bool:
    try:
        check_again(f"{sql.rstrip().rstrip(';')} LIMIT {LIMIT}", limit=LIMIT)
    except RefusedSql:
        return True
    return False


def code_of(sql: str) -> str:
    with pytest.raises(RefusedSql) as refused:
        check(sql)
    return refused.value.code


def test_it_refuses_by_itself_nearly_all_that_the_walk_refuses():
    """It gets the hostile texts as they are, as if parser, walk and deparser had let them through."""
    passed, asked = Counter(), Counter()
    for case in read("refused.sql"):
        code = code_of(case.sql)
        asked[code] += 1
        passed[code] += not refuses(case.sql)
    assert passed["statement"] == passed["placeholder"] == 0
    for code in ("function", "table", "type", "column", "construct", "operator"):
        # What is left holds only names that are allowed, in a number or place that is not.
        assert passed[code] <= asked[code] * 0.05, code


# Depth → SQL. Each is valid or not; what counts is how much work it makes.
NESTED: dict[str, Callable[[int], str]] = {
    "array": lambda n: "SELECT " + "ARRAY[" * n + "1" + "]" * n,
    "array in brackets": lambda n: "SELECT " + "(ARRAY[" * n + "1" + "])" * n,
    "array, cast": lambda n: "SELECT " + "ARRAY[" * n + "1" + "]::int[]" * n,
    "any": lambda n: "SELECT 1 WHERE 1 = ANY " + "(ARRAY[" * n + "1" + "])" * n,
    "brackets": lambda n: "SELECT " + "(" * n + "1" + ")" * n,
    "casts": lambda n: "SELECT " + "(" * n + "1" + ")::int" * n,
    "cast": lambda n: "SELECT " + "CAST(" * n + "1" + " AS int)" * n,
    "case": lambda n: "SELECT " + "CASE WHEN true THEN " * n + "1" + " END" * n,
    "case in brackets": lambda n: "SELECT " + "(CASE WHEN true THEN " * n + "1" + " END)" * n,
    "conditions of case": lambda n: "SELECT " + "CASE WHEN " * n + "true" + " THEN true END" * n,
    "a type's function": lambda n: "SELECT " + "date(" * n + "'2026-01-01'" + ")" * n,
    "a type before a text": lambda n: "SELECT " + "(date " * n + "'2026-01-01'" + ")" * n,
    "numeric": lambda n: "SELECT " + "numeric(" * n + "1" + ")" * n,
    "interval": lambda n: "SELECT " + "(" * n + "interval '1 hour'" + " * 2)" * n,
    "function": lambda n: "SELECT " + "abs(" * n + "1" + ")" * n,
    "coalesce": lambda n: "SELECT " + "coalesce(" * n + "1" + ", 2)" * n,
    "not": lambda n: "SELECT 1 WHERE " + "NOT (" * n + "true" + ")" * n,
    "minus": lambda n: "SELECT " + "- (" * n + "1" + ")" * n,
    "rows": lambda n: "SELECT 1 WHERE " + "ROW(" * n + "1" + ")" * n + " = ROW(1)",
    "subqueries": lambda n: "SELECT " + "(SELECT " * n + "1" + ")" * n,
    "subqueries in from": lambda n: "SELECT 1 FROM " + "(SELECT 1 AS x FROM " * n + "db_event" + ") AS a" * n,
    "exists": lambda n: "SELECT 1 WHERE " + "EXISTS (SELECT 1 WHERE " * n + "true" + ")" * n,
    "in": lambda n: "SELECT 1 WHERE " + "1 IN (SELECT 1 WHERE " * n + "true" + ")" * n,
    "with": lambda n: "WITH a AS (" * n + "SELECT 1 AS x" + ") SELECT 1 AS x" * n,
    "with, columns": lambda n: "WITH " + ", ".join(f"c{i}(x) AS (SELECT 1)" for i in range(n)) + " SELECT 1",
    "joins": lambda n: "SELECT 1 FROM " + "(" * n + "db_event AS e" + " JOIN db_video AS v ON true)" * n,
    "unions": lambda n: "(" * n + "SELECT 1" + " UNION SELECT 1)" * n,
    "at time zone": lambda n: "SELECT '2026-01-01'::timestamptz" + " AT TIME ZONE 'UTC'" * n,
    "extract": lambda n: "SELECT " + "extract(epoch FROM " * n + "'2026-01-01'::timestamptz" + ")" * n,
    "windows": lambda n: "SELECT " + "sum(" * n + "1" + ") OVER (ORDER BY 1)" * n,
    "filters": lambda n: "SELECT count(*) FILTER (WHERE " + "(" * n + "true" + ")" * n + ")",
    "aliases with columns": lambda n: (
        "SELECT 1 FROM " + ", ".join(f"(VALUES (1)) AS a{i}(x)" for i in range(n))
    ),
    "arguments": lambda n: "SELECT " + "make_interval(mins => " * n + "1" + ")" * n,
    "both": lambda n: "SELECT " + "(CASE WHEN (ARRAY[" * (n // 2) + "1" + "])::int THEN 1 END)" * (n // 2),
}


def calls_of(act: Callable[[], object]) -> int:
    """Python's own calls: they do not hang on the machine, as time does."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        act()
    except RefusedSql:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("depth", [8, 31, 60])
def test_its_work_grows_with_the_length_alone(name, depth):
    sql = NESTED[name](depth) + f" LIMIT {LIMIT}"
    work = calls_of(lambda: check_again(sql, limit=LIMIT))
    assert work < 40 * len(sql) + 2_000


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("depth", [8, 16, 31])
def test_the_whole_guard_s_work_is_bounded(name, depth):
    sql = NESTED[name](depth)
    READ_BACK.clear()
    assert calls_of(lambda: check(sql)) < 600 * len(sql) + 5_000


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT pg_sleep(1) AS pg_sleep LIMIT 501",
        "SELECT 1 AS pg_sleep, pg_sleep(1) LIMIT 501",
        "SELECT a.pg_sleep(1) FROM public.db_event AS a LIMIT 501",
        'SELECT "pg_sleep"(1) AS "pg_sleep" LIMIT 501',
        "SELECT 1 FROM (SELECT 1) AS pg_class, public.pg_class LIMIT 501",
        "SELECT owner_id FROM public.db_video LIMIT 501",
        "SELECT 1 AS regclass, 'a'::regclass LIMIT 501",
        "SELECT v.* FROM public.db_video AS v LIMIT 501",
        "SELECT * FROM public.db_video LIMIT 501",
        "SELECT id FROM public.db_video FOR UPDATE LIMIT 501",
        "SELECT id INTO x FROM public.db_video LIMIT 501",
        "DELETE FROM public.db_video RETURNING id LIMIT 501",
        "SELECT id FROM public.db_video LIMIT 502",
        "SELECT id FROM public.db_video",
        "SELECT id FROM (SELECT id FROM public.db_video LIMIT 501) AS t",
        "SELECT id FROM public.db_video LIMIT 501; SELECT 1 LIMIT 501",
        "SELECT $1 LIMIT 501",
        "SELECT U&'a' LIMIT 501",
        "SELECT 1 OPERATOR(pg_catalog.+) 1 LIMIT 501",
    ],
)
def test_names_that_the_text_gives_itself_open_no_door(sql):
    with pytest.raises(RefusedSql) as refused:
        check_again(sql, limit=LIMIT)
    assert refused.value.code == "disagreement"
