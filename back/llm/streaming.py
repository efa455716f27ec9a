"""A streamed answer: checked to its end, closed whatever happens, tried again only before the first word."""

from collections.abc import Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING

from llm.binding import RawEvent
from llm.calling import over_models
from llm.errors import Cancelled, DeadlineExceeded, InvalidOutput, LlmError, StreamBroken
from llm.results import Completion, Stop, StopReason, StreamEvent, TextDelta, Tokens, Usage, UsageReport

if TYPE_CHECKING:
    from llm.client import Call, Llm


class TextStream:
    """An iterator of events; `completion` is the whole answer once `Stop` has come."""

    def __init__(self, llm: "Llm", call: "Call") -> None:
        self._events = _events(llm, call)
        self.completion: Completion | None = None

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


def _events(llm: "Llm", call: "Call") -> Generator[StreamEvent, None, None]:
    def open_(model: str, timeout: float) -> tuple[list[RawEvent], Generator[RawEvent, None, None]]:
        source = llm.binding.stream(llm.request(call, model), timeout=timeout)
        try:
            return _until_first_text(source), source
        except BaseException:
            source.close()
            raise

    model, (head, source) = over_models(
        open_,
        models=call.models,
        memory=llm.memory,
        limits=call.limits,
        read_timeout=call.read_timeout,
        tally=call.tally,
    )
    text: list[str] = []
    tokens: Tokens | None = None
    stop: StopReason | None = None
    with closing(source):
        try:
            for event in _chain(head, source):
                if isinstance(event, TextDelta):
                    _check(call)
                    text.append(event.text)
                    yield event
                elif isinstance(event, Tokens):
                    tokens = event
                else:
                    stop = event
        except LlmError as error:
            error.model = error.model or model
            error.attempts = call.tally.attempts
            raise
    usage = llm.usage(model, tokens) if tokens else Usage(cost_usd=None)
    if stop is None:
        raise StreamBroken("the stream ended without a stop reason", model=model, usage=usage)
    llm.refuse_blocked(stop, text="".join(text), model=model, usage=usage)
    if not "".join(text).strip() and not stop.truncated:
        raise InvalidOutput(f"no text ({stop})", model=model, usage=usage)
    yield UsageReport(usage)
    yield Stop(
        Completion(
            text="".join(text),
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
    if call.limits.cancel is not None and call.limits.cancel.is_set():
        raise Cancelled
    if call.limits.remaining() < 0:
        raise DeadlineExceeded(f"after {call.limits.elapsed_ms()} ms, in the middle of the answer")
