"""What a provider's binding has to do, and the plain request and reply that pass between."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from llm.accepts import Feature
from llm.messages import Prompt
from llm.results import EmbeddingKind, StopReason, TextDelta, Tokens

CacheTtl = Literal["5m", "1h"]


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON schema by name; the name is what the tool or the output format is called on the wire."""

    name: str
    schema: Mapping[str, Any]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One try at one model, with only what that model accepts."""

    model: str
    prompt: Prompt
    max_tokens: int
    temperature: float | None = None
    native_schema: Schema | None = None
    forced_tool: Schema | None = None
    cache: CacheTtl | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def features(self) -> frozenset[Feature]:
        """What a model may refuse with a 400, of the things that this request uses."""
        used = {
            "temperature": self.temperature is not None,
            "native_schema": self.native_schema is not None,
            "forced_tool": self.forced_tool is not None,
            "cache": self.cache is not None,
        }
        return frozenset(feature for feature, is_used in used.items() if is_used)


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    stop_reason: StopReason
    tokens: Tokens
    tool_input: Any = None
    """The forced tool's input: a parsed value, or the text that did not parse."""


def text_of(value: Any) -> str:
    """Answers are parsed leniently by the client libraries: what should be a text may be anything."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


RawEvent = TextDelta | Tokens | StopReason


class Binding(Protocol):
    """Raises nothing but llm.errors; sends each request once; retries and fallbacks are the caller's."""

    provider: str

    def complete(self, request: Request, *, timeout: float) -> Reply: ...

    def stream(self, request: Request, *, timeout: float) -> Generator[RawEvent, None, None]:
        """A generator whose close() closes the connection. The caller checks that a StopReason came."""

    def embed_batch_size(self, model: str) -> int: ...

    def embed(
        self, model: str, texts: Sequence[str], *, kind: EmbeddingKind, dimensions: int | None, timeout: float
    ) -> tuple[list[list[float]], Tokens]: ...

    def close(self) -> None: ...
