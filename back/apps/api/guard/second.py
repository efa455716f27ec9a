"""The second opinion: the words of what was re-emitted are read once more, in a row, without any tree.

It shares no rule with the walk over the tree but the lists of tables, columns, functions and types. It knows
no scopes and need not: it is to notice when the parser, the walk or the deparser was fooled, and for that it
looks at the very text that the database gets. Its time grows with the length of the text and with nothing
else: nesting costs it nothing (decision 0032).
"""

from dataclasses import dataclass

import postgast
from postgast import PgQueryError
from postgast import pg_query_pb2 as pb

from apps.api.guard.allowed import (
    COLUMN_NAMES,
    FUNCTIONS,
    OPERATORS,
    SCHEMA,
    SYNTAX_FUNCTIONS,
    TABLE_FUNCTIONS,
    TABLES,
    TYPES,
)
from apps.api.guard.refusal import RefusedSql


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What a SELECT is written with. A keyword that is not here is refused, unless it is a name that is known.
_KEYWORDS = _words("""
    all and any array as asc at between both by case coalesce cross cube current day desc distinct
    double else end escape except exclude exists extract false fetch filter first following for format
    from full greatest group grouping groups having hour ilike in inner intersect interval is isnull
    join last lateral leading least left like limit materialized minute month no normalize not notnull
    null nullif nulls offset on only or order others outer over overlaps partition position preceding
    precision range right rollup row rows second select sets some substring symmetric then ties time
    timestamp to trailing trim true unbounded union unknown using values varying when where window with
    within without year zone
""")
_TYPE_WORDS = frozenset(TYPES) | _words("""
    bigint boolean character date decimal double float int integer interval numeric precision real
    smallint time timestamp varchar varying text with without zone pg_catalog bool
""")
_CALLS = (
    frozenset(FUNCTIONS) | frozenset(SYNTAX_FUNCTIONS) | frozenset(TABLE_FUNCTIONS) | {"like_escape", "row"}
)
# The names that PostgreSQL gives to columns without an alias.
_UNNAMED = (
    _CALLS
    | frozenset(TYPES)
    | _words("""
    ?column? case coalesce greatest least nullif exists array grouping column1 column2 column3 column4 column5
    column6 column7 column8
""")
)
_SIGNS = _words("( ) [ ] , . :: := =>") | OPERATORS | {"!="}
_CONSTANTS = frozenset({pb.Token.ICONST, pb.Token.FCONST, pb.Token.SCONST})
_NO_KEYWORD = pb.KeywordKind.NO_KEYWORD
_RESERVED = pb.KeywordKind.RESERVED_KEYWORD
# After FOR they would lock rows.
_LOCKS = frozenset({"share", "update", "key", "no"})


@dataclass(frozen=True, slots=True)
class Word:
    text: str  # a name without its quotes, anything else in lower case
    is_name: bool  # could it name a column, a table, a function or a type?
    is_constant: bool = False
    is_quoted: bool = False


_NOTHING = Word("", is_name=False)


def check_again(sql: str, *, limit: int) -> None:
    words = _read(sql)
    _Reading(words).check(limit)


def _read(sql: str) -> list[Word]:
    try:
        tokens = postgast.scan(sql).tokens
    except (PgQueryError, UnicodeDecodeError):
        raise _disagree("it cannot be read") from None
    text = sql.encode()
    return [_word(token, text[token.start : token.end].decode()) for token in tokens]


def _word(token: object, text: str) -> Word:
    kind, keyword = token.token, token.keyword_kind  # type: ignore[attr-defined]
    if kind in _CONSTANTS:
        return Word(text, is_name=False, is_constant=True)
    if kind == pb.Token.IDENT:
        if text.startswith('"'):
            return Word(text[1:-1].replace('""', '"'), is_name=True, is_quoted=True)
        return Word(text.lower(), is_name=True)
    if keyword != _NO_KEYWORD:
        return Word(text.lower(), is_name=keyword != _RESERVED)
    if text not in _SIGNS:
        raise _disagree(f"it holds {text[:20]}")
    return Word(text, is_name=False)


class _Reading:
    def __init__(self, words: list[Word]) -> None:
        self._words = [_NOTHING, _NOTHING, _NOTHING, *words, _NOTHING, _NOTHING]
        self._places = range(3, len(self._words) - 2)
        self._closing = _closing_brackets(self._words)
        self._ctes = self._cte_names()
        self._given = self._given_names()
        self._known = COLUMN_NAMES | _UNNAMED | self._given

    def check(self, limit: int) -> None:
        if self._words[3].text not in {"select", "with", "("}:
            raise _disagree("it is not one SELECT")
        for at in self._places:
            self._check_word(at)
        self._check_limit(limit)

    def _given_names(self) -> frozenset[str]:
        """Those that the text itself gives to tables, columns, windows and arguments."""
        given = set(self._ctes)
        for at in self._places:
            word, after = self._words[at], self._words[at + 1].text
            named_argument = after in {":=", "=>"}
            window = after == "as" and self._words[at + 2].text == "("
            if not word.is_name or not (self._is_alias(at) or named_argument or window or self._is_cte(at)):
                continue
            given.add(word.text)
            if after == "(":
                given |= self._in_brackets(at + 1)
        return frozenset(given)

    def _cte_names(self) -> frozenset[str]:
        return frozenset(self._words[at].text for at in self._places if self._is_cte(at))

    def _is_cte(self, at: int) -> bool:
        """WITH name AS (…), or WITH name (columns) AS (…)."""
        word, before = self._words[at], self._words[at - 1].text
        if not word.is_name or before not in {"with", ","}:
            return False
        end = (
            self._closing.get(at + 1, len(self._words) - 1) + 1 if self._words[at + 1].text == "(" else at + 1
        )
        after = self._words[end : end + 2]
        return len(after) == 2 and after[0].text == "as" and after[1].text in {"(", "materialized", "not"}

    def _is_alias(self, at: int) -> bool:
        """Behind AS, or right behind a table or a bracket: nothing else may stand there."""
        before, word = self._words[at - 1], self._words[at]
        if before.text == "as" and not before.is_quoted:
            return True
        if not word.is_name or (word.text in _KEYWORDS and not word.is_quoted):
            return False
        behind_table = before.text in TABLES and self._words[at - 2].text == "."
        behind_cte = before.text in self._ctes and self._words[at - 2].text in {
            "from",
            "join",
            ",",
            "lateral",
        }
        return before.text == ")" or behind_table or behind_cte

    def _in_brackets(self, at: int) -> set[str]:
        return {word.text for word in self._words[at : self._closing.get(at, at)] if word.is_name}

    def _check_word(self, at: int) -> None:
        word = self._words[at]
        if word.text == "*" and not word.is_name:
            self._check_star(at)
        elif word.text == "for" and self._words[at + 1].text in _LOCKS:
            raise _disagree("it locks rows")
        elif word.is_name or (word.text.isidentifier() and not word.is_constant):
            self._check_name(at)

    def _check_star(self, at: int) -> None:
        before = self._words[at - 1].text
        counted = before == "(" and self._words[at - 2].text == "count"
        if not counted and before in {"(", ",", ".", "select", "distinct", "all"}:
            raise _disagree("it holds *")

    def _check_name(self, at: int) -> None:
        word, before, after = self._words[at], self._words[at - 1].text, self._words[at + 1]
        if before == "::" or (before == "." and self._words[at - 3].text == "::"):
            self._has_to_be(word, word.text in _TYPE_WORDS, "uses the type")
        elif before == ".":
            self._check_qualified(at)
        elif after.text == ".":
            named = self._given | TABLES.keys() | {SCHEMA, "pg_catalog"}
            self._has_to_be(word, word.text in named, "reads")
        elif self._is_alias(at) or (word.text in _KEYWORDS and not word.is_quoted):
            pass
        elif after.text == "(" and word.is_name:
            self._has_to_be(word, word.text in _CALLS or self._is_cte(at), "calls")
        elif after.is_constant:
            self._has_to_be(word, word.text in _TYPE_WORDS, "uses the type")
        else:
            self._has_to_be(word, word.text in self._known or word.text in _TYPE_WORDS, "reads")

    def _check_qualified(self, at: int) -> None:
        word, qualifier = self._words[at], self._words[at - 2].text
        if qualifier == "pg_catalog":
            self._has_to_be(word, word.text in _CALLS and self._words[at + 1].text == "(", "calls")
        elif self._words[at + 1].text == "(":
            raise _disagree(f"it calls {word.text}")
        elif qualifier == SCHEMA and self._words[at - 3].text != ".":
            self._has_to_be(word, word.text in TABLES, "reads")
        else:
            self._has_to_be(word, word.text in self._known, "reads")

    def _has_to_be(self, word: Word, holds: bool, does: str) -> None:
        if not holds:
            raise _disagree(f"it {does} {word.text[:60]}")

    def _check_limit(self, limit: int) -> None:
        depth, limits = 0, []
        for at, word in enumerate(self._words):
            if not word.is_constant:
                depth += (word.text == "(") - (word.text == ")")
                if word.text == "limit" and depth == 0 and not word.is_quoted:
                    limits.append(self._words[at + 1].text)
        if limits != [str(limit)]:
            raise _disagree(f"its limit is not {limit}")


def _closing_brackets(words: list[Word]) -> dict[int, int]:
    """Where each round bracket is closed."""
    opened, closing = [], {}
    for at, word in enumerate(words):
        if word.text == "(":
            opened.append(at)
        elif word.text == ")" and opened:
            closing[opened.pop()] = at
    return closing


def _disagree(what: str) -> RefusedSql:
    return RefusedSql("disagreement", f"a second reading of the SQL says: {what}")
