"""Text that remembers which of its characters speak of which event, and patterns that are filled with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    event_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rich:
    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: "Rich | str") -> "Rich":
        if isinstance(other, str):
            return Rich(self.text + other, self.marks)
        shift = len(self.text)
        moved = tuple(Mark(m.event_id, m.start + shift, m.end + shift) for m in other.marks)
        return Rich(self.text + other.text, self.marks + moved)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


def rich(value: Any) -> Rich:
    return value if isinstance(value, Rich) else Rich(str(value))


def cited(text: str, event_id: int) -> Rich:
    return Rich(text, (Mark(event_id, 0, len(text)),))


def join(separator: str, parts: Iterable["Rich | str"]) -> Rich:
    out = Rich()
    for index, part in enumerate(parts):
        out = (out + separator if index else out) + rich(part)
    return out


class MissingVariableError(KeyError):
    """A sentence asks for something that it was not given."""


def fill(pattern: str, values: Mapping[str, Any], inflect: Callable[[Rich, str], Rich]) -> Rich:
    """ "{event:이/가} 있었습니다": what stands after the colon says how the language bends the value."""
    out = Rich()
    for literal, name, spec, _ in Formatter().parse(pattern):
        out = out + literal
        if name is None:
            continue
        if values.get(name) is None:
            raise MissingVariableError(f"{name} in {pattern!r}")
        value = rich(values[name])
        out = out + (inflect(value, spec) if spec else value)
    return out
