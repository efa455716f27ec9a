"""One total deadline for a call, and waiting that a cancellation ends at once."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from llm.errors import Cancelled, DeadlineExceeded

BACKOFF_BASE = 0.5
BACKOFF_CAP = 8.0
SHORTEST_TRY = 0.05
"""With less than this left, a try could only time out."""


def _wait(seconds: float, cancel: threading.Event | None) -> None:
    if cancel is None:
        time.sleep(seconds)
    else:
        cancel.wait(seconds)


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock, sleep and dice, so that tests need not wait."""

    clock: Callable[[], float] = time.monotonic
    wait: Callable[[float, threading.Event | None], None] = _wait
    dice: Callable[[], float] = random.random

    def backoff(self, tries: int, retry_after: float | None) -> float:
        """Full jitter: callers that failed together do not come back together. `Retry-After` is a floor."""
        delay: float = self.dice() * min(BACKOFF_CAP, BACKOFF_BASE * 2 ** (tries - 1))
        return max(delay, retry_after or 0.0)


REAL_TIME = Timing()


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds one call as a whole, however many tries and models it takes."""

    timing: Timing
    ends_at: float
    max_tries: int
    cancel: threading.Event | None = None
    started_at: float = field(default=0.0)

    @classmethod
    def start(
        cls, *, timing: Timing, seconds: float, max_tries: int, cancel: threading.Event | None
    ) -> "Limits":
        now = timing.clock()
        return cls(timing=timing, ends_at=now + seconds, max_tries=max_tries, cancel=cancel, started_at=now)

    def remaining(self) -> float:
        return self.ends_at - self.timing.clock()

    def elapsed_ms(self) -> int:
        return round((self.timing.clock() - self.started_at) * 1000)

    @property
    def cancelled(self) -> bool:
        return self.cancel is not None and self.cancel.is_set()

    def check(self) -> None:
        if self.cancelled:
            raise Cancelled
        if self.remaining() < SHORTEST_TRY:
            raise DeadlineExceeded(f"after {self.elapsed_ms()} ms")
