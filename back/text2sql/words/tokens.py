"""What the reader sees: words with the senses they may have."""

from dataclasses import dataclass, replace
from typing import NamedTuple


class Sense(NamedTuple):
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Token:
    """`form` says how the token was found: word, verb, number, josa, ending, unknown, mark."""

    start: int
    end: int
    text: str
    form: str
    senses: tuple[Sense, ...] = ()
    number: float | None = None
    space_before: bool = True
    corrected_from: str | None = None

    def has(self, kind: str, *values: str) -> bool:
        return any(s.kind == kind and (not values or s.value in values) for s in self.senses)

    def value(self, kind: str) -> str | None:
        return next((s.value for s in self.senses if s.kind == kind), None)

    def only(self, kind: str, value: str | None = None) -> "Token":
        return replace(
            self,
            senses=tuple(s for s in self.senses if s.kind == kind and (value is None or s.value == value)),
        )
