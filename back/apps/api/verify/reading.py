"""A piece of prose that says something checkable, before it is traced."""

from dataclasses import dataclass
from typing import Any, Literal

from apps.api.types import Claim, ClaimKind

# "told": a timeline tells it as an event's own moment
Role = Literal["told", "moment", "duration", "any"]
Unit = Literal["events", "persons", "vehicles", "ordinal", "factor", "range", "plain"]


@dataclass(frozen=True, slots=True)
class Saying:
    """`value` by kind: seconds (moment, duration), candidate seconds of a day (clock), a date, a number, a
    range of ages, a name. `grain` is the smallest unit that was said: 60 for "12분", 0.1 for "33.3 %"."""

    kind: ClaimKind
    start: int
    end: int
    text: str
    value: Any
    grain: float = 1.0
    role: Role = "any"
    unit: Unit = "plain"
    about: bool = False  # 약, 쯤, about
    bound: bool = False  # one end of a span, or a limit: 부터, 이상, between, at least

    def claim(self) -> Claim:
        kind: ClaimKind = "duration" if self.kind == "moment" and self.role == "duration" else self.kind
        return Claim(self.text, self.start, self.end, kind, self.value)
