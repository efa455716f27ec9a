"""Real gunicorn, four threads, and more clients than that who do not keep up."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import gunicorn.util
import pytest

from config import slow_clients
from config.env import ROOT
from config.slow_clients import PacedSocket, Worker
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


@pytest.fixture
def pair(monkeypatch):
    """A paced socket whose own limits are far away, and its peer, which ends whatever would wait for ever."""
    monkeypatch.setattr(slow_clients, "HEAD_SECONDS", 3600.0)
    monkeypatch.setattr(slow_clients, "GRACE_SECONDS", 3600.0)
    ours, theirs = socket.socketpair()
    paced = PacedSocket.taken_from(ours)
    rescue = threading.Timer(10, theirs.close)
    rescue.start()
    yield paced, theirs
    rescue.cancel()
    paced.close()
    theirs.close()


@pytest.mark.parametrize("phase", ["head", "body"])
def test_a_limit_that_gunicorn_sets_is_kept(pair, phase):
    """It sets one to close a connection, and to throw away the rest of a body."""
    paced, _ = pair
    if phase == "body":
        paced.expect_body()
    paced.settimeout(0.05)
    assert paced.gettimeout() == 0.05
    with pytest.raises(TimeoutError):
        paced.recv(10)


def test_a_read_leaves_no_limit_of_its_own_behind(pair):
    paced, peer = pair
    paced.setblocking(True)
    peer.sendall(b"abc")
    assert paced.recv(10) == b"abc"
    assert paced.gettimeout() is None


def test_what_must_not_wait_does_not(pair):
    paced, _ = pair
    paced.setblocking(False)
    with pytest.raises(BlockingIOError):
        paced.recv(10)


def test_a_file_is_sent_whole_without_a_limit_of_gunicorn_s(pair, tmp_path):
    paced, peer = pair
    path = tmp_path / "film"
    path.write_bytes(bytes(range(256)) * 4000)
    got = []
    reading = threading.Thread(target=lambda: got.extend(iter(lambda: peer.recv(65536), b"")))
    reading.start()
    with path.open("rb") as file:
        assert paced.sendfile(file) == path.stat().st_size
    paced.shutdown(socket.SHUT_WR)
    reading.join()
    assert b"".join(got) == path.read_bytes()


def test_a_connection_is_closed_by_its_thread_and_not_by_the_main_loop(pair, monkeypatch):
    """The main loop accepts for everybody; waiting there for one client's end stops the whole worker."""
    paced, _ = pair
    monkeypatch.setattr(slow_clients, "CLOSING_SECONDS", 0.05)
    monkeypatch.setattr(slow_clients.ThreadWorker, "handle", lambda self, conn: False)
    conn = SimpleNamespace(sock=paced, initialized=True)
    assert Worker.handle(Worker.__new__(Worker), conn) is False
    assert conn.sock.fileno() == -1
    # What gunicorn's main loop then does with it returns at once and raises nothing.
    conn.sock.setblocking(True)
    gunicorn.util.close_graceful(conn.sock)
