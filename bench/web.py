"""The web service as in production (sign-in, throttles, its own logs), called by a user with a token."""

import http.client
import json
import secrets
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services import free_port, memory, site, wait_for

SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Web:
    port: int
    token: str
    database_url: str
    process: subprocess.Popen

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Content-Type": content_type, "Authorization": f"Bearer {self.token}"}
        connection.request("POST", path, body, headers if self.token else {"Content-Type": content_type})
        response = connection.getresponse()
        answer = response.read()
        assert response.status in {200, 201}, answer
        return json.loads(answer)

    @contextmanager
    def peak_memory(self) -> Iterator[list[float]]:
        """[megabytes before, at the peak]"""
        seen = [memory(self.process)] * 2
        over = threading.Event()

        def watch() -> None:
            while not over.wait(SAMPLE_SECONDS):
                seen[1] = max(seen[1], memory(self.process))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield seen
        finally:
            over.set()
            watcher.join()


@contextmanager
def web(**environment: str) -> Iterator[Web]:
    """`environment` goes before what a site has: THROTTLE_USER="" as under `make run`, say."""
    with site() as place:
        port = free_port()
        gunicorn = place.start(
            "-m", "gunicorn", "--config", "back/config/gunicorn.py", "config.wsgi",
            DEBUG="false", SECRET_KEY=secrets.token_urlsafe(48), ALLOWED_HOSTS="127.0.0.1", PORT=str(port),
            **({"HTTPS_ONLY": "false"} | environment),
        )  # fmt: skip
        wait_for(f"http://127.0.0.1:{port}/api/health/live/", gunicorn)
        database_url = place.environment["DATABASE_URL"]
        credentials = json.dumps({"username": "demo", "password": "playhead-demo"}).encode()
        token = Web(port, "", database_url, gunicorn).post("/api/auth/token/", credentials)["token"]
        yield Web(port, token, database_url, gunicorn)
