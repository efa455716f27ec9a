"""Fixtures that every room uses. The database and the environment come from config/testing.py."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework.response import Response
from rest_framework.test import APIClient

from apps.api.asking.breaker import BREAKERS
from apps.api.asking.offline import forget_connections as forget_offline_connections
from apps.db.models import Event, User, Video
from apps.db.reader import close_reader
from apps.db.reader_role import ReaderRole, ensure_reader


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database has a reader too, with the same role on the database of this run."""
    with django_db_blocker.unblock():
        url = urlsplit(django_settings.READER_DATABASE_URL)
        database = connection.settings_dict["NAME"]
        django_settings.READER_DATABASE_URL = url._replace(path=f"/{database}").geturl()
        role = ReaderRole.from_url(django_settings.READER_DATABASE_URL)
        ensure_reader(connection, role=role, timeout_ms=django_settings.READER_TIMEOUT_MS)


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords():
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _kept_reader_connection_is_closed():
    yield
    close_reader()


@pytest.fixture(autouse=True)
def _no_throttles_unless_asked(settings, tmp_path):
    settings.THROTTLE_USER = settings.THROTTLE_ADDRESS = settings.THROTTLE_LOGIN = None


@dataclass(frozen=True)
class Caller:
    """One user's view of the API; every answer that is an error has the one shape."""

    user: User | None
    client: APIClient

    def get(self, path: str, query: dict[str, Any] | None = None, **extra) -> Response:
        return self._checked(self.client.get(path, query, **extra))

    def post(self, path: str, body: Any = None, content_type: str | None = None, **extra) -> Response:
        return self._checked(self._send("post", path, body, content_type, extra))

    def patch(self, path: str, body: Any = None, content_type: str | None = None, **extra) -> Response:
        return self._checked(self._send("patch", path, body, content_type, extra))

    def delete(self, path: str, **extra) -> Response:
        return self._checked(self.client.delete(path, **extra))

    def _send(self, method: str, path: str, body: Any, content_type: str | None, extra: dict) -> Response:
        call = getattr(self.client, method)
        if isinstance(body, bytes | str):
            return call(path, body, content_type=content_type or "application/json", **extra)
        return call(path, body, format="json", **extra)

    def _checked(self, response: Response) -> Response:
        if response.status_code >= 400:
            assert_error_shape(response)
        return response


def assert_error_shape(response: Response) -> None:
    if response.headers["Content-Type"].startswith("application/json") and "probes" in response.json():
        return
    assert response.headers["Content-Type"].startswith("application/json"), response.content
    body = response.json()
    assert set(body) == {"type", "errors"}, body
    assert body["type"] in {"validation_error", "client_error", "server_error"}
    assert body["errors"], body
    for error in body["errors"]:
        assert set(error) == {"code", "detail", "attr"}
        assert error["code"]
        assert error["detail"]
        assert "Traceback" not in error["detail"]


def errors_of(response: Response) -> dict[str | None, str]:
    """attr → code."""
    return {error["attr"]: error["code"] for error in response.json()["errors"]}


@pytest.fixture(scope="session")
def text2sql_url() -> Iterator[str]:
    """The real offline service, on a port of its own."""
    import uvicorn

    config = uvicorn.Config("text2sql.app:app", host="127.0.0.1", port=0, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the offline service did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    forget_offline_connections()
    server.should_exit = True
    thread.join()


@pytest.fixture
def offline(text2sql_url, settings) -> str:
    """Questions are answered by the real offline service."""
    settings.TEXT2SQL_URL = text2sql_url
    settings.USE_BEDROCK = False
    for breaker in BREAKERS.values():
        breaker.reset()
    return text2sql_url


@pytest.fixture
def make_user(db) -> Callable[..., User]:
    def make(username: str, **fields: Any) -> User:
        return User.objects.create_user(username=username, password="a long enough one", **fields)

    return make


@pytest.fixture
def signed_in() -> Callable[[User | None], Caller]:
    def sign_in(user: User | None) -> Caller:
        client = APIClient(raise_request_exception=False)
        if user is not None:
            client.force_authenticate(user)
        return Caller(user, client)

    return sign_in


@pytest.fixture
def alice(make_user, signed_in) -> Caller:
    return signed_in(make_user("alice"))


@pytest.fixture
def bob(make_user, signed_in) -> Caller:
    return signed_in(make_user("bob"))


@pytest.fixture
def staff(make_user, signed_in) -> Caller:
    return signed_in(make_user("chief", is_staff=True))


@pytest.fixture
def nobody(signed_in) -> Caller:
    return signed_in(None)


@pytest.fixture
def make_video(db) -> Callable[..., Video]:
    def make(owner: User | None = None, **fields: Any) -> Video:
        fields = {"name": "매장 CCTV", "camera": "CAM-01", "duration": 1200.0, "status": "ready"} | fields
        video = Video.objects.create(owner=owner, **fields)
        video.refresh_from_db()
        return video

    return make


@pytest.fixture
def make_event(db) -> Callable[..., Event]:
    def make(video: Video, timestamp: float = 0.0, event_type: str = "enter", **fields: Any) -> Event:
        event = Event.objects.create(video=video, timestamp=timestamp, event_type=event_type, **fields)
        event.refresh_from_db()
        return event

    return make


@pytest.fixture
def run_jobs(transactional_db) -> Callable[[], list[str]]:
    """Runs what is in the queue, and what that enqueues; → how each ended."""
    from apps.jobs import queue, running
    from apps.jobs.control import stop_requested
    from apps.jobs.locks import WorkerLock

    def run() -> list[str]:
        lock = WorkerLock()
        done = []
        try:
            while not stop_requested() and (job := queue.claim(queue.EVERY_LANE, lock.worker_id)):
                running.run(job)
                done.append(DBTaskResult.objects.get(pk=job.pk).status)
                DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        finally:
            lock.release()
        return done

    return run
