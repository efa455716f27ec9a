"""make, above us. It passes SIGTERM on to its recipe, but keeps to itself a SIGINT or SIGHUP that was sent to
it alone (a terminal sends Ctrl-C to everybody), and when it is killed nobody tells us."""

import os
import signal
from pathlib import Path

from launcher.embedded.deathsignal import die_with_parent

KEPT_BY_MAKE = (signal.SIGINT, signal.SIGHUP)


class Parent:
    def __init__(self) -> None:
        self._pid = os.getppid() if os.environ.get("MAKELEVEL") else 0
        if self._pid:
            die_with_parent(signal.SIGTERM, self._pid)
        self._caught_at_first = self._caught()

    def was_told_to_stop(self) -> bool:
        """Having caught one of these, make gives up its handler: the signal leaves the mask of the caught."""
        return bool(self._caught_at_first & ~self._caught())

    def _caught(self) -> int:
        """On Linux; elsewhere only the terminal's Ctrl-C works."""
        try:
            status = Path(f"/proc/{self._pid}/status").read_text()
        except OSError:
            return 0
        mask = int(status.partition("SigCgt:")[2].split()[0], 16)
        return mask & sum(1 << (signum - 1) for signum in KEPT_BY_MAKE)
