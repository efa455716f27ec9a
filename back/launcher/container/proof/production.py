"""docker-compose.prod.yml: TLS, secrets as files, a restart under load, a back-up and its restore."""

import io
import re
import secrets
import shutil
import threading
import time

from launcher.container.proof.http import Client
from launcher.container.proof.images import CADDY, OURS, POSTGRES, RUN
from launcher.container.proof.podman import ROOT, Compose, Podman, ProofError, until

RATE = 20
PASSWORD = secrets.token_urlsafe(16)


class Production:
    def __init__(self, podman: Podman) -> None:
        self.podman = podman
        self.backups = podman.folder / "backups"
        shutil.rmtree(self.backups, ignore_errors=True)
        self.backups.mkdir()
        self.secrets = ROOT / "secrets"
        if self.secrets.exists():
            raise ProofError(f"{self.secrets} is there already: this run would use its passwords")
        self.compose = Compose(
            podman, "docker-compose.prod.yml", "proof-prod",
            {
                "PLAYHEAD_IMAGE": OURS, "POSTGRES_IMAGE": POSTGRES, "CADDY_IMAGE": CADDY,
                "PLAYHEAD_DOMAIN": "localhost", "PLAYHEAD_TLS": "tls internal", "HTTP_PORT": "18080",
                "HTTPS_PORT": "18443", "BACKUP_DIR": str(self.backups),
                # All questions come from one user at one address here.
                "THROTTLE_USER": "6000/min", "THROTTLE_ADDRESS": "6000/min",
            },
        )  # fmt: skip
        self.client = Client("https://localhost:18443")
        self.video = 0
        self.clip = b""

    def up(self) -> None:
        self.secrets.mkdir(mode=0o700)
        self.podman.run(
            *RUN, "--user", "0", "--volume", f"{self.secrets}:/secrets", OURS, "secrets", "/secrets",
        )  # fmt: skip
        self.compose.start("postgres")
        self.compose.migrate()
        self.compose.start("text2sql")
        self.compose("up", "--detach", "--no-deps", "--scale", "web=2", "web")
        for number in (1, 2):
            self.compose.wait_until_healthy("web", number=number)
        self.compose.start("worker")
        self.compose.start("proxy")
        until(lambda: self.client.send("GET", "/api/health/ready/")[0] == 200, "ready behind TLS", seconds=30)
        if self.client.send("GET", "/api/videos/")[0] != 401:
            raise ProofError("without a token the videos are shown")

    def sign_in(self) -> None:
        self.podman.run(
            "podman", "exec", "--env", "DJANGO_SUPERUSER_PASSWORD=" + PASSWORD, self.compose.container("web"),
            "python", "manage.py", "createsuperuser", "--noinput", "--username", "owner",
            "--email", "owner@example.com",
        )  # fmt: skip
        body = {"username": "owner", "password": PASSWORD}
        self.client.token = self.client.json("POST", "/api/auth/token/", body, expect=201)["token"]

    def upload(self) -> None:
        """Real footage through the proxy, and events, so that there is something to lose."""
        self.clip = _clip()
        boundary = secrets.token_hex(16)
        name = f'--{boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\nGate\r\n'
        file = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="gate.mp4"\r\n'
            "Content-Type: video/mp4\r\n\r\n"
        )
        body = (name + file).encode() + self.clip + f"\r\n--{boundary}--\r\n".encode()
        self.client.headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        self.video = self.client.json("POST", "/api/videos/", body, expect=201)["id"]
        self.client.headers.clear()
        path = f"/api/videos/{self.video}/"
        until(
            lambda: self.client.json("GET", path)["status"] == "ready", "the upload is analysed", seconds=90,
            otherwise=lambda: self.compose.logs("worker"),
        )  # fmt: skip
        events = [{"timestamp": n / 10, "event_type": "theft", "external_id": str(n)} for n in range(20)]
        self.client.json("POST", f"{path}events/", events, expect=201)

    def restart_under_load(self) -> str:
        load = Load(self.client, f"How many thefts were there in video {self.video}?")
        load.start()
        try:
            time.sleep(2)
            for _ in range(2):
                self._restart("web")
        finally:
            load.stop()
        self._none_lost(load)
        return f"{load.sent} questions at {RATE} a second, none lost, the slowest took {load.slowest:.1f} s"

    def back_up_and_restore(self) -> str:
        self.compose("run", "--rm", "backup", "once")
        dump = max(self.backups.glob("database-*.dump"))
        before = self.client.json("GET", f"/api/videos/{self.video}/")
        self.client.send("DELETE", f"/api/videos/{self.video}/")
        if self.client.send("GET", f"/api/videos/{self.video}/")[0] != 404:
            raise ProofError("the video is still there after its deletion")
        self.compose("stop", "--timeout", "40", "proxy", "web", "worker")
        said = self.compose("--profile", "restore", "run", "--rm", "restore", f"/backups/{dump.name}")
        if not re.search(r"restore: \d+ tables of .* have the rows that they had", said):
            raise ProofError(f"the restore said:\n{said}")
        self.compose("start", "web", "worker", "proxy")
        until(lambda: self.client.send("GET", "/api/health/ready/")[0] == 200, "ready again", seconds=60)
        after = self.client.json("GET", f"/api/videos/{self.video}/")
        if after["sha256"] != before["sha256"]:
            raise ProofError("the video is not the one that was backed up")
        status, content = self.client.send("GET", f"/api/videos/{self.video}/file/")
        if status != 200 or content != self.clip:
            raise ProofError(f"the restored clip does not play: {status}, {len(content)} bytes")
        return said.strip().splitlines()[-1].removeprefix("restore: ")

    def upgrade(self) -> str:
        load = Load(self.client, "When was the first theft?")
        load.start()
        try:
            self.compose("run", "--rm", "migrate", "migrate")
            self._restart("text2sql", "worker", "web")
        finally:
            load.stop()
        self._none_lost(load)
        return f"{load.sent} questions, none lost"

    def _none_lost(self, load: "Load") -> None:
        if load.failed:
            said = "\n".join(self.compose.logs(service) for service in ("web", "proxy"))
            raise ProofError(f"{len(load.failed)} of {load.sent} were lost: {load.failed[:3]}\n{said}")

    def _restart(self, *services: str) -> None:
        """One container after the other, each with its grace, as an upgrade does; podman-compose would
        recreate all that depend on them too, the proxy first."""
        for service in services:
            for number in (1, 2) if service == "web" else (1,):
                self.podman.run("podman", "restart", "--time", "45", self.compose.container(service, number))
                self.compose.wait_until_healthy(service, number=number)

    def take_away(self) -> None:
        self.compose.down()
        shutil.rmtree(self.secrets, ignore_errors=True)


class Load:
    """RATE questions a second, each in a thread of its own, until it is stopped; each has to be answered."""

    def __init__(self, client: Client, question: str) -> None:
        self._client, self._question = client, question
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.failed: list[str] = []
        self.sent, self.slowest = 0, 0.0

    def start(self) -> None:
        self._threads.append(threading.Thread(target=self._send_on_and_on))
        self._threads[0].start()

    def stop(self) -> None:
        self._stop.set()
        for thread in list(self._threads):
            thread.join()

    def _send_on_and_on(self) -> None:
        end = time.monotonic() + 120  # whatever happens
        while not self._stop.wait(1 / RATE) and time.monotonic() < end:
            self.sent += 1
            self._threads.append(threading.Thread(target=self._ask))
            self._threads[-1].start()

    def _ask(self) -> None:
        began = time.monotonic()
        try:
            self._client.ask(self._question)
        except (OSError, ValueError) as error:
            self.failed.append(str(error)[:200])
        self.slowest = max(self.slowest, time.monotonic() - began)


def _clip() -> bytes:
    from apps.videos.testing import make_clip

    file = io.BytesIO()
    make_clip(file, seconds=3.0)
    return file.getvalue()
