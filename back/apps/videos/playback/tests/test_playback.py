import io
from datetime import timedelta
from email.utils import format_datetime

import av
import pytest
import requests

from apps.db.models import Video
from apps.videos.testing import make_clip
from conftest import assert_error_shape, errors_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(alice, clip, as_file) -> Video:
    body = alice.client.post(
        "/api/videos/", {"file": as_file(clip), "analyze": "false"}, format="multipart"
    ).json()
    return Video.objects.get(pk=body["id"])


def body_of(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


def test_the_whole_file(alice, video, clip):
    response = alice.client.get(f"/api/videos/{video.pk}/file/")
    assert response.status_code == 200
    assert body_of(response) == clip
    headers = response.headers
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Length"] == str(len(clip))
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["ETag"] == f'"{video.sha256[:32]}"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Disposition"].startswith("inline")
    assert "private" in headers["Cache-Control"]
    saved = alice.client.get(f"/api/videos/{video.pk}/file/?download=true")
    body_of(saved)
    assert saved.headers["Content-Disposition"] == 'attachment; filename="cam01.mp4"'


def test_head_says_the_same_and_sends_nothing(alice, video, clip):
    response = alice.client.head(f"/api/videos/{video.pk}/file/")
    assert (response.status_code, body_of(response)) == (200, b"")
    assert response.headers["Content-Length"] == str(len(clip))
    assert response.headers["ETag"]


RANGES = [
    ("bytes=0-0", 206, slice(0, 1)),
    ("bytes=0-99", 206, slice(0, 100)),
    ("bytes=100-", 206, slice(100, None)),
    ("bytes=-100", 206, slice(-100, None)),
    ("bytes=-99999999", 206, slice(0, None)),
    ("bytes=50-99999999999999999999", 206, slice(50, None)),
    ("bytes=0-9,20-29", 416, None),
    ("bytes=0-0, -1", 416, None),
    ("bytes=" + ",".join(["0-"] * 500), 416, None),
    ("lines=0-9", 200, slice(0, None)),
    ("bytes=9-0", 200, slice(0, None)),
    ("bytes=a-b", 200, slice(0, None)),
    ("bytes=99999999-", 416, None),
    ("bytes=-0", 416, None),
]


@pytest.mark.parametrize(("asked", "status", "part"), RANGES)
def test_ranges(alice, video, clip, asked, status, part):
    response = alice.client.get(f"/api/videos/{video.pk}/file/", headers={"Range": asked})
    assert response.status_code == status
    if status == 416:
        assert_error_shape(response)
        assert response.headers["Content-Range"] == f"bytes */{len(clip)}"
        return
    data = body_of(response)
    assert data == clip[part]
    assert response.headers["Content-Length"] == str(len(data))
    if status == 206:
        first = clip.index(data) if len(data) > 50 else 0
        assert response.headers["Content-Range"] == f"bytes {first}-{first + len(data) - 1}/{len(clip)}"


def test_what_the_client_has_is_not_sent_again(alice, video, clip):
    path = f"/api/videos/{video.pk}/file/"
    first = alice.client.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    body_of(first)
    assert alice.client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert alice.client.get(path, headers={"If-Modified-Since": modified}).status_code == 304
    assert alice.client.get(path, headers={"If-Match": '"other"'}).status_code == 412
    part = {"Range": "bytes=0-9"}
    old = format_datetime(video.created_at - timedelta(days=1), usegmt=True)
    for if_range, status in ((etag, 206), (modified, 206), ('"other"', 200), (old, 200), ("W/" + etag, 200)):
        response = alice.client.get(path, headers=part | {"If-Range": if_range})
        assert response.status_code == status, if_range
        body_of(response)


@pytest.mark.parametrize("kind", ["file", "thumbnail"])
def test_only_who_may_see_the_video_gets_its_bytes(alice, bob, nobody, staff, video, kind):
    path = f"/api/videos/{video.pk}/{kind}/"
    assert bob.get(path).status_code == 404
    assert nobody.get(path).status_code == 401
    assert staff.client.head(path).status_code == 200
    alice.post(f"/api/videos/{video.pk}/shares/", {"username": "bob"})
    assert bob.client.head(path).status_code == 200
    assert alice.get(f"/api/videos/{2**63}/{kind}/").status_code == 404


def test_a_video_without_a_file(alice, make_video, make_event):
    video = make_video(alice.user)
    event = make_event(video, 5.0)
    for path in ("videos/{}/file", "videos/{}/thumbnail"):
        assert alice.get(f"/api/{path.format(video.pk)}/").status_code == 404
    for path in ("events/{}/clip", "events/{}/thumbnail"):
        assert alice.get(f"/api/{path.format(event.pk)}/").status_code == 404


def test_players_and_images_may_say_what_they_accept(alice, video):
    for accept in ("video/*", "image/avif,image/webp", "text/html", ""):
        response = alice.client.head(f"/api/videos/{video.pk}/file/", headers={"Accept": accept})
        assert response.status_code == 200


def picture(data: bytes):
    with av.open(io.BytesIO(data)) as container:
        return next(container.decode(video=0)).to_ndarray(format="gray")


def left_edge(data: bytes) -> float:
    """Where the square is, as a share of the width."""
    image = picture(data)
    bright = (image > 128).any(axis=0).nonzero()[0]
    return bright[0] / image.shape[1]


def test_thumbnails_are_made_once_and_show_the_moment(alice, video, make_event, settings):
    def of(path: str) -> bytes:
        response = alice.client.get(path)
        assert response.status_code == 200, response.content
        assert response.headers["Content-Type"] == "image/jpeg"
        return body_of(response)

    base = f"/api/videos/{video.pk}/thumbnail/"
    start, later = of(f"{base}?t=0"), of(f"{base}?t=1.5")
    assert left_edge(start) < 0.05
    assert left_edge(later) == pytest.approx(0.375, abs=0.05)
    assert picture(of(f"{base}?size=80")).shape == (120, 160)
    of(f"{base}?size=100")
    event = make_event(video, 1.5)
    assert of(f"/api/events/{event.pk}/thumbnail/") == later
    made = list((settings.MEDIA_ROOT / "derived").rglob("*.jpg"))
    assert len(made) == 2  # the cover and the event; any other second is not kept
    stamps = {path: path.stat().st_mtime_ns for path in made}
    of(f"/api/events/{event.pk}/thumbnail/")
    of(f"{base}?size=80")
    assert {path: path.stat().st_mtime_ns for path in made} == stamps
    for wrong, attr in (
        ("t=-1", "t"),
        ("t=nan", "t"),
        ("size=1", "size"),
        ("size=5000", "size"),
        ("x=1", "x"),
    ):
        assert attr in errors_of(alice.get(f"{base}?{wrong}"))
    assert alice.get(f"{base}?t=999").status_code == 404


def test_a_clip_around_an_event(alice, bob, as_file, make_event, settings):
    settings.CLIP_MARGIN_SECONDS = 1
    file = io.BytesIO()
    make_clip(file, seconds=8, codec_options={"g": "10"})
    body = alice.client.post("/api/videos/", {"file": as_file(file.getvalue())}, format="multipart").json()
    video = Video.objects.get(pk=body["id"])
    event = make_event(video, 4.0, end_timestamp=5.0)
    path = f"/api/events/{event.pk}/clip/"
    assert bob.get(path).status_code == 404
    response = alice.client.get(path)
    assert response.status_code == 200, response.content
    data = body_of(response)
    with av.open(io.BytesIO(data)) as container:
        assert 2.5 < container.duration / av.time_base < 5
    part = alice.client.get(path, headers={"Range": "bytes=0-9"})
    assert (part.status_code, body_of(part)) == (206, data[:10])


@pytest.mark.django_db(transaction=True)
def test_what_browsers_cannot_play_is_copied_in_the_background(alice, as_file, run_jobs, settings):
    file = io.BytesIO()
    make_clip(file, container="avi", codec="mpeg4")
    original = file.getvalue()
    fields = {"file": as_file(original, "old.avi"), "analyze": "false"}
    body = alice.client.post("/api/videos/", fields, format="multipart").json()
    assert (body["playback"], body["content_type"]) == ("pending", "video/x-msvideo")
    path = f"/api/videos/{body['id']}/file/"
    before = alice.client.get(path)
    assert (before.headers["Content-Type"], body_of(before)) == ("video/x-msvideo", original)
    assert run_jobs() == ["SUCCESSFUL"]
    assert alice.get(f"/api/videos/{body['id']}/").json()["playback"] == "copy"
    copy = alice.client.get(path)
    assert copy.headers["Content-Type"] in ("video/mp4", "video/webm")
    assert copy.headers["ETag"] != before.headers["ETag"]
    with av.open(io.BytesIO(body_of(copy))) as container:
        assert container.streams.video[0].codec_context.name in ("h264", "vp8", "libvpx")
    assert body_of(alice.client.get(f"{path}?original=true")) == original
    assert list((settings.DATA_DIR / "work").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_cannot_be_made_is_said(alice, as_file, run_jobs, settings):
    file = io.BytesIO()
    make_clip(file, container="avi", codec="mpeg4")
    fields = {"file": as_file(file.getvalue()), "analyze": "false"}
    body = alice.client.post("/api/videos/", fields, format="multipart").json()
    video = Video.objects.get(pk=body["id"])
    (settings.MEDIA_ROOT / str(video.file)).unlink()
    assert run_jobs() == ["FAILED"]
    assert alice.get(f"/api/videos/{video.pk}/").json()["playback"] == "failed"
    gone = alice.get(f"/api/videos/{video.pk}/file/")
    assert gone.status_code == 404


def test_files_in_a_bucket_are_fetched_there(alice, bucket, clip, as_file, make_event):
    body = alice.client.post("/api/videos/", {"file": as_file(clip, "복도.mp4")}, format="multipart").json()
    response = alice.client.get(f"/api/videos/{body['id']}/file/")
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "no-store"
    address = response.headers["Location"]
    assert "X-Amz-Expires=3600" in address
    fetched = requests.get(address, timeout=5, headers={"Range": "bytes=0-99"})
    assert (fetched.status_code, fetched.content) == (206, clip[:100])
    assert fetched.headers["Content-Type"] == "video/mp4"
    event = make_event(Video.objects.get(pk=body["id"]), 1.0)
    thumbnail = alice.client.get(f"/api/events/{event.pk}/thumbnail/")
    assert requests.get(thumbnail.headers["Location"], timeout=5).content.startswith(b"\xff\xd8")
