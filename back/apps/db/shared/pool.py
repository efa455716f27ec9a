"""Connections that the threads of a process share: as many as are used at one moment, up to a number.

A thread that finds all of them in use waits for one. It does not wait for long: where somebody keeps theirs,
another is opened and closed again afterwards, so that a bound that is too low costs time and no answer.
"""

import logging
import os
import select
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from weakref import WeakSet

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as Connection  # noqa: N812  a class, whatever it is called

logger = logging.getLogger("playhead.db")

# How long an idle connection whose socket is silent is believed to be alive without being asked.
BELIEVED_SECONDS = 2.0
PATIENCE_SECONDS = 1.0


@dataclass(eq=False, slots=True, weakref_slot=True)
class Lent:
    """A connection and what is known of it."""

    connection: Connection
    key: Hashable
    opened: float
    since: float = 0.0  # when it was given back


@dataclass(eq=False, slots=True)
class _Waiting:
    turn: threading.Event = field(default_factory=threading.Event)
    given: Lent | None = None


class Pool:
    """`most` for each key, which says where a connection leads and as whom; 0: no bound, and nothing kept."""

    def __init__(self, most: int = 0) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._idle: list[Lent] = []
        # Weakly: a connection that somebody drops without a word is not in use any more.
        self._used: defaultdict[Hashable, WeakSet[Lent]] = defaultdict(WeakSet)
        self._opening: defaultdict[Hashable, int] = defaultdict(int)
        self._queue: defaultdict[Hashable, deque[_Waiting]] = defaultdict(deque)

    def lend(
        self, key: Hashable, open_one: Callable[[], Connection], *, longest: float | None = None
    ) -> Lent:
        """One that was opened no longer ago than `longest` seconds, and lives; what `open_one` raises."""
        key = (os.getpid(), key)  # a fork shares its parent's sockets; they are not ours to use, nor to close
        until = time.monotonic() + PATIENCE_SECONDS
        while (lent := self._given(key, until)) is not None:
            old = longest is not None and time.monotonic() - lent.opened > longest
            if not old and _lives(lent):
                return lent
            self.drop(lent)
        try:
            lent = Lent(open_one(), key, time.monotonic())
        except BaseException:
            with self._lock:
                self._opening[key] -= 1
                self._wake(key)
            raise
        with self._lock:
            self._opening[key] -= 1
            self._used[key].add(lent)
        return lent

    def give_back(self, lent: Lent) -> None:
        """It goes to who has waited longest, or lies idle; one that is not fit to be used again is closed."""
        connection = lent.connection
        fit = not connection.closed and connection.info.transaction_status == TRANSACTION_STATUS_IDLE
        with self._lock:
            if lent not in self._used[lent.key]:
                return
            self._used[lent.key].discard(lent)
            lent.since = time.monotonic()
            kept = fit and self._keep(lent)
            if not kept:
                self._wake(lent.key)
        if not kept:
            connection.close()

    def drop(self, lent: Lent) -> None:
        """It is closed, whatever it is fit for."""
        with self._lock:
            self._used[lent.key].discard(lent)
            self._wake(lent.key)
        lent.connection.close()

    def close(self) -> None:
        """What is idle in this process."""
        with self._lock:
            idle, self._idle = self._idle, []
        for lent in idle:
            if lent.key[0] == os.getpid():  # type: ignore[index]
                lent.connection.close()

    def _given(self, key: Hashable, until: float) -> Lent | None:
        """None: the caller may open one, and is counted as doing so."""
        while True:
            with self._lock:
                if (lent := self._pop(key)) is not None:
                    self._used[key].add(lent)
                    return lent
                left = until - time.monotonic()
                if self._has_room(key) or left <= 0:
                    self._opening[key] += 1
                    break
                waiting = _Waiting()
                self._queue[key].append(waiting)
            waiting.turn.wait(left)
            with self._lock:
                if waiting.given is not None:
                    return waiting.given
                if waiting in self._queue[key]:
                    self._queue[key].remove(waiting)
        if left <= 0:
            logger.warning("every database connection was in use", extra={"most": self.most})
        return None

    def _has_room(self, key: Hashable) -> bool:
        return not self.most or len(self._used[key]) + self._opening[key] < self.most

    def _pop(self, key: Hashable) -> Lent | None:
        for at in range(len(self._idle) - 1, -1, -1):
            if self._idle[at].key == key:
                return self._idle.pop(at)
        return None

    def _keep(self, lent: Lent) -> bool:
        queue = self._queue[lent.key]
        if queue:
            waiting = queue.popleft()
            waiting.given = lent
            self._used[lent.key].add(lent)
            waiting.turn.set()
            return True
        if sum(one.key == lent.key for one in self._idle) >= self.most:
            return False
        self._idle.append(lent)
        return True

    def _wake(self, key: Hashable) -> None:
        """Who has waited longest may open one."""
        if self._queue[key]:
            self._queue[key].popleft().turn.set()


def _lives(lent: Lent) -> bool:
    connection = lent.connection
    if connection.closed:
        return False
    # A server that ends a connection says so: then there is something to read where nothing should be.
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    if poll.poll(0):
        return False
    if time.monotonic() - lent.since < BELIEVED_SECONDS:
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error:
        return False
    return connection.info.transaction_status == TRANSACTION_STATUS_IDLE


# Of the application; nothing is kept until a process asks for it: a command or a job has one thread.
POOL = Pool()
