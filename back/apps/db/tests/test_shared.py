"""Connections that the threads of a web process share."""

import gc
import threading
import time

import psycopg2
import pytest
from django.db import close_old_connections, connection

from apps.db.shared import pool as module
from apps.db.shared.pool import POOL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sharing():
    connection.close()
    POOL.most = 2
    yield
    connection.close()
    POOL.most = 0
    POOL.close()


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def in_a_thread(work):
    done = []

    def run() -> None:
        try:
            done.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return done[0]


def test_a_thread_takes_what_another_left():
    first = backend()
    connection.close()
    assert in_a_thread(backend) == first
    assert backend() == first


def test_nobody_takes_what_another_uses():
    first = backend()
    assert in_a_thread(backend) != first


def test_the_end_of_a_request_gives_it_back():
    first = backend()
    close_old_connections()
    assert connection.connection is None
    assert in_a_thread(backend) == first


def test_one_in_a_transaction_is_not_shared():
    first = backend()
    connection.connection.autocommit = False
    backend()
    connection.close()
    assert backend() != first


@pytest.mark.parametrize("believed", [2.0, 0.0])
def test_one_that_was_ended_meanwhile_is_replaced(monkeypatch, believed):
    monkeypatch.setattr("apps.db.shared.pool.BELIEVED_SECONDS", believed)
    first = backend()
    connection.close()

    def end_it() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [first])

    idle = POOL._idle.pop()
    in_a_thread(end_it)
    POOL._idle[:] = [idle]
    assert backend() != first


def test_an_old_one_is_replaced(monkeypatch):
    first = backend()
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    assert backend() != first


class User:
    """A thread with a connection of its own, until it is told to leave it."""

    def __init__(self) -> None:
        self.backend, self._enough = 0, threading.Event()
        self._has_it = threading.Event()
        self._thread = threading.Thread(target=self._use)
        self._thread.start()

    def _use(self) -> None:
        try:
            self.backend = backend()
            self._has_it.set()
            self._enough.wait(10)
        finally:
            connection.close()

    def has_one(self, seconds: float = 10) -> bool:
        return self._has_it.wait(seconds)

    def leave(self) -> None:
        self._enough.set()
        self._thread.join()


def queued() -> int:
    return sum(len(queue) for queue in POOL._queue.values())


def wait_until(is_so) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_who_finds_all_in_use_waits_for_one_and_takes_turns(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30)
    users = [User(), User()]
    assert all(user.has_one() for user in users)
    late = []
    for _ in range(2):
        late.append(User())
        wait_until(lambda: queued() == len(late))
    users[0].leave()
    assert late[0].has_one()
    assert not late[1].has_one(0.1)
    users[1].leave()
    assert late[1].has_one()
    assert [user.backend for user in late] == [user.backend for user in users]
    for user in late:
        user.leave()
    assert len(POOL._idle) == 2


def test_who_waited_long_gets_one_more_and_it_is_not_kept(monkeypatch, caplog):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)
    users = [User() for _ in range(4)]
    assert all(user.has_one() for user in users)
    assert len({user.backend for user in users}) == 4
    assert "in use" in caplog.text
    for user in users:
        user.leave()
    assert len(POOL._idle) == 2
    assert queued() == 0


def test_one_that_is_closed_makes_room(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30)
    pool = module.Pool(1)
    first = pool.lend("here", connect)
    told: list[module.Lent] = []
    thread = threading.Thread(target=lambda: told.append(pool.lend("here", connect)))
    thread.start()
    wait_until(lambda: any(pool._queue.values()))
    first.connection.close()
    pool.give_back(first)
    thread.join(10)
    assert not told[0].connection.closed
    pool.drop(told[0])


def test_one_that_could_not_be_opened_makes_room(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30)
    pool, began, fail = module.Pool(1), threading.Event(), threading.Event()

    def cannot():
        began.set()
        fail.wait(10)
        raise psycopg2.OperationalError("no route")

    def try_it() -> None:
        with pytest.raises(psycopg2.OperationalError):
            pool.lend("here", cannot)

    failing = threading.Thread(target=try_it)
    failing.start()
    assert began.wait(10)
    told: list[module.Lent] = []
    waiting = threading.Thread(target=lambda: told.append(pool.lend("here", connect)))
    waiting.start()
    wait_until(lambda: any(pool._queue.values()))
    fail.set()
    for thread in (failing, waiting):
        thread.join(10)
    pool.drop(told[0])


def test_one_that_is_dropped_without_a_word_is_not_in_use(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30)
    pool = module.Pool(1)
    pool.lend("here", connect)
    gc.collect()
    lent = pool.lend("here", connect)
    pool.drop(lent)


def test_giving_back_twice_gives_it_once():
    pool = module.Pool(2)
    lent = pool.lend("here", connect)
    pool.give_back(lent)
    pool.give_back(lent)
    assert len(pool._idle) == 1
    pool.close()
    assert lent.connection.closed


def connect():
    told = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    return psycopg2.connect(**{name: told[name] for name in wanted if name in told})


def test_a_process_that_did_not_ask_keeps_none():
    POOL.most = 0
    backend()
    connection.close()
    assert POOL._idle == []
