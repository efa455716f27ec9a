"""A cancellation that does not wait: it cuts the connection that a call is waiting on.

A plain event is looked at between two reads, and a model may think for half a minute before its first byte.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol


class Connection(Protocol):
    """Of a client library; kept alive, it serves one call after another. `wire` is whose turn it is."""

    wire: "Wire | None"


class Wire:
    """What one call waits on: filled in by the connection that sends its request."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._sock: socket.socket | None = None
        self.is_cut = False

    def hold(self, connection: Connection, sock: socket.socket | None) -> None:
        """With the request on its way, or at the latest when it is; `sock` is None until connected."""
        with _turns:
            connection.wire = self
            self._connection, self._sock = connection, sock
        if self.is_cut:
            self.cut()

    def cut(self) -> None:
        """Wakes whoever reads, in whichever thread. What is another call's by now is left alone."""
        with _turns:
            self.is_cut = True
            if self._connection is None or self._sock is None or self._connection.wire is not self:
                return
            with contextlib.suppress(OSError):
                # Not the TLS socket's own shutdown, which takes its state away under the reader.
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class Cancel(threading.Event):
    """For `cancel=`, instead of a plain event: once set, the call ends at once, whatever it waits for."""

    def __init__(self) -> None:
        super().__init__()
        self._wires: set[Wire] = set()
        self._lock = threading.Lock()

    def set(self) -> None:
        super().set()
        with self._lock:
            for wire in self._wires:
                wire.cut()

    @contextmanager
    def cutting(self, wire: Wire) -> Iterator[None]:
        with self._lock:
            self._wires.add(wire)
        if self.is_set():
            wire.cut()
        try:
            yield
        finally:
            with self._lock:
                self._wires.discard(wire)


_turns = threading.Lock()
_here = threading.local()


def wire_here() -> Wire | None:
    """That of the call which this thread is in the midst of: a client library passes nothing through."""
    return getattr(_here, "wire", None)


def cut_by(cancel: threading.Event | None, wire: Wire | None) -> AbstractContextManager[None]:
    """For an answer that is read in its own time; a plain event has no hands."""
    return cancel.cutting(wire) if isinstance(cancel, Cancel) and wire is not None else nullcontext()


@contextmanager
def sending(cancel: threading.Event | None) -> Iterator[None]:
    """The requests that this thread sends within are cut when `cancel` is set."""
    before, wire = wire_here(), Wire()
    _here.wire = wire
    try:
        with cut_by(cancel, wire):
            yield
    finally:
        _here.wire = before
