"""The product as it runs in production, on loopback, on a database of its own, as long as a with block."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "back"))

from config.embedded import EmbeddedPostgres  # noqa: E402
from config.env import SCHEME  # noqa: E402


@dataclass(frozen=True)
class Service:
    host: str
    port: int
    token: str
    database_url: str
    process: psutil.Process

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=300)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def memory(self) -> float:
        """Megabytes of all its processes."""
        tree = [self.process, *self.process.children(recursive=True)]
        return sum(process.memory_info().rss for process in tree) / 1e6

    @contextmanager
    def peak_memory(self) -> Iterator[list[float]]:
        seen = [self.memory()]
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.02):
                seen[0] = max(seen[0], self.memory())

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield seen
        finally:
            over.set()
            watcher.join()


@contextmanager
def running_service() -> Iterator[Service]:
    """gunicorn with sign-in, throttles (too high to be reached) and the logs of production."""
    with EmbeddedPostgres(tempfile.mkdtemp(prefix="playhead-bench-"), throwaway=True) as urls:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if name not in SCHEME}
        environment = kept | urls | {
            "ENV_FILE": os.devnull, "SECRET_KEY": secrets.token_urlsafe(48), "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS_ONLY": "false", "THROTTLE_USER": "1000000/min", "THROTTLE_ADDRESS": "1000000/min",
            "LOG_LEVEL": "WARNING", "PORT": str(port), "PYTHONPATH": str(ROOT / "back"),
        }  # fmt: skip
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "ensure_reader")
        code = (
            "from apps.db.models import User; from knox.models import AuthToken;"
            "print('token', AuthToken.objects.create(User.objects.create_user('bench'))[1])"
        )
        token = _manage(environment, "shell", "--verbosity", "0", "-c", code).split()[-1]
        command = [sys.executable, "-m", "gunicorn", "--config", "back/config/gunicorn.py", "config.wsgi"]
        with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
            try:
                _wait_until_live(port)
                yield Service("127.0.0.1", port, token, urls["DATABASE_URL"], psutil.Process(server.pid))
            finally:
                server.terminate()


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _wait_until_live(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/api/health/live/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service does not come up")
