"""Uploads on a real socket: connections that end, and a server that is killed, in the middle of a file."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken

from apps.db.models import Upload, Video
from apps.jobs.tests.test_worker import until
from apps.videos.upload.finishing import drop_expired_uploads

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = b'--frontier-7d1\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
TAIL = b"\r\n--frontier-7d1--\r\n"


@pytest.fixture
def server():
    """→ (port, pid) of gunicorn as `make run` starts it, over this test's database and files."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = connection.get_connection_params()
    url = f"postgres://{given['user']}:{given['password']}@{given['host']}:{given['port']}/{given['dbname']}"
    environment = {
        "DATABASE_URL": url,
        "DATA_DIR": str(django_settings.DATA_DIR),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "HTTPS_ONLY": "false",
        "PYTHONPATH": str(django_settings.BASE_DIR / "back"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "back/config/gunicorn.py", "config.wsgi"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | environment,
    )
    try:
        until(lambda: answers(port), seconds=30)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        live = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        live.request("GET", "/api/health/live/")
        with contextlib.closing(live):
            return live.getresponse().status == 200
    except OSError:
        return False


def begin(port: int, token: str, method: str, path: str, length: int, **headers: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}"]
    lines += [
        f"Content-Length: {length}",
        *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items()),
    ]
    client.sendall("\r\n".join([*lines, "", ""]).encode())
    return client


def test_what_is_cut_off_on_the_wire(make_user, clip, server, settings):
    port, pid = server
    _, token = AuthToken.objects.create(make_user("camera"))
    form = {"Content_Type": "multipart/form-data; boundary=frontier-7d1"}
    # A box that players skip makes it large enough to be in pieces on its way.
    clip += (4_000_000).to_bytes(4, "big") + b"free" + bytes(4_000_000 - 8)
    whole = HEAD + clip + TAIL

    def parts() -> list:
        return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    # A form: nothing stays.
    with begin(port, token, "POST", "/api/videos/", len(whole), **form) as client:
        client.sendall(whole[: len(whole) // 2])
        until(parts)
    until(lambda: not parts() and not Upload.objects.exists())
    assert not Video.objects.exists()

    # A form that is sent as it should be, in two halves.
    with begin(port, token, "POST", "/api/videos/", len(whole), **form) as client:
        client.sendall(whole[: len(whole) // 2])
        until(parts)
        client.sendall(whole[len(whole) // 2 :])
        assert client.recv(100).startswith(b"HTTP/1.1 201")
    Video.objects.get().delete()

    # tus: what arrived stays, and the rest follows.
    tus = {"Tus_Resumable": "1.0.0"}
    with begin(port, token, "POST", "/api/uploads/tus/", 0, **tus, Upload_Length=str(len(clip))) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 201")
    upload = Upload.objects.get()
    path, half = f"/api/uploads/tus/{upload.pk}/", len(clip) // 2
    patch = tus | {"Content_Type": "application/offset+octet-stream"}
    with begin(port, token, "PATCH", path, len(clip), **patch, Upload_Offset="0") as client:
        client.sendall(clip[:half])
    until(lambda: Upload.objects.get().received == half and Upload.objects.get().lease is None)
    with begin(port, token, "PATCH", path, len(clip) - half, **patch, Upload_Offset=str(half)) as client:
        client.sendall(clip[half:])
        answer = client.recv(4000)
    assert answer.startswith(b"HTTP/1.1 204"), answer
    assert Video.objects.get().size == len(clip)
    Video.objects.get().delete()

    # The server itself is killed: its row says what to remove, once that is certain.
    with begin(port, token, "POST", "/api/videos/", len(whole), **form) as client:
        client.sendall(whole[: len(whole) // 2])
        # The files of the videos before are still there; it is this one that has to have begun.
        until(lambda: any(path.suffix == ".part" for path in parts()))
        for child in psutil.Process(pid).children():
            os.kill(child.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            assert client.recv(100) == b""
    lost = Upload.objects.get(kind="form")
    assert (settings.MEDIA_ROOT / f"{lost.key}.part").exists()
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    drop_expired_uploads()
    assert not (settings.MEDIA_ROOT / f"{lost.key}.part").exists()
    assert not Video.objects.exists()


def backends() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = user"
        )
        return cursor.fetchone()[0]


FORM = {"Content_Type": "multipart/form-data; boundary=frontier-7d1"}
TUS = {"Tus_Resumable": "1.0.0"}
PATCH = TUS | {"Content_Type": "application/offset+octet-stream", "Upload_Offset": "0"}
NDJSON = {"Content_Type": "application/x-ndjson"}


@pytest.mark.parametrize("kind", ["form", "tus", "events"])
def test_slow_senders_hold_no_database_connection(make_user, make_video, server, kind):
    port, _ = server
    user = make_user("camera")
    _, token = AuthToken.objects.create(user)
    video = make_video(owner=user)

    def half_sent() -> socket.socket:
        if kind == "form":
            client = begin(port, token, "POST", "/api/videos/", 2_000_000, **FORM)
            client.sendall(HEAD + bytes(100_000))
        elif kind == "events":
            client = begin(port, token, "POST", f"/api/videos/{video.pk}/events/", 2_000_000, **NDJSON)
            client.sendall(b'{"timestamp": 1.0, "event_type": "theft"}\n' * 100)
            time.sleep(0.3)  # nothing tells how far it has come
        else:
            made = begin(port, token, "POST", "/api/uploads/tus/", 0, **TUS, Upload_Length="2000000")
            with contextlib.closing(made):
                path = re.search(rb"Location: (\S+)", made.recv(4000))[1].decode()
            client = begin(port, token, "PATCH", urlsplit(path).path, 2_000_000, **PATCH)
            client.sendall(bytes(100_000))
        return client

    before = backends()
    with contextlib.ExitStack() as clients:
        for n in range(6):
            clients.enter_context(contextlib.closing(half_sent()))
            if kind != "events":
                begun = Upload.objects.exclude(lease=None) if kind == "tus" else Upload.objects.all()
                until(lambda begun=begun, n=n: begun.count() == n + 1)
        assert backends() - before <= 3
