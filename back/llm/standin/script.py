"""What a test tells the stand-in to answer, and what the stand-in remembers of each request."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FaultKind = Literal[
    "cut",  # the connection breaks
    "stall",  # nothing more comes
    "bad_crc",  # a frame with a wrong checksum
    "half_frame",  # a clean end in the middle of a frame
    "no_stop",  # a clean end without messageStop
    "no_metadata",  # messageStop, but no usage
    "exception",  # an exception frame
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks in a stream, after how many pieces of text."""

    kind: FaultKind
    after: int = 1
    code: str = "modelStreamErrorException"
    message: str = "the stream broke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A model's answer. `data` comes in the form that the request asks for: by schema, by tool or in text."""

    text: str = ""
    data: Any = None
    reasoning: str = ""
    stop: str | None = None
    usage: Mapping[str, int] | None = None
    delay: float = 0.0
    pieces: tuple[str, ...] | None = None
    """How a streamed text is cut up; by default every few characters."""
    pause: float = 0.0
    """Seconds between the pieces."""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """An error of the service, with its code, status and message."""

    code: str
    status: int
    message: str = "scripted failure"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Json:
    """Any body, for Retrieve, ApplyGuardrail, GetFoundationModel, InvokeModel."""

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are; with `cut` fewer than the header announces."""

    body: bytes
    cut: bool = False
    stall: bool = False


Answer = Reply | Fail | Json | Raw

Operation = Literal[
    "Converse",
    "ConverseStream",
    "InvokeModel",
    "CountTokens",
    "ApplyGuardrail",
    "Retrieve",
    "GetFoundationModel",
]


@dataclass(slots=True)
class Recorded:
    """A request as it came in."""

    operation: Operation
    target: str
    """The model's, guardrail's or knowledge base's id, unquoted."""
    path: str
    headers: Mapping[str, str]
    body: Any
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when the client went away before the answer was whole."""
