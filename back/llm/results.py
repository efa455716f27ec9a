"""What comes back: text, data, stream events, vectors, and what each of them cost."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal


class StopReason(StrEnum):
    END = "end"
    STOP_SEQUENCE = "stop_sequence"
    TOOL = "tool"
    MAX_TOKENS = "max_tokens"
    CONTEXT_FULL = "context_full"
    MALFORMED = "malformed"
    GUARDRAIL = "guardrail"
    FILTERED = "filtered"

    @property
    def truncated(self) -> bool:
        return self in (StopReason.MAX_TOKENS, StopReason.CONTEXT_FULL)


@dataclass(frozen=True, slots=True)
class Tokens:
    """`input` leaves out what was read from or written to the cache."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: Decimal | None = Decimal(0)
    """None where the model's price is unknown; a sum with an unknown part is unknown."""

    def __add__(self, other: "Usage") -> "Usage":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            cost_usd=self.cost_usd + other.cost_usd if known else None,  # type: ignore[operator]
        )


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    stop_reason: StopReason
    usage: Usage
    model: str
    latency_ms: int
    attempts: int
    """Requests sent for this answer, over all models tried."""

    @property
    def truncated(self) -> bool:
        """The answer was cut at a limit: never cache it, never show it as whole."""
        return self.stop_reason.truncated


Rung = Literal["native", "tool", "text"]


@dataclass(frozen=True, slots=True)
class DataCompletion:
    data: Any
    """Valid by the schema that was asked for."""
    rung: Rung
    repaired: bool
    usage: Usage
    model: str
    latency_ms: int
    attempts: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class UsageReport:
    usage: Usage


@dataclass(frozen=True, slots=True)
class Stop:
    """The last event of a stream that ended as it should; holds the whole answer."""

    completion: Completion


StreamEvent = TextDelta | UsageReport | Stop

EmbeddingKind = Literal["query", "document"]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors in the order of the texts. Store `model` with them: vectors of two models do not compare."""

    vectors: tuple[tuple[float, ...], ...]
    model: str
    dimensions: int
    usage: Usage
    latency_ms: int
    attempts: int
