"""What the guard says when it refuses: a code for machines, a sentence for the model that wrote the SQL."""

from typing import Literal

Code = Literal[
    "too_long",  # more text than a question ever needs
    "bad_text",  # NUL, lone surrogates, control characters
    "too_deep",  # nested or chained further than a parser should be made to follow
    "syntax",  # PostgreSQL's parser says no
    "statement",  # not exactly one SELECT
    "placeholder",  # $1, %s: something a driver would fill in
    "construct",  # a piece of SQL that is not on the list
    "table",
    "column",
    "whole_row",  # a table's name where a value is meant
    "alias",  # a name that would mean two things
    "join",  # tables put beside each other without a condition
    "function",
    "operator",
    "type",
    "clock",  # the server's time, where the question's own is meant
    "constant",  # a value that has to be written out, or lies outside its bounds
    "limit",
    "size",  # a value that could grow too large
    "disagreement",  # the second parser, or the second reading of what was re-emitted, saw something else
]


class RefusedSql(Exception):
    """`position` counts characters of the SQL that came in, from 0; None where no place can be named."""

    def __init__(self, code: Code, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.position = position
