"""How everybody knows that a worker lives: it holds an advisory lock, and PostgreSQL frees it when it dies.

The lock needs a connection of its own that leads straight to the server (DATABASE_DIRECT_URL): a pooler in
transaction mode would hand the session, and the lock with it, to somebody else.
"""

import contextlib
import os
import secrets
import socket
from dataclasses import dataclass, field

import psycopg2
from django.conf import settings
from django.db import connection

# "play" in ASCII: the first half of each worker's lock; the other half is the worker's number.
SPACE = 0x706C6179


def direct_connection():
    """To the same database as the default connection (in a test run that is not the one of the settings)."""
    if settings.DATABASE_DIRECT_URL:
        direct = psycopg2.connect(
            settings.DATABASE_DIRECT_URL,
            dbname=connection.settings_dict["NAME"],
            connect_timeout=5,
            application_name="playhead-worker",
        )
    else:
        given = connection.get_connection_params()
        for name in ("cursor_factory", "client_encoding"):
            given.pop(name, None)
        direct = psycopg2.connect(**given | {"application_name": "playhead-worker"})
    direct.autocommit = True
    return direct


@dataclass(eq=False)
class WorkerLock:
    number: int = field(default_factory=lambda: secrets.randbits(31))

    def __post_init__(self) -> None:
        self._direct = direct_connection()
        with self._direct.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SPACE, self.number])

    @property
    def worker_id(self) -> str:
        host = "".join(c for c in socket.gethostname() if c.isalnum() or c in ".-")[:30]
        return f"{host}:{os.getpid()}:{self.number:08x}"

    def still_held(self) -> bool:
        try:
            with self._direct.cursor() as cursor:
                cursor.execute(_HELD + " AND pid = pg_backend_pid() AND objid = %s", [SPACE, self.number])
                return cursor.fetchone() is not None
        except psycopg2.Error:
            return False

    def release(self) -> None:
        """Given back by word: a closed connection's own locks stand until the server notices."""
        with contextlib.suppress(psycopg2.Error), self._direct.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SPACE, self.number])
        self._direct.close()


# objsubid 2 marks the locks with two keys.
_HELD = """
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def living_workers() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [SPACE])
        return {row[0] for row in cursor.fetchall()}


def number_of(worker_id: str) -> int | None:
    try:
        return int(worker_id.rpartition(":")[2], 16)
    except ValueError:
        return None
