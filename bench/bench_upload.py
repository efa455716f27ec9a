"""Uploads through gunicorn against a plain copy through gunicorn: python bench/bench_upload.py [MEGABYTES]

Starts the service over a throw-away database and data directory, sends the same bytes to both, and prints
the ratio of the times and how far the service's memory grew; then how long a thumbnail takes.
"""

import contextlib
import http.client
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "back"))

import psutil  # noqa: E402

from apps.videos.testing import make_clip  # noqa: E402
from launcher.embedded import EmbeddedPostgres  # noqa: E402

PLAIN = """
import uuid


def application(environ, start_response):
    left, stream = int(environ["CONTENT_LENGTH"]), environ["wsgi.input"]
    with open(f"copy-{uuid.uuid4().hex}", "wb") as file:
        while left:
            chunk = stream.read(min(left, 1 << 20))
            left -= len(chunk)
            file.write(chunk)
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
"""
CHUNK = 1 << 20
# Long: a short one turns up in random bytes.
BOUNDARY = b"playhead-bench-3b1f0c7e9d"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def gunicorn(app: str, folder: Path, environment: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
         "--workers", "1", "--threads", "8", "--timeout", "300", "--log-level", "warning", app],
        cwd=folder, env=os.environ | environment,
    )  # fmt: skip
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        time.sleep(1)
        yield port, psutil.Process(server.pid).children()[0]
    finally:
        server.terminate()
        server.wait()


def send(port: int, path: str, parts: list[bytes], content_type: str) -> tuple[float, int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    begun = time.monotonic()
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(sum(map(len, parts))))
    connection.putheader("Content-Type", content_type)
    connection.endheaders()
    for part in parts:
        connection.send(part)
    response = connection.getresponse()
    body = response.read()
    return time.monotonic() - begun, response.status, body


def big_video(megabytes: int) -> list[bytes]:
    """A clip, then a box that players skip: as large as wanted, and still a video."""
    file = io.BytesIO()
    make_clip(file, seconds=30, size=(640, 360))
    clip = file.getvalue()
    filler = megabytes * CHUNK - len(clip)
    header = (1).to_bytes(4, "big") + b"free" + filler.to_bytes(8, "big")
    whole, rest = divmod(filler - 16, CHUNK)
    noise = os.urandom(CHUNK)
    return [clip, header, *[noise] * whole, noise[:rest]]


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    video = big_video(megabytes)
    head = b'Content-Disposition: form-data; name="file"; filename="big.mp4"\r\n\r\n'
    again = b'Content-Disposition: form-data; name="allow_duplicate"\r\n\r\ntrue\r\n'
    later = b'Content-Disposition: form-data; name="analyze"\r\n\r\nfalse\r\n'
    form = [b"--%s\r\n%s" % (BOUNDARY, head), *video]
    form.append(b"\r\n--%s\r\n%s--%s\r\n%s--%s--\r\n" % (BOUNDARY, again, BOUNDARY, later, BOUNDARY))
    with tempfile.TemporaryDirectory(prefix="playhead-bench-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder / "database", throwaway=True)
        environment = server.start() | {
            "DEBUG": "true", "DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT / "back"),
            "THROTTLE_USER": "", "THROTTLE_ADDRESS": "", "ENV_FILE": os.devnull, "UPLOAD_MAX_MB": "100000",
        }  # fmt: skip
        try:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True,
                env=os.environ | environment,
            )  # fmt: skip
            (folder / "plain.py").write_text(PLAIN)
            with (
                gunicorn("plain:application", folder, {}) as (plain_port, _),
                gunicorn("config.wsgi", ROOT, environment) as (port, worker),
            ):
                measure(folder, plain_port, port, worker, form, megabytes)
        finally:
            server.stop()


def forget(paths: Iterable[Path]) -> None:
    """Also what the disk still has to write of them, or the next round would wait for it."""
    for path in list(paths):
        if path.is_file():
            path.unlink()


def measure(
    folder: Path, plain_port: int, port: int, worker: psutil.Process, form: list[bytes], megabytes: int
) -> None:
    multipart = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    small = big_video(2)
    send(port, "/api/videos/", [form[0], *small, form[-1]], multipart)  # the code is loaded
    before = worker.memory_info().rss
    most, plain, ours = before, [], []
    for _ in range(5):
        seconds, status, _body = send(plain_port, "/", form, multipart)
        assert status == 200
        plain.append(seconds)
        forget(folder.glob("copy-*"))
        seconds, status, body = send(port, "/api/videos/", form, multipart)
        assert status == 201, body
        ours.append(seconds)
        most = max(most, worker.memory_info().rss)
        forget(path for path in (folder / "data" / "media").rglob("*") if path.stat().st_size > 100 * CHUNK)
    ratio = statistics.median(ours) / statistics.median(plain)
    print(f"plain copy   {megabytes / statistics.median(plain):8.0f} MB/s")
    print(f"upload       {megabytes / statistics.median(ours):8.0f} MB/s   {ratio:.2f} x (at most 1.5)")
    print(f"memory       +{(most - before) / CHUNK:.1f} MB for {megabytes} MB (at most 64)")
    thumbnails = []
    for number in range(20):
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", f"/api/videos/1/thumbnail/?t={number + 0.3}")
        response = connection.getresponse()
        response.read()
        assert response.status == 200
        thumbnails.append((time.monotonic() - begun) * 1000)
    print(f"thumbnail    {statistics.median(thumbnails):.1f} ms over HTTP, the first time (at most 50)")


if __name__ == "__main__":
    main()
