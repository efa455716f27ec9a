"""Runs a block as the reader: its own login, a READ ONLY transaction, a signed scope.

One connection per thread, kept between questions and checked before use. Nothing here touches the
application's own connection while the block runs.
"""

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection as application

# A scope lives as long as its question may run, and a little for clocks that differ.
GRACE_SECONDS = 60

_kept = threading.local()
_key_lock = threading.Lock()
_keys: dict[str, bytes] = {}


def _signing_key(*, fresh: bool = False) -> bytes:
    """Read once per process; again when a signature was not accepted (a restored or renewed database)."""
    name = application.settings_dict["NAME"]
    with _key_lock:
        if fresh or name not in _keys:
            with application.cursor() as cursor:
                cursor.execute("SELECT key FROM db_reader_key")
                _keys[name] = bytes(cursor.fetchone()[0])
        return _keys[name]


def signed_scope(video_ids: Iterable[int], *, backend_pid: int, key: bytes) -> tuple[str, str]:
    expires = int(time.time() + settings.READER_TIMEOUT_MS / 1000 + GRACE_SECONDS)
    scope = f"{backend_pid}|{expires}|{','.join(str(int(i)) for i in video_ids)}"
    inner = hashlib.sha256(key + scope.encode()).digest()
    return scope, hashlib.sha256(key + inner).hexdigest()


def _connect():
    url = settings.READER_DATABASE_URL
    if not url:
        raise ImproperlyConfigured("READER_DATABASE_URL is not set: questions have no reader to run as.")
    # TCP keepalives find a replica that went away while the connection lay idle.
    return psycopg2.connect(
        url, connect_timeout=5, application_name="playhead-reader", keepalives_idle=30, keepalives_count=3
    )


def _alive(connection) -> bool:
    if connection is None or connection.closed:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error:
        connection.close()
        return False
    return True


def _begin(connection, video_ids: list[int], *, fresh_key: bool) -> None:
    with connection.cursor() as cursor:
        # The first statement takes the snapshot: from here on the transaction cannot be made READ WRITE.
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        scope, signature = signed_scope(video_ids, backend_pid=pid, key=_signing_key(fresh=fresh_key))
        cursor.execute(
            "SELECT set_config('playhead.scope', %s, true), set_config('playhead.signature', %s, true),"
            " set_config('statement_timeout', %s, true)",
            [scope, signature, f"{settings.READER_TIMEOUT_MS}ms"],
        )
        cursor.execute("SELECT db_reader_scope() IS NULL")


@contextmanager
def reader(*, video_ids: Iterable[int]) -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor that sees the events of these videos and nothing else; rolled back at the end."""
    ids = list(video_ids)
    connection = getattr(_kept, "connection", None)
    if not _alive(connection):
        connection = _kept.connection = _connect()
        connection.set_session(readonly=True, isolation_level="REPEATABLE READ")
    try:
        try:
            _begin(connection, ids, fresh_key=False)
        except psycopg2.errors.InsufficientPrivilege:
            connection.rollback()
            _begin(connection, ids, fresh_key=True)
        with connection.cursor() as cursor:
            yield cursor
    finally:
        if not connection.closed:
            connection.rollback()


def close_reader() -> None:
    connection = getattr(_kept, "connection", None)
    if connection is not None and not connection.closed:
        connection.close()
    _kept.connection = None
