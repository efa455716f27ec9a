"""Mutants of the cases: whatever of them the guard lets through, PostgreSQL's own planner finds harmless.

The planner is the judge, not a second copy of the rules: EXPLAIN (VERBOSE) as the reader says which tables,
columns and functions a statement would touch, and the reader's grants refuse a column that is not listed.
"""

import json
import random
import re
from collections.abc import Iterator

import psycopg2
import pytest
from psycopg2 import errors

from apps.api.guard import CheckedSql, RefusedSql, check
from apps.api.guard.allowed import FUNCTIONS, SYNTAX_FUNCTIONS, TABLE_FUNCTIONS, TABLES
from apps.api.guard.tests.cases import read
from apps.db.reader import reader

pytestmark = pytest.mark.django_db(transaction=True)

MUTANTS = 6_000
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+(?:\.\w+)*|::|[<>!=~|]+|\S")
_CALL = re.compile(r"(?<![.\w\"'])([a-z_][\w.]*)\(")
_TEXT = re.compile(r"'(?:[^']|'')*'")

# What the planner writes that looks like a call.
_NOTATION = {
    "and", "or", "in", "any", "all", "row", "filter", "over", "by", "hashed", "exists", "array", "numeric",
    "time", "timestamp", "timestamptz", "interval", "varying", "character", "values", "not", "group",
    "when", "then", "else", "plan", "is", "case", "between", "returns", "partial", "cast", "nullif",
    "coalesce", "greatest", "least", "grouping", "like_escape", "current_timestamp", "localtimestamp",
    "current_time", "localtime", "subplan", "end", "from", "within", "order", "with", "zone",
}  # fmt: skip
# The row policies call it.
_POLICY = {"db_reader_scope"}
_KNOWN = set(FUNCTIONS) | set(SYNTAX_FUNCTIONS) | set(TABLE_FUNCTIONS) | _NOTATION | _POLICY

# What a statement may still fail with: its types do not fit, a name is used twice, a number is out of range.
_HARMLESS = (
    errors.UndefinedFunction, errors.DatatypeMismatch, errors.GroupingError, errors.AmbiguousColumn,
    errors.DataError, errors.InvalidColumnReference, errors.WindowingError, errors.AmbiguousFunction,
    errors.IndeterminateDatatype, errors.CannotCoerce, errors.WrongObjectType, errors.FeatureNotSupported,
    errors.DuplicateAlias, errors.UndefinedObject, errors.SyntaxError, errors.DuplicateColumn,
    errors.IndeterminateCollation, errors.CollationMismatch,
)  # fmt: skip


def mutants(seed: int, count: int) -> Iterator[str]:
    dice = random.Random(seed)
    accepted = [_TOKEN.findall(case.sql) for case in read("accepted.sql") + read("questions.sql")]
    refused = [_TOKEN.findall(case.sql) for case in read("refused.sql")]
    words = [word for tokens in accepted + refused for word in tokens]
    for _ in range(count):
        tokens = list(dice.choice(accepted))
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            _mutate(dice, tokens, words, accepted, refused)
        yield " ".join(tokens)


def _mutate(dice: random.Random, tokens: list[str], words: list[str], accepted: list, refused: list) -> None:
    at = dice.randrange(len(tokens)) if tokens else 0
    match dice.randrange(6):
        case 0:
            tokens[at : at + 1] = [dice.choice(words)]
        case 1:
            del tokens[at : at + 1]
        case 2:
            tokens[at:at] = tokens[at : at + dice.randrange(1, 5)]
        case 3:
            other = dice.choice(dice.choice([accepted, refused])) or ["x"]
            start = dice.randrange(len(other))
            tokens[at : at + dice.randrange(3)] = other[start : start + dice.randrange(1, 8)]
        case 4:
            to = dice.randrange(len(tokens)) if tokens else 0
            if tokens:
                tokens[at], tokens[to] = tokens[to], tokens[at]
        case 5:
            # One name for another, all over: aliases, columns and tables change places.
            one, two = dice.choice(tokens or ["x"]), dice.choice(words)
            tokens[:] = [two if token == one else token for token in tokens]


def touched(plan: object) -> Iterator[tuple[str, str]]:
    """The ('table' | 'function', name) of everything in a plan."""
    if isinstance(plan, list):
        for part in plan:
            yield from touched(part)
    elif isinstance(plan, dict):
        if "Relation Name" in plan:
            yield "table", f"{plan['Schema']}.{plan['Relation Name']}"
        if "Function Name" in plan:
            yield "function", plan["Function Name"]
        for key, value in plan.items():
            if key in ("Alias", "CTE Name", "Subplan Name", "Function Name"):
                continue
            yield from touched(value)
    elif isinstance(plan, str):
        # First without texts, or a pattern such as '%x(%' would count as a call.
        for name in _CALL.findall(_TEXT.sub("''", plan)):
            yield "function", name.rpartition(".")[2]


def let_through(sqls: Iterator[str]) -> Iterator[tuple[str, CheckedSql]]:
    for sql in sqls:
        try:
            yield sql, check(sql)
        except RefusedSql:
            continue


def test_what_gets_through_touches_only_what_is_allowed(footage):
    tables = {f"public.{name}" for name in TABLES}
    through = planned = 0
    with reader(video_ids=footage) as cursor:
        for sql, checked in let_through(mutants(seed=20260302, count=MUTANTS)):
            through += 1
            cursor.execute("SAVEPOINT mutant")
            try:
                cursor.execute("EXPLAIN (VERBOSE, FORMAT JSON) " + checked.sql)
            except _HARMLESS:
                cursor.execute("ROLLBACK TO SAVEPOINT mutant")
                continue
            except psycopg2.Error as error:
                pytest.fail(f"{type(error).__name__}: {error}\n{sql}\n{checked.sql}")
            plan = cursor.fetchone()[0]
            planned += 1
            for kind, name in touched(plan if isinstance(plan, list) else json.loads(plan)):
                allowed = tables if kind == "table" else _KNOWN
                assert name in allowed, f"{kind} {name}\n{sql}\n{checked.sql}"
    assert through > MUTANTS / 40
    assert planned > through / 2


def test_the_judge_sees_what_is_forbidden(footage):
    """Were the guard not there, this test's own means would tell."""
    with reader(video_ids=footage) as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SAVEPOINT judge")
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("EXPLAIN (VERBOSE, FORMAT JSON) SELECT owner_id FROM db_video")
        cursor.execute("ROLLBACK TO SAVEPOINT judge")
        cursor.execute(
            "EXPLAIN (VERBOSE, FORMAT JSON)"
            " SELECT current_setting('x', true) FROM pg_class, pg_show_all_settings() AS f"
        )
        seen = set(touched(cursor.fetchone()[0]))
    assert {
        ("table", "pg_catalog.pg_class"),
        ("function", "current_setting"),
        ("function", "pg_show_all_settings"),
    } <= seen
