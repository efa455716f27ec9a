"""A dead engine costs one probe now and then, not a timeout with each question."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PAUSE_SECONDS = 20.0


@dataclass
class Breaker:
    """Open after a failure; then one caller at a time may try again, once a pause is over."""

    pause: float = PAUSE_SECONDS
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _retry_at: float | None = None
    _code: str = ""

    def closed_for(self) -> str | None:
        """None: go ahead. Else why the last try failed, and nothing should be tried yet."""
        with self._lock:
            if self._retry_at is None:
                return None
            now = self.clock()
            if now < self._retry_at:
                return self._code
            # This caller is the probe; whoever comes meanwhile waits for its outcome.
            self._retry_at = now + self.pause
            return None

    def failed(self, code: str) -> None:
        with self._lock:
            self._retry_at = self.clock() + self.pause
            self._code = code

    def worked(self) -> None:
        with self._lock:
            self._retry_at = None

    def reset(self) -> None:
        self.worked()


BREAKERS: dict[str, Breaker] = {"bedrock": Breaker(), "text2sql": Breaker(pause=3.0)}
