"""Any text is answered; trees of allowed pieces are accepted, and one foreign piece is enough to refuse."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.api.guard import CheckedSql, RefusedSql, check
from apps.api.guard.tests.cases import read

_SETTINGS = settings(max_examples=200, deadline=None, database=None, derandomize=True)

_WORDS = sorted({word for case in read("accepted.sql") + read("refused.sql") for word in case.sql.split()})
ANY_CHARACTER = st.characters(exclude_categories=())
ANY_TEXT = st.one_of(
    st.text(ANY_CHARACTER, max_size=200),
    st.text("SELECTFROMWHERE()[]'\"\\;:,.*/-+%$|&=<>~!@#^?{}`_ \n\t\0 0123456789abcxe가", max_size=200),
    st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join),
    st.builds("SELECT {} FROM db_event".format, st.text(ANY_CHARACTER, max_size=60)),
    st.builds("SELECT '{}' AS {}".format, st.text(ANY_CHARACTER), st.text(ANY_CHARACTER, max_size=20)),
)


def answered(sql: str) -> CheckedSql | RefusedSql:
    try:
        return check(sql)
    except RefusedSql as refusal:
        return refusal


@_SETTINGS
@given(ANY_TEXT)
def test_any_text_is_accepted_or_refused(sql):
    start = time.thread_time()
    answer = answered(sql)
    if isinstance(answer, CheckedSql):
        assert check(answer.sql) == answer
    else:
        assert answer.position is None or 0 <= answer.position <= len(sql)
    assert time.thread_time() - start < 0.5


NUMBERS = ["e.id", "e.timestamp", "e.age", "e.severity", "0", "2.5", "(e.end_timestamp - e.timestamp)"]
TEXTS = ["e.location", "e.gender", "'계산대'", "'it''s 100%'", "e.description"]
FOREIGN_NUMBERS = [
    "pg_sleep(1)", "e.owner_id", "e.xmin", "random()", "(SELECT COUNT(*) FROM pg_class)", "nextval('x')",
    "'db_event'::regclass::int", "(e).id", "COUNT(e)", "x.id", "2 ^ 9", "(SELECT 1 FROM db_user)",
    "length(e::text)",
]  # fmt: skip
FOREIGN_TEXTS = [
    "current_setting('x')", "e.source", "repeat('a', 9)", "CURRENT_USER", "version()", "e::text",
    "set_config('a', 'b', true)", "(SELECT usename FROM pg_user LIMIT 1)", 'e.location COLLATE "C"',
    "regexp_replace('a', 'b', 'c')", "e.row_to_json",
]  # fmt: skip
FOREIGN_CONDITIONS = [
    "e.location ~ e.description",
    "e IS NULL",
    "EXISTS (SELECT 1 FROM db_user)",
    "pg_try_advisory_lock(1)",
]


class Builder:
    """Draws an expression; `foreign` says whether a piece that must be refused went into it."""

    def __init__(self, draw) -> None:
        self.draw = draw
        self.foreign = False
        self.subqueries = 0

    def _leaf(self, own: list[str], foreign: list[str]) -> str:
        if self.draw(st.integers(0, 19)) == 0:
            self.foreign = True
            return self.draw(st.sampled_from(foreign))
        return self.draw(st.sampled_from(own))

    def number(self, depth: int) -> str:
        form = self.draw(st.integers(0, 8)) if depth else 0
        if form == 1:
            return f"({self.number(depth - 1)} {self.draw(st.sampled_from('+-*/'))} {self.number(depth - 1)})"
        if form == 2:
            return f"ABS({self.number(depth - 1)})"
        if form == 3:
            return f"COALESCE({self.number(depth - 1)}, {self.number(depth - 1)})"
        if form == 4:
            return f"CASE WHEN {self.condition(depth - 1)} THEN {self.number(depth - 1)} ELSE 0 END"
        if form == 5:
            return f"LENGTH({self.text(depth - 1)})"
        if form == 6 and self.subqueries < 5:
            self.subqueries += 1
            below = self.number(depth - 1)
            return f"(SELECT MAX(s.age) FROM db_event s WHERE s.video_id = e.video_id AND s.id < {below})"
        if form == 7:
            return f"({self.number(depth - 1)})::int"
        return self._leaf(NUMBERS, FOREIGN_NUMBERS)

    def text(self, depth: int) -> str:
        form = self.draw(st.integers(0, 5)) if depth else 0
        if form == 1:
            return f"LOWER({self.text(depth - 1)})"
        if form == 2:
            return f"({self.text(depth - 1)} || {self.text(depth - 1)})"
        if form == 3:
            return f"SUBSTRING({self.text(depth - 1)}, 1, 4)"
        if form == 4:
            return f"(({self.number(depth - 1)})::text)"
        return self._leaf(TEXTS, FOREIGN_TEXTS)

    def condition(self, depth: int) -> str:
        form = self.draw(st.integers(0, 8)) if depth else 0
        if form == 1:
            return f"({self.condition(depth - 1)} AND {self.condition(depth - 1)})"
        if form == 2:
            return f"({self.condition(depth - 1)} OR NOT {self.condition(depth - 1)})"
        if form == 3:
            return f"{self.text(depth - 1)} ILIKE '%a%'"
        if form == 4:
            return f"{self.number(depth - 1)} BETWEEN 1 AND {self.number(depth - 1)}"
        if form == 5:
            return f"{self.text(depth - 1)} IN ('a', {self.text(depth - 1)})"
        if form == 6 and self.subqueries < 5:
            self.subqueries += 1
            also = self.condition(depth - 1)
            return f"EXISTS (SELECT 1 FROM db_event s WHERE s.track_id = e.track_id AND {also})"
        if form == 7:
            return f"({self.number(depth - 1)} IS NOT NULL)"
        return self._leaf(["e.severity >= 1", "e.gender = 'male'", "TRUE"], FOREIGN_CONDITIONS)


@st.composite
def queries(draw) -> tuple[str, bool]:
    build = Builder(draw)
    core = (
        f"SELECT {build.number(3)} AS n, {build.text(2)} AS t FROM db_event e "
        f"WHERE {build.condition(3)} ORDER BY {build.number(1)} + 0, e.id LIMIT 20"
    )
    shape = draw(st.integers(0, 4))
    if shape == 1:
        core = (
            f"WITH q AS ({core}) SELECT q.t, COUNT(*) AS n FROM q GROUP BY 1 HAVING MAX(q.n) > 1 ORDER BY n"
        )
    elif shape == 2:
        core = f"SELECT q.n FROM ({core}) AS q JOIN db_video v ON v.id = q.n"
    elif shape == 3:
        core = f"({core}) UNION ALL SELECT 1, 'a' ORDER BY n"
    elif shape == 4:
        core = f"SELECT v.id FROM db_video v WHERE v.id IN (SELECT q.n FROM ({core}) q)"
    return core, build.foreign


@_SETTINGS
@given(queries())
def test_a_tree_is_accepted_if_and_only_if_every_piece_is_allowed(query):
    sql, foreign = query
    answer = answered(sql)
    assert isinstance(answer, RefusedSql) == foreign, answer
