"""An offline service that does what a test says, and the proof that a fault leaves nothing behind."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection

from apps.api.asking import offline as offline_engine
from apps.api.asking.breaker import BREAKERS
from apps.db.reader import MOST_READERS
from apps.videos.demo_data import load_demo

Answer = Callable[[BaseHTTPRequestHandler], None]


class Scripted:
    """`answer` serves each request to it, on a thread of its own."""

    def __init__(self) -> None:
        self.answer: Answer = reply(b"{}")
        self.asked = 0
        self.over = threading.Event()
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                scripted.asked += 1
                scripted.answer(self)

            def log_message(self, *_: object) -> None:
                """The test sees what came of it."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up is what is tested."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


def reply(body: bytes, status: int = 200) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def scripted(settings) -> Iterator[Scripted]:
    service = Scripted()
    thread = threading.Thread(target=service.server.serve_forever, args=(0.02,), name="scripted")
    thread.start()
    settings.TEXT2SQL_URL = service.url
    settings.USE_BEDROCK = False
    for breaker in BREAKERS.values():
        breaker.reset()
    yield service
    service.over.set()
    offline_engine.forget_connections()
    service.server.shutdown()
    service.server.server_close()
    thread.join()
    for breaker in BREAKERS.values():
        breaker.reset()


@pytest.fixture
def demo(transactional_db, signed_in):
    from apps.db.models import User

    load_demo()
    cache.clear()
    yield signed_in(User.objects.get(username="demo"))
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_is_left_behind(transactional_db):
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 5
    while left := [t for t in set(threading.enumerate()) - before if t.name == "prompt-stream"]:
        assert time.monotonic() < until, left
        time.sleep(0.02)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE application_name = 'playhead-reader'), "
            "count(*) FILTER (WHERE state LIKE 'idle in transaction%' OR state = 'active') "
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        readers, busy = cursor.fetchone()
    assert readers <= MOST_READERS
    assert busy == 0


@pytest.fixture
def terminate(settings) -> Callable[..., int]:
    """Ends the backends of a role on this database, as a restart does; → how many."""
    owner = connection.get_connection_params()
    owner = {name: owner[name] for name in ("dbname", "user", "password", "host", "port") if name in owner}

    def end(whose: str, doing: str = "") -> int:
        if whose == "playhead-reader":
            return _end_backends_of_the_reader(settings.READER_DATABASE_URL, busy=bool(doing))
        line = psycopg2.connect(**owner)
        line.autocommit = True
        try:
            with line.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name = %s AND strpos(query, %s) > 0",
                    [whose, doing],
                )
                return cursor.fetchone()[0]
        finally:
            line.close()

    return end


def _end_backends_of_the_reader(url: str, *, busy: bool) -> int:
    """By a signal, as the server does it: the reader may neither look at backends nor end one."""
    address = urlsplit(url)
    title = f"postgres: {address.username} {address.path.lstrip('/')} "
    ended = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if words.startswith(title) and (not busy or "SELECT" in words):
            process.terminate()
            ended.append(process)
    psutil.wait_procs(ended, timeout=5)
    return len(ended)
