"""What this process has learnt about its models: which to leave alone for now, and what each refused."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from llm.accepts import Feature
from llm.errors import LlmError

SKIP_SECONDS = {"long": 600.0, "short": 20.0}
"""Retired and denied models are asked again after ten minutes: an operator may have fixed it."""


@dataclass(frozen=True, slots=True)
class _Skip:
    until: float
    error: LlmError


@dataclass(slots=True, eq=False)
class ModelMemory:
    """Shared by all threads of a process; a stale read costs one request, so only writes take the lock."""

    _skips: dict[str, _Skip] = field(default_factory=dict)
    _dropped: dict[str, frozenset[Feature]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def leave_alone(self, model: str, error: LlmError, *, now: float) -> None:
        seconds = SKIP_SECONDS.get(error.skip or "")
        if seconds is not None:
            with self._lock:
                self._skips[model] = _Skip(until=now + seconds, error=error.again())

    def welcome(self, model: str) -> None:
        """It answered: nothing is held against it any more."""
        if model in self._skips:
            with self._lock:
                self._skips.pop(model, None)

    def drop(self, model: str, feature: Feature) -> None:
        with self._lock:
            self._dropped[model] = self._dropped.get(model, frozenset()) | {feature}

    def dropped(self, model: str) -> frozenset[Feature]:
        return self._dropped.get(model, frozenset())

    def forget(self) -> None:
        with self._lock:
            self._skips.clear()
            self._dropped.clear()

    def choose(self, models: Sequence[str], *, now: float) -> tuple[list[str], list[LlmError]]:
        """The models to try, in order, and why the others are not tried.

        If none is left but some were only busy, those are tried after all: a model that may work beats none.
        """
        waiting = {m: s for m in models if (s := self._skips.get(m)) is not None and s.until > now}
        ready = [m for m in models if m not in waiting]
        if not ready:
            ready = [m for m in models if m in waiting and waiting[m].error.skip == "short"]
        return ready, [waiting[m].error for m in models if m in waiting and m not in ready]


PROCESS_MEMORY = ModelMemory()
