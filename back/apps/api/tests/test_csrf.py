"""A page changes things with its session and a token in a header, whatever the body; without it nothing."""

import io
import json
import re

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from apps.db.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

EVENT = {"timestamp": 1.5, "event_type": "enter"}
NDJSON = "application/x-ndjson"


def lines(count: int, **more: str) -> bytes:
    return b"".join(json.dumps(EVENT | {"external_id": str(n)} | more).encode() + b"\n" for n in range(count))


BODIES = {
    "json": (json.dumps(EVENT).encode(), "application/json", 1),
    "array": (json.dumps([EVENT, EVENT]).encode(), "application/json", 2),
    "ndjson": (lines(3), NDJSON, 3),
    "csv": (b"timestamp,event_type\n1.5,enter\n2.5,exit\n", "text/csv", 2),
    # More than Django keeps of a form in memory, and more than REQUEST_MAX_MB.
    "ndjson of 3 MB": (lines(3000, description="x" * 1000), NDJSON, 3000),
}


@pytest.fixture
def page(make_user):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user("page"))
    token = client.get("/api/auth/me/").cookies["csrftoken"].value
    made = client.post("/api/videos/", {"name": "gate", "duration": 60}, headers={"X-CSRFToken": token})
    assert made.status_code == 201, made.content
    return client, token, made.json()["id"]


@pytest.mark.parametrize("kind", BODIES)
def test_events_of_every_format_are_taken_with_the_header(page, kind):
    client, token, video = page
    body, content_type, count = BODIES[kind]
    path = f"/api/videos/{video}/events/"
    refused = client.post(path, body, content_type=content_type)
    assert (refused.status_code, Event.objects.count()) == (403, 0)
    wrong = client.post(path, body, content_type=content_type, headers={"X-CSRFToken": "x" * 32})
    assert (wrong.status_code, Event.objects.count()) == (403, 0)
    taken = client.post(path, body, content_type=content_type, headers={"X-CSRFToken": token})
    assert (taken.status_code, Event.objects.count()) == (201, count), taken.content


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("post", "/api/prompt/", {"prompt": "도난 있었어?"}, {200}),
        ("patch", "/api/videos/{}/", {"name": "other"}, {200}),
        ("delete", "/api/videos/{}/", None, {204}),
        ("delete", "/api/auth/session/", None, {204}),
    ],
)
def test_what_changes_something_wants_the_header(page, offline, method, path, body, status):
    client, token, video = page
    act = getattr(client, method)
    arguments = {"format": "json"} | ({"data": body} if body is not None else {})
    assert act(path.format(video), **arguments).status_code == 403
    assert act(path.format(video), **arguments, headers={"X-CSRFToken": token}).status_code in status


def test_another_origin_is_refused_although_it_has_the_token(page):
    client, token, video = page
    headers = {"X-CSRFToken": token, "Origin": "https://elsewhere.example"}
    answer = client.patch(f"/api/videos/{video}/", {"name": "x"}, format="json", headers=headers)
    assert answer.status_code == 403


def test_the_token_in_the_form_alone_is_not_read(page):
    client, token, _ = page
    body = {"name": "x", "csrfmiddlewaretoken": token}
    assert client.post("/api/videos/", body, format="multipart").status_code == 403


class Unread(io.BytesIO):
    """A body that nobody may look at."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = read


WRITING = sorted(
    (method, re.sub(r"{[^}]*_id}", "1", path).replace("{username}", "bob"))
    for path, methods in SchemaGenerator().get_schema(public=True)["paths"].items()
    for method in methods
    if method in {"post", "put", "patch", "delete"} and path != "/api/auth/token/"
)
SOME_ID = "00000000-0000-4000-8000-000000000000"
KINDS = [
    "application/json",
    NDJSON,
    "text/csv",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/offset+octet-stream",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [40, 30_000_000])
def test_no_route_reads_a_body_before_the_token_is_right(page, kind, length):
    """30 MB are more than Django keeps in memory: of a form, strangers' files would lie on the disk."""
    client, token, _ = page
    assert len(WRITING) > 20
    for method, path in WRITING:
        place = re.sub(r"(conversations|exchanges|parts|tus|uploads)/1/", rf"\1/{SOME_ID}/", path)
        for headers in ({}, {"X-CSRFToken": token[::-1]}):
            answer = client.generic(
                method.upper(), place, content_type=kind, headers=headers,
                **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)},
            )  # fmt: skip
            assert answer.status_code == 403, (method, place, answer.content)


@pytest.mark.parametrize("length", [40, 30_000_000])
def test_signing_in_reads_no_form(length):
    client = APIClient(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.generic(
        "POST", "/api/auth/session/", content_type=KINDS[3],
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/db/video/add/", "/nowhere/"])
def test_outside_of_the_api_forms_are_small(path, settings):
    client = APIClient(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    answer = client.generic(
        "POST", path, content_type=KINDS[3], **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)}
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "too_large")
