"""The one owner of retries: tries per model, models in order, one deadline over all."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from llm.accepts import accepts
from llm.errors import LlmError, NoModelLeft, ParameterRejected, PromptTooLong
from llm.memory import ModelMemory
from llm.timing import Limits

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """Requests sent so far, over tries and models."""

    attempts: int = 0
    failures: list[LlmError] = field(default_factory=list)


def with_retries(
    send: Callable[[float], T], *, limits: Limits, read_timeout: float, tally: Tally, name: str
) -> T:
    """`send(timeout)` until it succeeds, fails for good, or tries or time run out."""
    tries = 0
    while True:
        limits.check()
        tries += 1
        tally.attempts += 1
        try:
            return send(min(read_timeout, limits.remaining()))
        except LlmError as error:
            error.attempts = tally.attempts
            if not error.retryable or tries >= limits.max_tries:
                raise
            delay = limits.timing.backoff(tries, error.retry_after)
            if delay >= limits.remaining():
                raise
            log.info("%s: %s; try %d of %d in %.1f s", name, error, tries + 1, limits.max_tries, delay)
        limits.timing.wait(delay, limits.cancel)


def over_models(
    send: Callable[[str, float], T],
    *,
    models: tuple[str, ...],
    memory: ModelMemory,
    limits: Limits,
    read_timeout: float,
    tally: Tally,
) -> tuple[str, T]:
    """The first model of the list that answers; a `send` that fails must have given nothing out."""
    ready, refusals = memory.choose(models, now=limits.timing.clock())
    tally.failures.extend(error.again() for error in refusals)
    for position, model in enumerate(ready):
        try:
            answer = with_retries(
                partial(_without_refused_features, send, model, memory, tally),
                limits=limits,
                read_timeout=read_timeout,
                tally=tally,
                name=model,
            )
        except LlmError as error:
            error.model = error.model or model
            if error.skip is None:
                raise
            tally.failures.append(error)
            memory.leave_alone(model, error, now=limits.timing.clock())
            rest = ready[position + 1 :]
            if isinstance(error, PromptTooLong) and not _has_more_room(rest, model):
                raise
            log.warning("%s; %s", error, f"asking {rest[0]} instead" if rest else "no model is left to ask")
        else:
            memory.welcome(model)
            return model, answer
    if len(tally.failures) == 1:
        raise tally.failures[0]
    raise NoModelLeft(tuple(tally.failures))


def _has_more_room(others: list[str], model: str) -> bool:
    return any(accepts(other).context_tokens > accepts(model).context_tokens for other in others)


def _without_refused_features(
    send: Callable[[str, float], T], model: str, memory: ModelMemory, tally: Tally, timeout: float
) -> T:
    """A 400 that names a parameter is answered by leaving that parameter out for this model from now on."""
    while True:
        try:
            return send(model, timeout)
        except ParameterRejected as error:
            if error.feature in memory.dropped(model):
                raise
            log.warning(
                "%s does not take %s; leaving it out from now on: %s", model, error.feature, error.detail
            )
            memory.drop(model, error.feature)
            tally.attempts += 1
