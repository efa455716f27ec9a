"""One way to read some characters of a question; the lattice is made of them."""

from typing import NamedTuple

from text2sql.words.tokens import Sense


class Edge(NamedTuple):
    """One way to read the characters from where it is kept up to `end`."""

    end: int
    form: str
    cost: float
    senses: tuple[Sense, ...] = ()
    number: float | None = None
    corrected_from: str | None = None
    lemma: str | None = None
