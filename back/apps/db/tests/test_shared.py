"""Connections that the threads of a web process share."""

import threading

import pytest
from django.db import close_old_connections, connection

from apps.db.shared.idle import IDLE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sharing():
    connection.close()
    IDLE.keep(2)
    yield IDLE
    connection.close()
    IDLE.keep(0)
    IDLE.close()


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
    monkeypatch.setattr("apps.db.shared.idle.BELIEVED_SECONDS", believed)
    first = backend()
    connection.close()

    def end_it() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [first])

    parked = IDLE._parked.pop()
    in_a_thread(end_it)
    IDLE._parked[:] = [parked]
    assert backend() != first


def test_an_old_one_is_replaced(monkeypatch):
    first = backend()
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    assert backend() != first


def test_no_more_are_kept_than_wanted():
    together, left = threading.Barrier(4), threading.Barrier(4)

    def use() -> None:
        backend()
        together.wait(10)
        connection.close()
        left.wait(10)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(IDLE._parked) == 2


def test_a_process_that_did_not_ask_keeps_none():
    IDLE.keep(0)
    backend()
    connection.close()
    assert IDLE._parked == []
