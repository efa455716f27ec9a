"""The one pass over the text before any parser recurses into it."""

import re
from collections.abc import Iterable
from typing import Any

import postgast
from postgast import PgQueryError
from postgast.pg_query_pb2 import Token

from apps.api.guard.refusal import RefusedSql

MAX_CHARS = 10_000
MAX_TOKENS = 1_500
MAX_DEPTH = 120  # brackets, plus the chained words and operators that nest without a bracket
MAX_BRACKETS = 32
MAX_JOINS = 24
MAX_SELECTS = 40
MAX_COMMENTS = 50

# Tab, line feed and carriage return are the only control characters that SQL is written with.
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_OPERATOR_RUN = re.compile(r"[-+*/<>=~!@#%^&|`?]{100}")
_PLACEHOLDER = re.compile(r"%s|%\(|:\w")

# An enum's members are looked up by name each time; this pass asks for every word of the SQL.
_DOT, _AS, _CASE, _END = Token.ASCII_46, Token.AS, Token.CASE, Token.END_P
_SELECT, _JOIN, _PARAM = Token.SELECT, Token.JOIN, Token.PARAM
_OPENING = frozenset({Token.ASCII_40, Token.ASCII_91, _CASE})
_CLOSING = {Token.ASCII_41: Token.ASCII_40, Token.ASCII_93: Token.ASCII_91, _END: _CASE}
# After one of these the chain before it is finished: what follows is its neighbour, not its child.
_NEIGHBOUR = frozenset(
    {
        Token.ASCII_44,  # a comma
        _SELECT,
        _AS,
        Token.AND,
        Token.OR,
        Token.WHEN,
        Token.THEN,
        Token.ELSE,
        Token.FROM,
        Token.WHERE,
        Token.GROUP_P,
        Token.HAVING,
        Token.ORDER,
        Token.LIMIT,
        Token.ON,
    }
)
_COMMENTS = frozenset({Token.C_COMMENT, Token.SQL_COMMENT})
_SET_OPERATIONS = frozenset({Token.UNION, Token.INTERSECT, Token.EXCEPT})


def check_text(sql: str) -> None:
    """Refuses what is too long, not text, or nested so deep that a recursive parser could overflow on it.

    PostgreSQL's own lexer cuts the tokens, so strings, dollar quotes and comments hide nothing from the
    count. It does not recurse; the parser and the deparser do, on the C stack, and must not see such a text.
    """
    if len(sql) > MAX_CHARS:
        raise RefusedSql("too_long", f"the SQL has {len(sql)} characters; at most {MAX_CHARS} are allowed")
    if bad := _UNWANTED.search(sql):
        raise RefusedSql(
            "bad_text",
            f"the SQL holds the character U+{ord(bad[0]):04X}, which is not text",
            bad.start(),
        )
    # At each of these the lexer reads ahead and then steps back: a long run of them takes it quadratic time.
    if sql.count("/*") > MAX_COMMENTS or _OPERATOR_RUN.search(sql):
        raise RefusedSql("too_long", "the SQL has too many comments or signs in a row; leave them out")
    try:
        tokens = postgast.scan(sql).tokens
    except PgQueryError as error:
        raise syntax_refusal(sql, error) from None
    except UnicodeDecodeError:  # of a message that was cut inside a character
        raise RefusedSql("syntax", "the SQL cannot be read") from None
    if len(tokens) > MAX_TOKENS:
        raise RefusedSql("too_long", f"the SQL has {len(tokens)} words and signs; {MAX_TOKENS} are allowed")
    _check_depth(sql, tokens)


def _check_depth(sql: str, tokens: Iterable[Any]) -> None:
    chains = [0]  # how far each open bracket's content is chained; brackets count as one
    depth = 0  # their sum
    opened: list[int] = []
    selects = joins = set_operations = 0
    before = None
    for token in tokens:
        kind = token.token
        if kind in _COMMENTS:
            continue
        if kind == _PARAM:
            raise RefusedSql(
                "placeholder",
                "placeholders such as $1 are not allowed; write the value itself",
                position_of(sql, token.start),
            )
        named = kind in (_CASE, _END) and before in (_DOT, _AS)  # t.case, AS end: a name, not a keyword
        before = kind
        if kind in _OPENING and not named:
            opened.append(kind)
            chains.append(1)
            depth += 1
        elif kind in _CLOSING and not named:
            if opened and opened[-1] == _CLOSING[kind]:
                opened.pop()
                depth -= chains.pop()
        elif kind in _NEIGHBOUR:
            depth -= chains[-1]
            chains[-1] = 0
            selects += kind == _SELECT
        else:
            chains[-1] += 1
            depth += 1
            joins += kind == _JOIN
            set_operations += kind in _SET_OPERATIONS
        if depth > MAX_DEPTH or len(opened) > MAX_BRACKETS:
            raise RefusedSql("too_deep", "the SQL is nested too deep", position_of(sql, token.start))
    if joins > MAX_JOINS or selects > MAX_SELECTS or set_operations > MAX_JOINS:
        raise RefusedSql("too_deep", "the SQL has too many SELECTs, JOINs or UNIONs")


def syntax_refusal(sql: str, error: PgQueryError) -> RefusedSql:
    position = position_of(sql, error.cursorpos - 1)
    if position is not None and _PLACEHOLDER.match(sql, position):
        return RefusedSql("placeholder", "placeholders are not allowed; write the value itself", position)
    return RefusedSql("syntax", error.message, position)


def position_of(sql: str, byte_offset: int) -> int | None:
    """PostgreSQL counts bytes of UTF-8; people and editors count characters."""
    if byte_offset < 0:
        return None
    return len(sql.encode("utf-8")[:byte_offset].decode("utf-8", errors="ignore"))
