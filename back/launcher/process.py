"""One line of the Procfile as a process: started, restarted, ended."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher.embedded.deathsignal import dies_with_parent

# Every process of a run carries this, so that the next run can find what a crash left.
MARK = "PLAYHEAD_RUN"
LINE_LIMIT = 64 * 1024
FIRST_DELAY, LONGEST_DELAY = 0.5, 15.0
STEADY_SECONDS = 30.0


@dataclass
class Process:
    name: str
    command: str
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float | None = 0.0
    partial: bytearray = field(default_factory=bytearray)

    def start(self, *, environment: Mapping[str, str], root: Path) -> None:
        self.child = subprocess.Popen(
            # exec: the process itself is our child, not a shell in between. A group of its own: Ctrl-C goes
            # to the runner, which ends things in order.
            ["/bin/sh", "-c", f"exec {self.command}"],
            cwd=root, env=dict(environment), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip
        assert self.child.stdout is not None
        os.set_blocking(self.child.stdout.fileno(), False)
        self.started_at = time.monotonic()
        self.due_at = None

    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def plan_restart(self) -> float:
        """Seconds to wait: longer each time it dies young."""
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.failures = 0
        self.failures += 1
        delay: float = min(FIRST_DELAY * 2 ** (self.failures - 1), LONGEST_DELAY)
        self.due_at = time.monotonic() + delay
        return delay

    def read_lines(self) -> list[bytes]:
        """What it printed since last time, in whole lines."""
        if self.child is None or self.child.stdout is None or self.child.stdout.closed:
            return []
        lines: list[bytes] = []
        while True:
            try:
                chunk = os.read(self.child.stdout.fileno(), 65536)
            except BlockingIOError:
                return lines
            if not chunk:
                self.child.stdout.close()
                return [*lines, *self._rest()]
            self.partial += chunk
            *whole, rest = bytes(self.partial).split(b"\n")
            lines += whole
            self.partial = bytearray(rest)
            if len(rest) > LINE_LIMIT:
                lines += self._rest()

    def close(self) -> list[bytes]:
        """After its end: the rest of its words, and whatever is left of its group."""
        lines = self.read_lines()
        if self.child is not None:
            self.signal(signal.SIGKILL)
            if self.child.stdout is not None:
                self.child.stdout.close()
        return [*lines, *self._rest()]

    def signal(self, signum: signal.Signals) -> None:
        """To the whole group where it is a kill, to the process alone where it ends its own children."""
        if self.child is None:
            return
        try:
            if signum == signal.SIGKILL:
                os.killpg(self.child.pid, signum)
            else:
                self.child.send_signal(signum)
        except (ProcessLookupError, PermissionError):
            pass

    def _rest(self) -> list[bytes]:
        rest, self.partial = bytes(self.partial), bytearray()
        return [rest] if rest else []
