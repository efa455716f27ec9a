"""The one owner of retries: tries per model, models in order, one deadline over all."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from llm.accepts import accepts
from llm.cancelling import sending
from llm.errors import Cancelled, LlmError, NoModelLeft, ParameterRejected, PromptTooLong
from llm.memory import ModelMemory
from llm.results import Usage
from llm.timing import Limits

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """Requests sent so far, over tries and models."""

    attempts: int = 0
    failures: list[LlmError] = field(default_factory=list)
    lost: Usage = field(default_factory=Usage)
    """Estimated: what requests cost that were broken off while the provider was at work."""


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
            with sending(limits.cancel):
                return send(min(read_timeout, limits.remaining()))
        except LlmError as error:
            error.attempts = tally.attempts
            if limits.cancelled:
                raise _cut(error) from error
            if not error.retryable or tries >= limits.max_tries:
                raise
            delay = limits.timing.backoff(tries, error.retry_after)
            if delay >= limits.remaining():
                raise
            log.info("%s: %s; try %d of %d in %.1f s", name, error, tries + 1, limits.max_tries, delay)
        limits.timing.wait(delay, limits.cancel)


def _cut(error: LlmError) -> Cancelled:
    """Whatever the cut looked like from inside, it says nothing about the model."""
    cancelled = Cancelled(model=error.model)
    cancelled.attempts = error.attempts
    cancelled.unsettled = True
    return cancelled


def over_models(
    send: Callable[[str, float], T],
    *,
    models: tuple[str, ...],
    memory: ModelMemory,
    limits: Limits,
    read_timeout: float,
    tally: Tally,
    estimate: Callable[[str], Usage],
) -> tuple[str, T]:
    """The first model of the list that answers; a `send` that fails must have given nothing out.

    `estimate` is what a request to a model costs at least. The usage of an error is what all tries have cost.
    """
    try:
        return _first_that_answers(
            send,
            models=models,
            memory=memory,
            limits=limits,
            read_timeout=read_timeout,
            tally=tally,
            estimate=estimate,
        )
    except LlmError as error:
        error.usage = tally.lost + (error.usage or Usage())
        raise


def _first_that_answers(
    send: Callable[[str, float], T],
    *,
    models: tuple[str, ...],
    memory: ModelMemory,
    limits: Limits,
    read_timeout: float,
    tally: Tally,
    estimate: Callable[[str], Usage],
) -> tuple[str, T]:
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
            if error.unsettled:
                tally.lost += estimate(model)
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
