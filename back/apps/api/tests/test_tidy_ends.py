"""How requests end: a status that says what it is, one line of log, no token behind a changed password."""

import errno
import logging

import pytest
import yaml
from django.core.checks import run_checks
from django.db import OperationalError
from django.utils.timezone import now
from rest_framework.test import APIClient

from apps.db.models import Conversation, Exchange
from config.env import ROOT
from conftest import errors_of

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough one"
QUESTION = {"prompt": "도난 있었어?"}


NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("where", [{"video_id": 10**9}, {"conversation_id": NOWHERE}])
def test_a_stream_about_what_is_not_there_never_begins(alice, bob, make_video, where):
    assert alice.post("/api/prompt/stream/", QUESTION | where).status_code == 404
    foreign = make_video(bob.user)
    assert alice.post("/api/prompt/stream/", QUESTION | {"video_id": foreign.pk}).status_code == 404


def test_an_expected_503_is_one_line_of_log(alice, make_video, settings, caplog):
    settings.TEXT2SQL_URL = "http://127.0.0.1:9"
    make_video(alice.user)
    with caplog.at_level(logging.INFO):
        assert alice.post("/api/prompt/", QUESTION).status_code == 503
    assert [record for record in caplog.records if record.exc_info] == []
    assert [record for record in caplog.records if "Service Unavailable" in record.getMessage()]


@pytest.mark.parametrize("path", ["/admin/", "/admin/db/video/", "/api/videos/", "/api/auth/me/"])
def test_a_database_that_is_away_is_one_line_of_log_everywhere(staff, monkeypatch, caplog, path):
    client = APIClient(raise_request_exception=False)
    client.force_login(staff.user)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    with caplog.at_level(logging.INFO):
        response = client.get(path)
    monkeypatch.undo()
    assert (response.status_code, errors_of(response)) == (503, {None: "unavailable"})
    assert [record for record in caplog.records if record.exc_info] == []
    assert len([record for record in caplog.records if "Service Unavailable" in record.getMessage()]) == 1


def test_no_room_on_the_disk_is_told_as_that(alice, make_video, monkeypatch):
    video = make_video(alice.user)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("apps.videos.playback.views.cover_of", full)
    response = alice.get(f"/api/videos/{video.pk}/thumbnail/")
    assert (response.status_code, errors_of(response)) == (507, {None: "no_room"})


@pytest.mark.parametrize("change", ["set_password", "set_unusable_password"])
def test_a_changed_password_ends_the_tokens(make_user, change):
    user, client = make_user("alice"), APIClient()
    user.set_password(PASSWORD)
    user.save()
    body = {"username": "alice", "password": PASSWORD}
    header = {"HTTP_AUTHORIZATION": f"Bearer {client.post('/api/auth/token/', body).json()['token']}"}
    user.first_name = "A"
    user.save()
    assert client.get("/api/videos/", **header).status_code == 200
    getattr(user, change)(*(["another long one"] if change == "set_password" else []))
    user.save()
    assert client.get("/api/videos/", **header).status_code == 401


def test_staff_see_their_own_questions_in_the_admin(staff, alice, make_video):
    video = make_video(alice.user)
    for owner, prompt in ((alice.user, "a secret question"), (staff.user, "my own question")):
        fields = {"video": video, "outcome": "answer", "language": "en", "now": now()}
        conversation = Conversation.objects.create(owner=owner)
        Exchange.objects.create(owner=owner, prompt=prompt, conversation=conversation, **fields)
    staff.user.is_superuser = True
    staff.user.save()
    client = APIClient()
    client.force_login(staff.user)
    page = client.get("/admin/db/exchange/").content.decode()
    assert "my own question" in page
    assert "a secret question" not in page


@pytest.mark.parametrize("path", ["/api/docs/", "/admin/login/", "/api/health/live/", "/api/nowhere/"])
def test_every_answer_says_what_it_may_load(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    scripts = [part for part in policy.split("; ") if part.startswith("script-src")]
    assert scripts in ([], ["script-src 'self'"])


def test_the_docs_page_has_no_script_of_its_own(client):
    page = client.get("/api/docs/").content.decode()
    assert page.count("<script") == page.count("<script src=") == 3


def test_without_https_the_deploy_check_speaks(settings):
    settings.DEBUG, settings.HTTPS_ONLY = False, False
    assert "playhead.W005" in {message.id for message in run_checks(include_deployment_checks=True)}
    settings.HTTPS_ONLY = True
    assert "playhead.W005" not in {message.id for message in run_checks(include_deployment_checks=True)}


def test_the_openapi_document_is_whole():
    document = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) - names == set()
    assert "404" in document["paths"]["/api/events/"]["get"]["responses"]
    assert "409" in document["paths"]["/api/events/{event_id}/"]["patch"]["responses"]


def _references(part: object) -> list[str]:
    if isinstance(part, list):
        return [name for member in part for name in _references(member)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [name for member in part.values() for name in _references(member)]
