"""What the reader sees: words with the senses they may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    by_kind: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_kind: dict[str, tuple[str, ...]] = {}
        for kind, value in self.senses:
            by_kind[kind] = (*by_kind.get(kind, ()), value)
        object.__setattr__(self, "by_kind", by_kind)

    def has(self, kind: str, *values: str) -> bool:
        found = self.by_kind.get(kind)
        return found is not None and (not values or one_of(values, found))

    def value(self, kind: str) -> str | None:
        found = self.by_kind.get(kind)
        return found[0] if found else None


def one_of(values: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """Both are short: a set would take longer to make than to look through."""
    for value in values:  # noqa: SIM110  any() would take twice as long
        if value in found:
            return True
    return False
