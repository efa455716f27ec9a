"""What an engine does for the pipeline, and the only ways in which it may fail."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from apps.api.asking.coverage import Span
from apps.api.asking.question import Question
from apps.api.types import Coverage, Engine, Evidence, Plan, Result, Similar


class EngineFailed(Exception):
    """The engine is of no use for this question; another may be. `code` goes into `fallback_reason`.

    `out_of_reach`: it would fail for the next question as well, so it is left alone for a while.
    """

    def __init__(
        self, code: str, detail: str = "", *, out_of_reach: bool = False, spent: "Spent | None" = None
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.out_of_reach = out_of_reach
        self.spent = spent or Spent()


class QuestionCancelled(Exception):
    """Whoever asked has gone away."""


@dataclass(frozen=True, slots=True)
class Spent:
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: Decimal | None = Decimal(0)

    def __add__(self, other: "Spent") -> "Spent":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Spent(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.cost_usd + other.cost_usd if known else None,  # type: ignore[operator]
        )


@dataclass
class Ledger:
    """What a question has cost so far: written down however it ends."""

    total: Spent = field(default_factory=Spent)

    def add(self, spent: Spent) -> None:
        self.total += spent


@dataclass(frozen=True, slots=True)
class Planned:
    """`span` is what a model says that its SQL searches; the offline engine says it in its query.

    `lookup`: what to look up in the knowledge base, where the question is about a meaning or a procedure. The
    plan may then be an answer without SQL.
    """

    plan: Plan
    spent: Spent = field(default_factory=Spent)
    span: Span | None = None
    lookup: str = ""
    # What to look for by likeness of meaning, where no column holds it; the plan may then be without SQL too.
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """SQL that was refused or failed, and the message to learn from."""

    sql: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a plan brought to light: everything an answer may speak of."""

    plan: Plan
    result: Result
    evidence: Evidence
    coverage: tuple[Coverage, ...] = ()
    # Passages of a knowledge base, where the question is about meaning.
    passages: tuple[str, ...] = ()
    # None where nothing was looked for by its meaning.
    similar: Similar | None = None
    # Whether it is of the data that the question was begun with; a replica may be behind.
    current: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """The end of a phrasing: the text with its `[[e:42]]` markers, and what it cost."""

    text: str
    model: str | None
    spent: Spent = field(default_factory=Spent)
    truncated: bool = False


class AskingEngine(Protocol):
    """Raises EngineFailed or QuestionCancelled, and nothing else that is expected."""

    name: Engine
    # Whether a mistake that is told may lead to a better plan.
    learns: bool
    # Whether it phrases by itself; if not, the templates are its voice.
    phrases: bool

    @property
    def unsettled(self) -> Spent:
        """What calls have cost that were broken off, as far as it can be told; no reply says it."""
        ...

    def plan(
        self, question: Question, *, mistakes: tuple[Mistake, ...], cancel: threading.Event
    ) -> Planned: ...

    def phrase(
        self,
        question: Question,
        found: Found,
        *,
        complaints: tuple[str, ...],
        cancel: threading.Event,
        live: bool,
    ) -> Iterator[str | Said]:
        """If `live`, pieces of text as they come; then one Said."""
        ...
