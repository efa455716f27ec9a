"""gunicorn's threads, and clients that do not keep up: half a header, a byte a second, an answer never read.

A thread that waits for such a client serves nobody else, and a few hundred clients would hold all of them. So
the head of a request has a time, and what comes after it, in and out, a least rate. Only the time that a
thread really waits for the client counts: not the model's, and not the pauses of a stream.
"""

import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gunicorn.http.errors import NoMoreData
from gunicorn.util import close_graceful
from gunicorn.workers.gthread import ThreadWorker


def _number(name: str, default: float) -> float:
    return float(os.environ.get(name) or default)


HEAD_SECONDS = _number("WEB_HEAD_SECONDS", 15)
GRACE_SECONDS = _number("WEB_GRACE_SECONDS", 20)
LEAST_RATE = _number("WEB_LEAST_BYTES_PER_SECOND", 2000)
_PIECE = 256 * 1024
REST_SECONDS = 5.0
CLOSING_SECONDS = 2.0
REST_BYTES = 256 * 1024 * 1024


class TooSlow(ConnectionResetError):
    """gunicorn and the views know it as a connection that ended."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the client is too slow")


class _Pace:
    """Seconds of waiting that the client has left: bytes bring some, up to the grace; waiting takes them.

    So what the kernel takes at once into its buffers is no credit for a client that then never reads.
    """

    def __init__(self) -> None:
        self.left = GRACE_SECONDS

    def count(self, began: float, size: int) -> None:
        earned = size / LEAST_RATE
        self.left = min(GRACE_SECONDS, self.left + earned - (time.monotonic() - began))


class PacedSocket(socket.socket):
    _head_until: float | None = None
    _asked: float | None = None
    _incoming: _Pace
    _outgoing: _Pace

    @classmethod
    def taken_from(cls, plain: socket.socket) -> "PacedSocket":
        paced = cls(plain.family, plain.type, plain.proto, fileno=plain.detach())
        paced.expect_head()
        return paced

    def expect_head(self) -> None:
        self._head_until = time.monotonic() + HEAD_SECONDS
        self._incoming, self._outgoing = _Pace(), _Pace()

    def expect_body(self) -> None:
        self._head_until = None

    # gunicorn sets limits too, to close a connection or to throw away a body: the shorter one holds.

    def settimeout(self, value: float | None) -> None:
        self._asked = value
        super().settimeout(value)

    def gettimeout(self) -> float | None:
        return self._asked

    def setblocking(self, flag: bool) -> None:
        if self.fileno() >= 0:  # the main loop may look at one that its thread has closed
            self.settimeout(None if flag else 0.0)

    @contextmanager
    def _within(self, own: float) -> Iterator[None]:
        """One system call, under the limit of ours and that of whoever calls."""
        asked = self._asked
        if asked == 0:
            yield  # it must not wait at all
            return
        if own <= 0:
            raise TooSlow
        super().settimeout(own if asked is None else min(own, asked))
        try:
            yield
        except TimeoutError:
            if asked is not None and asked <= own:
                raise
            raise TooSlow from None
        finally:
            if self.fileno() >= 0:
                super().settimeout(asked)

    def recv(self, *arguments: Any) -> bytes:
        began = time.monotonic()
        left = self._incoming.left if self._head_until is None else self._head_until - began
        with self._within(left):
            data = super().recv(*arguments)
        self._incoming.count(began, len(data))
        return data

    def sendall(self, data: Any, *flags: int) -> None:
        left = memoryview(data).cast("B")
        while left:
            left = left[self.send(left, *flags) :]

    def send(self, data: Any, *flags: int) -> int:
        began = time.monotonic()
        with self._within(self._outgoing.left):
            sent = super().send(memoryview(data)[:_PIECE], *flags)
        self._outgoing.count(began, sent)
        return sent

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """In pieces that are read and sent: the system's own call would wait without our limit."""
        file.seek(offset)
        total = 0
        while count is None or total < count:
            piece = file.read(_PIECE if count is None else min(_PIECE, count - total))
            if not piece:
                break
            self.sendall(piece)
            total += len(piece)
        return total


class Worker(ThreadWorker):
    def handle(self, conn: Any) -> Any:
        if isinstance(conn.sock, PacedSocket):
            conn.sock.expect_head()
        else:
            conn.sock = PacedSocket.taken_from(conn.sock)
        again = super().handle(conn)
        if again is False:
            # Here and not in the main loop, which accepts for everybody: closing waits for the client's end.
            close_graceful(conn.sock, timeout=CLOSING_SECONDS)
        return again

    def handle_request(self, req: Any, conn: Any) -> Any:
        conn.sock.expect_body()
        again = super().handle_request(req, conn)
        _take_the_rest(conn)
        return again


def _take_the_rest(conn: Any) -> None:
    """Of a body that was refused early: a client that still sends would see a broken pipe, not the answer."""
    with suppress(OSError, NoMoreData):
        conn.parser.finish_body(deadline=time.monotonic() + REST_SECONDS, max_bytes=REST_BYTES)
