"""The outcome of the probes, kept for a moment: anybody may ask, and each round writes to the storage."""

import threading
import time
from typing import Any

from apps.api.health import probes

KEPT_SECONDS = 2.0

Looked = list[dict[str, Any]]


class Outcome:
    """One for all threads of a process, of which one at a time looks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[float, Looked] | None = None

    def probed(self) -> Looked:
        """Whoever comes while another looks gets what is known, if anything is: a flood of requests shall not
        hold a thread each while a probe waits for what does not answer."""
        latest = self._latest
        if latest and _is_fresh(latest):
            return latest[1]
        if not self._lock.acquire(blocking=latest is None):
            assert latest is not None
            return latest[1]
        try:
            latest = self._latest  # another may have looked while this one waited
            if not (latest and _is_fresh(latest)):
                looked = [probes.look_at(probe) for probe in probes.PROBES]
                self._latest = latest = (time.monotonic(), looked)
            return latest[1]
        finally:
            self._lock.release()

    def forget(self) -> None:
        self._latest = None


def _is_fresh(outcome: tuple[float, Looked]) -> bool:
    return time.monotonic() - outcome[0] < KEPT_SECONDS


OUTCOME = Outcome()
