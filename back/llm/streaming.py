"""A streamed answer: checked to its end, closed whatever happens, tried again only before the first word."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from llm.binding import RawEvent
from llm.calling import over_models
from llm.cancelling import Wire, cut_by, wire_here
from llm.errors import Cancelled, DeadlineExceeded, InvalidOutput, LlmError, StreamBroken
from llm.results import Completion, Stop, StopReason, StreamEvent, TextDelta, Tokens, Usage, UsageReport

if TYPE_CHECKING:
    from llm.client import Call, Llm


@dataclass(slots=True)
class _Received:
    """Of the answer so far; `model` is empty until one has begun to answer."""

    model: str = ""
    text: list[str] = field(default_factory=list)
    tokens: Tokens | None = None
    stop: StopReason | None = None


class TextStream:
    """An iterator of events; `completion` is the whole answer once `Stop` has come."""

    def __init__(self, llm: "Llm", call: "Call") -> None:
        self._llm = llm
        self._call = call
        self._received = _Received()
        self._events = _events(llm, call, self._received)
        self.completion: Completion | None = None

    @property
    def usage(self) -> Usage:
        """What it has cost until now: estimated as long as the provider has not said it."""
        return _usage(self._llm, self._call, self._received)

    def __iter__(self) -> Iterator[StreamEvent]:
        return self

    def __next__(self) -> StreamEvent:
        event = next(self._events)
        if isinstance(event, Stop):
            self.completion = event.completion
        return event

    def close(self) -> None:
        self._events.close()

    def __enter__(self) -> "TextStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _usage(llm: "Llm", call: "Call", received: _Received) -> Usage:
    lost, model = call.tally.lost, received.model
    if not model:
        return lost
    if received.tokens is not None:
        return lost + llm.usage(model, received.tokens)
    if received.stop is not None:
        # It ended as it should, and the provider chose not to say.
        return lost + Usage(cost_usd=None)
    return lost + llm.estimate(call, model, said="".join(received.text))


def _events(llm: "Llm", call: "Call", received: _Received) -> Generator[StreamEvent, None, None]:
    def open_(
        model: str, timeout: float
    ) -> tuple[list[RawEvent], Generator[RawEvent, None, None], Wire | None]:
        source = llm.binding.stream(llm.request(call, model), timeout=timeout)
        try:
            return _until_first_text(source), source, wire_here()
        except BaseException:
            source.close()
            raise

    model, (head, source, wire) = over_models(
        open_,
        models=call.models,
        memory=llm.memory,
        limits=call.limits,
        read_timeout=call.read_timeout,
        tally=call.tally,
        estimate=partial(llm.estimate, call),
    )
    received.model = model
    with closing(source), cut_by(call.limits.cancel, wire):
        try:
            for event in _chain(head, source):
                if isinstance(event, TextDelta):
                    _check(call)
                    received.text.append(event.text)
                    yield event
                elif isinstance(event, Tokens):
                    received.tokens = event
                else:
                    received.stop = event
            if received.stop is None:
                raise StreamBroken("the stream ended without a stop reason")
        except LlmError as error:
            cause = Cancelled() if call.limits.cancelled else error
            cause.model = error.model or model
            cause.attempts = call.tally.attempts
            cause.usage = _usage(llm, call, received)
            raise cause from error.__cause__
    usage, text, stop = _usage(llm, call, received), "".join(received.text), received.stop
    llm.refuse_blocked(stop, text=text, model=model, usage=usage)
    if not text.strip() and not stop.truncated:
        raise InvalidOutput(f"no text ({stop})", model=model, usage=usage)
    yield UsageReport(usage)
    yield Stop(
        Completion(
            text=text,
            stop_reason=stop,
            usage=usage,
            model=model,
            latency_ms=call.limits.elapsed_ms(),
            attempts=call.tally.attempts,
        )
    )


def _until_first_text(source: Iterator[RawEvent]) -> list[RawEvent]:
    """All events up to the first text: as long as it has not come, the request may be sent again."""
    head: list[RawEvent] = []
    for event in source:
        head.append(event)
        if isinstance(event, TextDelta):
            return head
    if not any(isinstance(event, StopReason) for event in head):
        raise StreamBroken("the stream ended before it began")
    return head


def _chain(head: list[RawEvent], source: Iterator[RawEvent]) -> Iterator[RawEvent]:
    yield from head
    yield from source


def _check(call: "Call") -> None:
    if call.limits.cancelled:
        raise Cancelled
    if call.limits.remaining() < 0:
        raise DeadlineExceeded(f"after {call.limits.elapsed_ms()} ms, in the middle of the answer")
