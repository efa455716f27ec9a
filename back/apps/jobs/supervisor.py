"""Keeps the worker's processes running: those for heavy jobs, and one for everything else.

They are forked from a process that has loaded the code and opened nothing, so one that died is replaced in
milliseconds.
"""

import contextlib
import logging
import os
import signal
import sys
import time

from apps.jobs.lane import serve
from apps.jobs.queue import HEAVY_LANE, LIGHT_LANE, Lane

logger = logging.getLogger(__name__)

# How long a job has, after the signal, to reach its next checkpoint.
STOP_SECONDS = 5.0
# A process that dies at once, again and again, is not restarted without a pause.
SHORTEST_LIFE = 5.0
PAUSE = 2.0


class Supervisor:
    def __init__(self, *, heavy: int, stop_seconds: float = STOP_SECONDS) -> None:
        self._stop_seconds = stop_seconds
        self._wanted = [LIGHT_LANE] + [HEAVY_LANE] * heavy
        self._running: dict[int, tuple[Lane, float]] = {}
        self._stopping = False
        self._read_end, self._write_end = os.pipe()

    def run(self) -> None:
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._stop)
        for lane in self._wanted:
            self._start(lane)
        try:
            while self._running:
                self._reap()
        finally:
            for pid in self._running:
                _kill(pid, signal.SIGKILL)

    def _start(self, lane: Lane) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # A stop that arrives between the fork and the entry below would miss the child.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        pid = os.fork()
        if pid == 0:
            self._be(lane)
        self._running[pid] = (lane, time.monotonic())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})

    def _be(self, lane: Lane) -> None:
        status = 1
        try:
            for signum in (signal.SIGTERM, signal.SIGINT):
                signal.signal(signum, signal.SIG_DFL)
            os.close(self._write_end)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
            serve(lane, parent=self._read_end)
            status = 0
        except BaseException:
            logger.exception("a worker process ended by an error")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _reap(self) -> None:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            pid, status = 0, 0
        if pid not in self._running:
            time.sleep(0.1)
            if self._stopping and time.monotonic() > self._deadline:
                for late in self._running:
                    _kill(late, signal.SIGKILL)
            return
        lane, since = self._running.pop(pid)
        if self._stopping:
            return
        logger.warning("a worker process (%s) ended with status %d; starting another", lane.name, status)
        if time.monotonic() - since < SHORTEST_LIFE:
            time.sleep(PAUSE)
        if not self._stopping:
            self._start(lane)

    def _stop(self, *_: object) -> None:
        if not self._stopping:
            self._stopping = True
            self._deadline = time.monotonic() + self._stop_seconds
        for pid in self._running:
            _kill(pid, signal.SIGTERM)


def _kill(pid: int, signum: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signum)
