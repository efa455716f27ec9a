"""check(): from SQL that somebody wrote to SQL that may run, or a refusal."""

from dataclasses import dataclass

import postgast
from google.protobuf.message import DecodeError
from postgast import PgQueryError
from postgast import pg_query_pb2 as pb

from apps.api.guard.meaning import meanings_of
from apps.api.guard.query import QueryWalk
from apps.api.guard.refusal import RefusedSql
from apps.api.guard.second import check_again
from apps.api.guard.shape import READ_BACK, shape_of
from apps.api.guard.text import check_text, position_of, syntax_refusal
from apps.api.guard.tree import Node, inner, integer_node
from apps.api.types import Meaning

_READS_DIFFERENTLY = "the SQL reads differently when it is written out anew"


@dataclass(frozen=True, slots=True)
class CheckedSql:
    """`sql` is what may run, and the only thing that may: PostgreSQL's own tree, written out anew.

    Hand it to the driver alone, `cursor.execute(checked.sql)`: with a second argument the driver would read
    the per cent signs of a LIKE as placeholders. More than max_rows rows mean that there are more of them.
    """

    sql: str
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    limit: int
    meanings: tuple[Meaning, ...] = ()  # what each column holds


def check(sql: str, *, max_rows: int = 500) -> CheckedSql:
    """Raises RefusedSql and nothing else, whatever the text."""
    check_text(sql)
    tree = _parse(sql)
    try:
        select = _only_select(tree)
        limit = _put_limit(select, max_rows)
        checked, tables = _walk(select)
    except RefusedSql as refusal:
        if refusal.position is not None:
            refusal.position = position_of(sql, refusal.position)
        raise
    emitted = _emit(tree)
    shape = shape_of(emitted)
    if shape not in READ_BACK:
        _read_back(emitted, select, max_rows)
        check_again(emitted, limit=limit)
        READ_BACK.add(shape)
    return CheckedSql(emitted, tables, checked, limit, meanings_of(select))


def _parse(sql: str) -> Node:
    try:
        return postgast.parse(sql)
    except PgQueryError as error:
        raise syntax_refusal(sql, error) from None
    except UnicodeDecodeError:  # of a message that was cut inside a character
        raise RefusedSql("syntax", "the SQL cannot be read") from None
    except DecodeError:
        # protobuf reads a hundred levels, which is some fifty of SQL
        raise RefusedSql("too_deep", "the SQL is nested too deep") from None


def _only_select(tree: Node) -> Node:
    if len(tree.stmts) != 1:
        raise RefusedSql("statement", f"exactly one SELECT is allowed, not {len(tree.stmts)} statements")
    statement = inner(tree.stmts[0].stmt)
    if statement.DESCRIPTOR.name != "SelectStmt" or statement.values_lists:
        raise RefusedSql("statement", "only SELECT is allowed")
    return statement


def _put_limit(select: Node, max_rows: int) -> int:
    """LIMIT max_rows + 1 unless it asks for fewer: one row more than fits tells that there are more."""
    most = max_rows + 1
    if select.limit_option == pb.LIMIT_OPTION_WITH_TIES:
        raise RefusedSql("limit", "WITH TIES has no limit of its own; put it in a subquery, or use RANK()")
    asked = inner(select.limit_count) if select.HasField("limit_count") else None
    if asked is not None and not (asked.DESCRIPTOR.name == "A_Const" and asked.isnull):
        if asked.DESCRIPTOR.name != "A_Const" or asked.WhichOneof("val") != "ival" or asked.ival.ival < 0:
            raise RefusedSql("limit", "LIMIT has to be a whole number, written out")
        most = min(most, asked.ival.ival)
    select.limit_count.CopyFrom(integer_node(most))
    select.limit_option = pb.LIMIT_OPTION_COUNT
    return most


def _walk(select: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    walk = QueryWalk()
    query = walk.select(select, None)
    return tuple(name for name, _ in query.columns), tuple(sorted(walk.tables))


def _emit(tree: Node) -> str:
    try:
        emitted: str = postgast.deparse(tree)
    except PgQueryError as error:
        raise RefusedSql("disagreement", f"the SQL could not be written out anew: {error.message}") from None
    return emitted


def _read_back(emitted: str, select: Node, max_rows: int) -> None:
    """What was written out has to be the very tree that was checked, and passes the same check."""
    try:
        again = _only_select(_parse(emitted))
        _put_limit(again, max_rows)
        _walk(again)
    except RefusedSql as refusal:
        raise RefusedSql("disagreement", f"{_READS_DIFFERENTLY}: {refusal.message}") from None
    if again != select:
        raise RefusedSql("disagreement", f"{_READS_DIFFERENTLY}; write it more plainly")
