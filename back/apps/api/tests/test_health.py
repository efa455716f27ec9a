import http.server
import threading
import time

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.api.health import outcome, probes
from apps.api.health.outcome import OUTCOME


@pytest.fixture(autouse=True)
def _nothing_is_known_yet():
    OUTCOME.forget()
    yield
    OUTCOME.forget()


@pytest.fixture
def offline_service(settings):
    """Something that answers the ready route as the offline service does."""

    class Live(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Live)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.TEXT2SQL_URL = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return tmp_path


def failing(response) -> set[str]:
    return {probe["name"] for probe in response.json()["probes"] if not probe["ok"]}


def test_live_needs_nothing(nobody):
    assert nobody.get("/api/health/live/").json()["status"] == "live"


def test_ready_when_all_is_there(transactional_db, nobody, offline_service, files):
    response = nobody.get("/api/health/ready/")
    assert response.status_code == 200, response.json()
    assert response.json()["status"] == "ready"
    assert [probe["name"] for probe in response.json()["probes"]] == [p.name for p in probes.PROBES]
    assert not any(path.is_file() for path in files.rglob("*")), "the probe leaves no file behind"


def test_the_offline_service_away_is_named(transactional_db, nobody, files, settings):
    settings.TEXT2SQL_URL = "http://127.0.0.1:9"
    response = nobody.get("/api/health/ready/")
    assert response.status_code == 503
    assert failing(response) == {"text2sql"}


def test_a_waiting_migration_is_named(transactional_db, nobody, offline_service, files):
    recorder = MigrationRecorder(connection)
    [(app, latest)] = MigrationLoader(connection).graph.leaf_nodes("db")
    recorder.record_unapplied(app, latest)
    try:
        response = nobody.get("/api/health/ready/")
        assert response.status_code == 503
        assert failing(response) == {"migrations"}
    finally:
        recorder.record_applied(app, latest)


def test_a_missing_reader_is_named(transactional_db, nobody, offline_service, files, settings):
    settings.READER_DATABASE_URL = ""
    assert failing(nobody.get("/api/health/ready/")) == {"reader"}


def test_storage_that_cannot_be_written_is_named(
    transactional_db, nobody, offline_service, files, monkeypatch
):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device", "/secret/place")

    monkeypatch.setattr(FileSystemStorage, "save", full)
    response = nobody.get("/api/health/ready/")
    assert failing(response) == {"storage"}
    assert "secret" not in response.content.decode()


def test_a_database_out_of_reach_is_named_and_not_shown(db, nobody, offline_service, files, monkeypatch):
    def away():
        raise OperationalError("password authentication failed for host 10.9.8.7")

    monkeypatch.setattr(probes, "PROBES", (probes.Probe("database", away),))
    response = nobody.get("/api/health/ready/")
    assert response.status_code == 503
    assert response.json()["probes"][0]["problem"] == "cannot be reached (OperationalError)"
    assert "10.9.8.7" not in response.content.decode()


@pytest.fixture
def looks(monkeypatch) -> list[float]:
    """When somebody looked, with a probe that takes its time."""
    seen: list[float] = []

    def look():
        seen.append(time.monotonic())
        time.sleep(0.1)

    monkeypatch.setattr(probes, "PROBES", (probes.Probe("slow", look),))
    return seen


def test_a_flood_of_calls_looks_once(nobody, looks, monkeypatch):
    monkeypatch.setattr(outcome, "KEPT_SECONDS", 60.0)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(nobody.get("/api/health/ready/").status_code))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20
    assert len(looks) == 1


def test_what_was_found_is_looked_at_anew(nobody, looks, monkeypatch):
    monkeypatch.setattr(outcome, "KEPT_SECONDS", 0.05)
    for _ in range(2):
        assert nobody.get("/api/health/ready/").status_code == 200
        time.sleep(0.06)
    assert len(looks) == 2


def test_nobody_waits_for_who_looks_once_something_is_known(nobody, monkeypatch):
    monkeypatch.setattr(outcome, "KEPT_SECONDS", 0.0)
    looking, go_on = threading.Event(), threading.Event()
    go_on.set()

    def look():
        looking.set()
        assert go_on.wait(10)

    monkeypatch.setattr(probes, "PROBES", (probes.Probe("stuck", look),))
    nobody.get("/api/health/ready/")
    looking.clear()
    go_on.clear()
    stuck = threading.Thread(target=nobody.get, args=["/api/health/ready/"])
    stuck.start()
    assert looking.wait(10)
    assert nobody.get("/api/health/ready/").status_code == 200
    go_on.set()
    stuck.join()


def test_a_clock_that_differs_is_told_and_keeps_nobody_out(db, client, monkeypatch, offline_service):
    right = time.time
    monkeypatch.setattr(probes.time, "time", lambda: right() - 70)
    response = client.get("/api/health/ready/")
    assert response.status_code == 200
    [clock] = [probe for probe in response.json()["probes"] if probe["name"] == "clock"]
    assert (clock["ok"], clock["needed"]) == (False, False)
    assert clock["problem"] == "this machine's clock is 70 s behind the database's"
