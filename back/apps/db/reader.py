"""Runs a statement, or a block, as the reader: its own login, a READ ONLY transaction, a signed scope.

Connections are borrowed for the block and no longer: a question that waits for a model holds none. Nothing
here touches the application's own connection while the block runs.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection as application

from apps.db.reader_values import read_all_values
from apps.db.shared.pool import Lent, Pool

logger = logging.getLogger(__name__)

# A scope lives as long as its question may run, and a little for clocks that differ.
GRACE_SECONDS = 60

# That a process uses at the same moment.
MOST_READERS = 8
READERS = Pool(MOST_READERS)

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
_WHO_AND_WHEN = "SELECT pg_backend_pid(), extract(epoch FROM clock_timestamp())"
# The last one raises unless the scope is in force.
_SCOPE = (
    "SELECT set_config('playhead.scope', %s, true), set_config('playhead.signature', %s, true),"
    " set_config('statement_timeout', %s, true); SELECT db_reader_scope() IS NULL"
)

_key_lock = threading.Lock()
_keys: dict[str, bytes] = {}
# How many seconds the database's clock is ahead of ours: a scope expires by the clock of who checks it.
_ahead = 0.0
# More than that is worth a line in the log.
SKEW_SECONDS = 5.0
# Whether a pooler stands between, and so the backend is not the one that the driver believes it to be.
_pooled = False


def _signing_key(*, fresh: bool = False) -> bytes:
    """Read once per process; again when a signature was not accepted (a restored or renewed database)."""
    name = application.settings_dict["NAME"]
    with _key_lock:
        if fresh or name not in _keys:
            with application.cursor() as cursor:
                cursor.execute("SELECT key, extract(epoch FROM clock_timestamp()) FROM db_reader_key")
                key, theirs = cursor.fetchone()
            _keys[name] = bytes(key)
            _compare_clocks(float(theirs))
        return _keys[name]


def _compare_clocks(theirs: float) -> None:
    global _ahead
    _ahead = theirs - time.time()
    if abs(_ahead) > SKEW_SECONDS:
        logger.warning(
            "this machine's clock is %.0f s %s the database's; set both by NTP",
            abs(_ahead), "behind" if _ahead > 0 else "ahead of",
        )  # fmt: skip


def clock_skew() -> float:
    """Seconds that the database's clock is ahead of this machine's, when it was last compared."""
    return _ahead


def signed_scope(video_ids: Iterable[int], *, backend_pid: int, key: bytes) -> tuple[str, str]:
    expires = int(time.time() + _ahead + settings.READER_TIMEOUT_MS / 1000 + GRACE_SECONDS)
    scope = f"{backend_pid}|{expires}|{','.join(str(int(i)) for i in video_ids)}"
    inner = hashlib.sha256(key + scope.encode()).digest()
    return scope, hashlib.sha256(key + inner).hexdigest()


_HERE = {"", "localhost", "127.0.0.1", "::1"}


def is_elsewhere() -> bool:
    """Whether the reader is on another server than the application, as far as addresses tell: a replica."""
    own = application.settings_dict
    return _is_elsewhere(settings.READER_DATABASE_URL, own["HOST"] or "", str(own["PORT"] or ""), own["NAME"])


@lru_cache(maxsize=8)
def _is_elsewhere(url: str, host: str, port: str, name: str) -> bool:
    theirs = urlsplit(url)
    their_host = theirs.hostname or ""
    same_host = their_host == host.lower() or {their_host, host.lower()} <= _HERE
    same_port = (theirs.port or 5432) == int(port or 5432)
    return not (same_host and same_port and unquote(theirs.path.lstrip("/")) == name)


def _connect():
    url = settings.READER_DATABASE_URL
    if not url:
        raise ImproperlyConfigured("READER_DATABASE_URL is not set: questions have no reader to run as.")
    # TCP keepalives find a replica that went away while the connection lay idle.
    connection = psycopg2.connect(
        url, connect_timeout=5, application_name="playhead-reader", keepalives_idle=30, keepalives_count=3
    )
    read_all_values(connection)
    connection.autocommit = True  # BEGIN goes with the first statement, not on a way of its own
    return connection


def _borrow() -> Lent:
    return READERS.lend(settings.READER_DATABASE_URL, _connect)


def _give_back(lent: Lent) -> None:
    try:
        with lent.connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
    except psycopg2.Error:
        READERS.drop(lent)
    else:
        READERS.give_back(lent)


def _begin(connection, video_ids: list[int], *, anew: bool) -> None:
    """`anew`: neither the key nor the backend's number is believed to be what it was."""
    global _pooled
    begin = _BEGIN
    key = _signing_key(fresh=anew)
    with connection.cursor() as cursor:
        pid = connection.info.backend_pid
        if anew or _pooled:
            cursor.execute(f"{begin} {_WHO_AND_WHEN}")
            told, (pid, theirs) = pid, cursor.fetchone()
            if anew:  # a replica has a clock of its own
                _compare_clocks(float(theirs))
            _pooled = told != pid
            begin = ""
        # One way to the server and back. The first SELECT takes the snapshot: from here on the transaction
        # cannot be made READ WRITE.
        cursor.execute(f"{begin} {_SCOPE}", _scope(video_ids, pid=pid, key=key))


def _scope(video_ids: list[int], *, pid: int, key: bytes) -> list[str]:
    return [*signed_scope(video_ids, backend_pid=pid, key=key), f"{settings.READER_TIMEOUT_MS}ms"]


@contextmanager
def reader(*, video_ids: Iterable[int]) -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor that sees the events of these videos and nothing else; rolled back at the end."""
    lent = _begun(list(video_ids))
    try:
        with lent.connection.cursor() as cursor:
            yield cursor
    finally:
        _give_back(lent)


def _begun(video_ids: list[int]) -> Lent:
    """A connection with the scope in force. A lost one is replaced, a renewed key is read once."""
    anew = False
    for last_try in (False, False, True):
        lent = _borrow()
        try:
            _begin(lent.connection, video_ids, anew=anew)
            return lent
        except psycopg2.errors.InsufficientPrivilege:
            _give_back(lent)
            if anew:
                raise
            anew = True
        except psycopg2.OperationalError:
            READERS.drop(lent)
            if last_try:
                raise
        except BaseException:
            READERS.drop(lent)
            raise
    raise AssertionError("the last try returns or raises")


@contextmanager
def reading(sql: str, *, video_ids: Iterable[int]) -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor with the rows of one statement, which the guard wrote, and of nothing else.

    Scope and statement go to the server together, as one transaction that ends by itself. Where that does not
    work for a reason of the connection's or the key's, they go as a block, which knows what to do about it.
    """
    ids = list(video_ids)
    sent = None if _pooled else _sent(sql, ids)
    if sent is None:
        with reader(video_ids=ids) as cursor:
            cursor.execute(sql)
            yield cursor
        return
    lent, cursor = sent
    try:
        with cursor:
            yield cursor
    finally:
        READERS.give_back(lent)


def _sent(sql: str, video_ids: list[int]) -> tuple[Lent, "psycopg2.extensions.cursor"] | None:
    lent = _borrow()
    connection = lent.connection
    cursor = connection.cursor()
    try:
        told = _scope(video_ids, pid=connection.info.backend_pid, key=_signing_key())
        scope = cursor.mogrify(_SCOPE, told).decode()
        cursor.execute(f"SET TRANSACTION READ ONLY; {scope}; {sql}")
    except BaseException as error:
        lost = bool(connection.closed)
        READERS.give_back(lent)
        if lost or isinstance(error, psycopg2.errors.InsufficientPrivilege):
            return None
        raise
    return lent, cursor


def close_reader() -> None:
    """Closes what is idle in this process."""
    READERS.close()
