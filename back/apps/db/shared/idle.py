"""Connections between two uses: whoever needs one takes the one that was used last."""

import os
import select
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as Connection  # noqa: N812  a class, whatever it is called

# How long an idle connection whose socket is silent is believed to be alive without being asked.
BELIEVED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Parked:
    connection: Connection
    key: Hashable
    opened: float
    since: float
    process: int


@dataclass
class Idle:
    most: int = 0
    _parked: list[Parked] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, most: int) -> None:
        """Nothing is kept until a process asks for it: a command or a job has one thread."""
        self.most = most

    def park(self, connection: Connection, *, key: Hashable, opened: float) -> bool:
        """False: it is not fit to be used again, or there are enough; close it."""
        if connection.closed or connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            return False
        with self._lock:
            if len(self._parked) >= self.most:
                return False
            self._parked.append(Parked(connection, key, opened, time.monotonic(), os.getpid()))
        return True

    def take(self, key: Hashable, *, longest: float | None) -> Parked | None:
        """One that was opened no longer ago than `longest` seconds, and lives."""
        while (parked := self._pop(key)) is not None:
            if parked.process != os.getpid():
                continue  # a fork shares its parent's sockets; they are not ours to use, nor to close
            old = longest is not None and time.monotonic() - parked.opened > longest
            if not old and _lives(parked):
                return parked
            parked.connection.close()
        return None

    def _pop(self, key: Hashable) -> Parked | None:
        with self._lock:
            for at in range(len(self._parked) - 1, -1, -1):
                if self._parked[at].key == key:
                    return self._parked.pop(at)
        return None

    def close(self) -> None:
        with self._lock:
            parked, self._parked = self._parked, []
        for one in parked:
            if one.process == os.getpid():
                one.connection.close()


def _lives(parked: Parked) -> bool:
    connection = parked.connection
    if connection.closed:
        return False
    # A server that ends a connection says so: then there is something to read where nothing should be.
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    if poll.poll(0):
        return False
    if time.monotonic() - parked.since < BELIEVED_SECONDS:
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error:
        return False
    return connection.info.transaction_status == TRANSACTION_STATUS_IDLE


IDLE = Idle()
