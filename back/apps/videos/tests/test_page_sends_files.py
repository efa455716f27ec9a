"""A page's session and its token in a header suffice for files too, in every way that they can be sent."""

import json

import pytest
from rest_framework.test import APIClient

from apps.db.models import Event, Video
from apps.videos.upload.tests.test_tus import TUS, metadata

pytestmark = pytest.mark.django_db(transaction=True)

# More than Django keeps of a body in memory.
LARGE = 3_000_000
SEEN = {"id": "1.0-a", "label": "person", "start_time": 1772420410.0, "end_time": 1772420420.0}
FRIGATE = {"type": "end", "after": SEEN}
VIDEO = {"name": "gate", "recorded_at": "2026-03-02T03:00:00Z", "duration": 60}


@pytest.fixture
def page(make_user):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user("page"))
    token = client.get("/api/auth/me/").cookies["csrftoken"].value
    return client, {"X-CSRFToken": token}


def test_a_film_in_a_form(page, clip, as_file):
    client, token = page
    body = {"file": as_file(clip + b"\0" * LARGE), "name": "gate"}
    assert client.post("/api/videos/", body, format="multipart").status_code == 403
    assert Video.objects.count() == 0
    body = {"file": as_file(clip + b"\0" * LARGE), "name": "gate"}
    answer = client.post("/api/videos/", body, format="multipart", headers=token)
    assert answer.status_code == 201, answer.content


def test_a_film_by_tus(page, clip):
    client, token = page
    film = clip + b"\0" * LARGE
    about = TUS | {"Upload-Length": str(len(film)), "Upload-Metadata": metadata(filename="a.mp4")}
    assert client.post("/api/uploads/tus/", headers=about).status_code == 403
    begun = client.post("/api/uploads/tus/", headers=about | token)
    assert begun.status_code == 201, begun.content
    place = begun.headers["Location"].removeprefix("http://testserver")
    piece = {"path": place, "data": film, "content_type": "application/offset+octet-stream"}
    at = TUS | {"Upload-Offset": "0"}
    assert client.patch(**piece, headers=at).status_code == 403
    sent = client.patch(**piece, headers=at | token)
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(len(film)))


def test_another_system_s_file(page):
    client, token = page
    made = client.post("/api/videos/", VIDEO, headers=token)
    place = f"/api/videos/{made.json()['id']}/import/?from=frigate"
    lines = json.dumps(FRIGATE).encode() + b"\n" + b"\n" * LARGE
    body = {"data": lines, "content_type": "application/x-ndjson"}
    assert client.post(place, **body).status_code == 403
    answer = client.post(place, **body, headers=token)
    assert (answer.status_code, Event.objects.count()) == (201, 1), answer.content
