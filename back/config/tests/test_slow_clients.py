"""Real gunicorn, four threads, and more clients than that who do not keep up."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from config.env import ROOT
from launcher.tests.conftest import free_port

HEAD, GRACE, RATE = 1.0, 1.0, 2000
CLIENTS = 12


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    number = free_port()
    told = {
        "PORT": str(number), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "1", "WEB_THREADS": "4",
        "WEB_HEAD_SECONDS": str(HEAD), "WEB_GRACE_SECONDS": str(GRACE),
        "WEB_LEAST_BYTES_PER_SECOND": str(RATE), "PYTHONPATH": str(ROOT / "back"),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", "back/config/gunicorn.py"]
    service = subprocess.Popen(
        [*command, "config.tests.slow_app:application"], cwd=ROOT, env=os.environ | told
    )
    try:
        until(lambda: ask(number, timeout=1) == b"0", seconds=30)
        yield number
    finally:
        service.terminate()
        service.wait(20)


def until(holds, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < end
        time.sleep(0.05)


def ask(port: int, *, timeout: float) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    finally:
        connection.close()


def half_a_head(client: socket.socket, stop: threading.Event) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nX-A: ")
    stop.wait(30)


def a_head_by_bytes(client: socket.socket, stop: threading.Event) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nX-A: ")
    while not stop.wait(0.1):
        client.sendall(b"a")


def a_body_by_bytes(client: socket.socket, stop: threading.Event) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
    while not stop.wait(0.1):
        client.sendall(b"a")


def never_reads(client: socket.socket, stop: threading.Event) -> None:
    client.sendall(b"GET /?50000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    stop.wait(30)


@pytest.mark.parametrize("behave", [half_a_head, a_head_by_bytes, a_body_by_bytes, never_reads])
def test_more_slow_clients_than_threads_keep_nobody_out(port, behave):
    stop = threading.Event()
    clients = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(CLIENTS)]

    def act(client: socket.socket) -> None:
        with suppress(OSError):  # dropped, as it should be
            behave(client, stop)

    threads = [threading.Thread(target=act, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        assert ask(port, timeout=25) == b"0"
    finally:
        stop.set()
        for thread, client in zip(threads, clients, strict=True):
            thread.join()
            client.close()


def test_an_honest_slow_upload_is_taken(port):
    """Twice the least rate, for three times the grace."""
    size, step = int(RATE * 2 * GRACE * 3), int(RATE * 2 / 10)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(0, size, step):
            client.sendall(b"x" * step)
            time.sleep(0.1)
        answer = client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(str(size).encode())


def test_a_slow_reader_above_the_rate_gets_all_of_it(port):
    size = 400_000
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET /?%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % size)
        got = 0
        while piece := client.recv(4096):
            got += len(piece)
            time.sleep(0.01)
    assert got > size


def test_a_connection_may_be_used_again_after_a_pause(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(2):
        connection.request("POST", "/", body=b"12345")
        assert connection.getresponse().read() == b"5"
        time.sleep(HEAD + GRACE)
    connection.close()


def test_an_answer_before_the_body_is_there_reaches_a_client_that_sends_first(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/?refused", body=b"x" * 30_000_000)
    assert connection.getresponse().status == 413
    connection.close()
