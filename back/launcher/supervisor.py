"""Runs the lines of a Procfile side by side: restarts what dies, prints what they say, ends all in order.

honcho reads the Procfile and prints the lines; its own manager ends everything as soon as one process dies
and leaves the others behind when it is killed itself, so the watching is done here. One thread: a child's
death signal is tied to the thread that started it.
"""

import contextlib
import datetime
import errno
import io
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from launcher.environment import RunError
from launcher.process import Process

TICK_SECONDS = 0.1
STOP_SECONDS = 12.0
TRIES_BEFORE_READY = 5
# A log on a full disk is no reason to stop what serves.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Supervisor:
    def __init__(self, commands: Mapping[str, str], *, environment: Mapping[str, str], root: Path) -> None:
        self.environment = environment
        self.root = root
        self.processes = [Process(name, command) for name, command in commands.items()]
        self.ready = False
        self.stop_signal: int | None = None
        self._printer = Printer(sys.stdout, width=max(len(name) for name in [*commands, "playhead"]))
        self._colours = dict(zip(commands, get_colours(), strict=False))
        self._wake_read, self._wake_write = os.pipe()
        self._lost = 0
        self._buffered: TextIO | None = None
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)

    def request_stop(self, signum: int) -> None:
        """Safe in a signal handler; a second one changes nothing."""
        if self.stop_signal is None:
            self.stop_signal = signum
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b"x")

    def run(self, every_tick: Callable[[], Any]) -> None:
        """Until a stop is asked for. Raises RunError if a process never comes up."""
        while self.stop_signal is None:
            for process in self.processes:
                self._look_after(process)
            every_tick()
            self._wait()

    def stop(self) -> None:
        running = [process for process in self.processes if process.is_running()]
        for process in running:
            process.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(process.is_running() for process in running) and time.monotonic() < deadline:
            self._wait()
        for process in self.processes:
            if process.is_running():
                self.say(f"{process.name} does not end; killing it")
            process.signal(signal.SIGKILL)
        for process in self.processes:
            if process.child is not None:
                process.child.wait()
                self._print(process, process.close())

    def say(self, text: str) -> None:
        self._write("playhead", None, text)

    def _look_after(self, process: Process) -> None:
        if process.is_running():
            return
        if process.due_at is None and process.child is not None:
            self._print(process, process.close())
            code = process.child.returncode
            how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
            delay = process.plan_restart()
            if not self.ready and process.failures >= TRIES_BEFORE_READY:
                raise RunError(
                    f"{process.name} does not start: it {how}, {process.failures} times; see above"
                )
            self.say(f"{process.name} {how}; starting it again in {delay:g} s")
        elif process.due_at is not None and time.monotonic() >= process.due_at:
            process.start(environment=self.environment, root=self.root)

    def _wait(self) -> None:
        """For words, for a signal, or for the next tick."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_read, selectors.EVENT_READ)
            for process in self.processes:
                if process.child and process.child.stdout and not process.child.stdout.closed:
                    selector.register(process.child.stdout, selectors.EVENT_READ, process)
            ready = selector.select(TICK_SECONDS)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, 4096)
        for key, _ in ready:
            if isinstance(key.data, Process):
                self._print(key.data, key.data.read_lines())

    def _print(self, process: Process, lines: list[bytes]) -> None:
        for line in lines:
            self._write(process.name, self._colours[process.name], line)

    def _write(self, name: str, colour: str | None, data: str | bytes) -> None:
        now = datetime.datetime.now()
        try:
            self._printer.write(Message(type="line", data=data or " ", time=now, name=name, colour=colour))
        except OSError as error:
            if error.errno in _NO_ROOM:
                self._lost += 1
                self._stop_buffering()
                return
            # Nobody reads any more (`make run | head`): the same as being told to stop.
            sys.stdout = self._printer.output = open(os.devnull, "w")  # noqa: PTH123, SIM115
            self.request_stop(signal.SIGHUP)
            return
        if self._lost:
            lost, self._lost = self._lost, 0
            self.say(f"the log had no room: {lost} lines are lost")

    def _stop_buffering(self) -> None:
        """What could not be written would be tried again with the next line, and grow with each."""
        if self._buffered is None:
            self._buffered = sys.stdout
            unbuffered = open(os.dup(sys.stdout.fileno()), "wb", buffering=0)  # noqa: PTH123, SIM115
            sys.stdout = self._printer.output = io.TextIOWrapper(unbuffered, "utf-8", write_through=True)
