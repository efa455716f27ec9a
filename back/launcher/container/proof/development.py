"""docker-compose.yml: the demo, asked; every process killed; two migrations at once."""

import threading
import time

from launcher.container.proof.http import Client
from launcher.container.proof.images import OURS, POSTGRES
from launcher.container.proof.podman import Compose, Podman, ProofError, until

PORT = "18088"
QUESTION = "10분에서 15분 사이에 도난 사건이 있었나요?"


class Development:
    def __init__(self, podman: Podman) -> None:
        self.compose = Compose(
            podman, "docker-compose.yml", "proof-dev",
            {"PLAYHEAD_IMAGE": OURS, "POSTGRES_IMAGE": POSTGRES, "PORT": PORT},
        )  # fmt: skip
        self.client = Client(f"http://127.0.0.1:{PORT}")

    def first_answer(self) -> str:
        began = time.monotonic()
        self.compose("up", "--detach", "--no-deps", "postgres")
        self.compose.migrate()
        self.compose("up", "--detach", "--no-deps", "text2sql", "web", "worker")
        until(self._answers_rightly, "the first answer", seconds=60, otherwise=self._web_says)
        took = time.monotonic() - began
        if took > 30:
            raise ProofError(f"the first answer took {took:.0f} s")
        return f"{took:.1f} s from nothing to an answer"

    def _web_says(self) -> str:
        return self.compose.logs("web")

    def _worker_says(self) -> str:
        return self.compose.logs("worker")

    def _answers_rightly(self) -> bool:
        answer = self.client.ask(QUESTION)
        return bool(answer["timestamp"] == 750.0 and answer["verified"])

    def web_starts_quickly(self) -> str:
        self.compose("stop", "--timeout", "20", "web")
        began = time.monotonic()
        self.compose("start", "web")
        until(lambda: self.client.send("GET", "/api/health/live/")[0] == 200, "web answers", seconds=30)
        return f"{time.monotonic() - began:.1f} s"

    def plays(self) -> None:
        def playable() -> bool:
            video = self.client.json("GET", "/api/videos/1/")
            self.client.headers["Range"] = "bytes=0-99"
            status, content = self.client.send("GET", f"/api/videos/{video['id']}/file/")
            return status == 206 and len(content) == 100

        try:
            until(playable, "the demo's clip plays", seconds=120, otherwise=self._worker_says)
        finally:
            self.client.headers.pop("Range", None)

    def two_migrations_at_once(self) -> None:
        failed: list[BaseException] = []

        def migrate() -> None:
            try:
                self.compose("run", "--rm", "migrate", "migrate", "--without-models")
            except ProofError as error:
                failed.append(error)

        threads = [threading.Thread(target=migrate) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]

    def survives_kills(self) -> str:
        took = []
        for service in ("web", "worker", "text2sql", "postgres"):
            before = self._pid(service)
            began = time.monotonic()
            self.compose.kill(service)
            self._wait_for_another(service, before)
            until(self._answers_rightly, f"an answer after {service} was killed", seconds=60)
            took.append(time.monotonic() - began)
        return f"{max(took):.1f} s at most to the next answer"

    def _wait_for_another(self, service: str, before: int) -> None:
        until(lambda: self._pid(service) not in {0, before}, f"{service} is started again", seconds=60)

    def _pid(self, service: str) -> int:
        return int(self.compose.podman.inspect(self.compose.container(service))["State"]["Pid"])
