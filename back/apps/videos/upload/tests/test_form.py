import hashlib
import io
import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from apps.db.models import Upload, Video
from apps.videos.analysis.queueing import checked_names
from apps.videos.storage import errors
from apps.videos.storage.folder import FolderSink
from apps.videos.testing import make_clip
from apps.videos.upload.finishing import drop_expired_uploads
from conftest import assert_error_shape, errors_of

pytestmark = pytest.mark.django_db


def send(caller, file=None, **fields):
    body = fields | ({"file": file} if file is not None else {})
    response = caller.client.post("/api/videos/", body, format="multipart")
    return caller._checked(response)


def kept(settings) -> list[str]:
    return [str(path) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def nothing_is_kept(settings) -> bool:
    return kept(settings) == [] and not Upload.objects.exists() and not Video.objects.exists()


def test_a_file_becomes_a_video(alice, clip, as_file, settings):
    response = send(
        alice, as_file(clip), name="매장 CCTV", camera="CAM-01", recorded_at="2026-03-02T14:00:00+09:00"
    )
    assert response.status_code == 201, response.content
    body = response.json()
    assert response.headers["Location"] == f"/api/videos/{body['id']}/"
    assert (body["name"], body["camera"], body["owner"]) == ("매장 CCTV", "CAM-01", "alice")
    assert (body["width"], body["height"], body["fps"]) == (160, 120, 10.0)
    assert body["duration"] == pytest.approx(2.0, abs=0.11)
    assert (body["size"], body["sha256"]) == (len(clip), hashlib.sha256(clip).hexdigest())
    assert (body["playback"], body["content_type"]) == ("direct", "video/mp4")
    assert body["recorded_at"] == "2026-03-02T05:00:00Z"
    assert body["analysis"]["state"] == "queued"
    assert body["analysis"]["detectors"] == checked_names(None)
    assert (body["status"], body["analyzed_until"]) == ("uploaded", 0.0)
    video = Video.objects.get()
    # The key says nothing, and nobody else on the machine may read it.
    [path] = kept(settings)
    assert path.endswith(str(video.file))
    assert not any(word in path for word in ("매장", "cam01", "mp4", "alice"))
    assert Path(path).stat().st_mode & 0o077 == 0
    assert Path(path).parent.stat().st_mode & 0o077 == 0
    assert not Upload.objects.exists()


def test_what_is_not_said_is_read_from_the_file(alice, as_file):
    file = io.BytesIO()
    make_clip(
        file, metadata={"creation_time": "2026-03-02T05:00:00Z"}, options={"movflags": "use_metadata_tags"}
    )
    body = send(alice, as_file(file.getvalue(), "복도 2층.mp4"), analyze="false").json()
    assert body["name"] == "복도 2층"
    assert body["recorded_at"] == "2026-03-02T05:00:00Z"
    assert body["analysis"] is None


WRONG = [
    (b"", "empty"),
    (b"hello, world\n" * 100, "not_a_video"),
    (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "not_a_video"),
    (b"\x89PNG\r\n\x1a\n" + bytes(1000), "not_a_video"),
    (b"<html><body>404</body></html>", "not_a_video"),
]


@pytest.mark.parametrize(("data", "code"), WRONG)
def test_what_is_no_video_is_refused_and_not_kept(alice, as_file, settings, data, code):
    response = send(alice, as_file(data))
    assert response.status_code == 400, response.content
    assert errors_of(response) in ({"file": code}, {"file": "required"})
    assert nothing_is_kept(settings)


def test_half_a_video_is_refused_and_not_kept(alice, clip, as_file, settings):
    response = send(alice, as_file(clip[: len(clip) // 2]))
    assert errors_of(response) == {"file": "truncated"}
    assert nothing_is_kept(settings)


def test_fields_are_checked_like_any_other_input(alice, clip, as_file, settings):
    wrong = {
        "name": "x" * 201,
        "timezone": "Mars",
        "colour": "red",
        "recorded_at": "yesterday",
        "analyze": "perhaps",
    }
    response = send(alice, as_file(clip), **wrong)
    assert response.status_code == 400
    assert set(errors_of(response)) == set(wrong)
    assert nothing_is_kept(settings)
    assert errors_of(send(alice, as_file(clip), detectors="motion,oracle")) == {
        "detectors": "unknown_detector"
    }
    assert errors_of(send(alice, as_file(clip), detectors="claude")) == {"detectors": "not_available"}
    assert errors_of(send(alice, name="no file")) == {"file": "required"}
    two = [as_file(clip), as_file(clip)]
    assert errors_of(send(alice, two)) == {"file": "repeated"}
    other = alice.client.post("/api/videos/", {"film": as_file(clip)}, format="multipart")
    assert errors_of(other) == {"film": "unknown_field"}
    assert errors_of(send(alice, as_file(clip), sha256="0" * 64)) == {"sha256": "checksum_mismatch"}
    assert nothing_is_kept(settings)


def test_the_same_file_twice_is_told(alice, bob, clip, as_file, settings):
    first = send(alice, as_file(clip), name="one").json()
    again = send(alice, as_file(clip), name="two")
    assert again.status_code == 409
    assert errors_of(again) == {None: "duplicate"}
    assert f"video {first['id']}" in again.json()["errors"][0]["detail"]
    assert len(kept(settings)) == 1
    assert send(alice, as_file(clip), name="two", allow_duplicate="true").status_code == 201
    # What somebody else has is nobody's business.
    assert send(bob, as_file(clip)).status_code == 201


def test_limits(alice, clip, as_file, settings):
    settings.UPLOAD_MAX_BYTES = len(clip) - 1
    response = send(alice, as_file(clip))
    assert (response.status_code, errors_of(response)) == (413, {None: "too_large"})
    announced = alice.client.post(
        "/api/videos/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**12)
    )
    assert announced.status_code == 413
    settings.UPLOAD_MAX_BYTES = len(clip)
    settings.VIDEO_MAX_HOURS = 1 / 3600
    assert errors_of(send(alice, as_file(clip))) == {"file": "too_long"}
    assert nothing_is_kept(settings)


def test_a_form_that_ends_early_leaves_nothing(alice, clip, settings):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    whole = head + clip + b"\r\n--x--\r\n"
    for cut in (len(head) // 2, len(head) + len(clip) // 2, len(whole) - 3):
        response = alice.client.post(
            "/api/videos/",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(len(whole)),
            **{"wsgi.input": io.BytesIO(whole[:cut])},
        )
        assert response.status_code == 400, response.content
        assert_error_shape(response)
        assert nothing_is_kept(settings)
    garbage = alice.client.post("/api/videos/", b"--y", content_type="multipart/form-data")
    assert garbage.status_code == 400
    assert nothing_is_kept(settings)


def test_a_full_disk_is_said_and_leaves_nothing(alice, clip, as_file, settings, monkeypatch):
    def full(self, data):
        with errors.folder_faults():
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderSink, "write", full)
    response = send(alice, as_file(clip))
    assert (response.status_code, errors_of(response)) == (507, {None: "storage_full"})
    assert nothing_is_kept(settings)


def test_a_database_that_fails_at_the_end_leaves_nothing(alice, clip, as_file, settings, monkeypatch):
    monkeypatch.setattr("apps.videos.upload.accepting._conclude", lambda *_: 1 / 0)
    alice.client.raise_request_exception = False
    response = alice.client.post("/api/videos/", {"file": as_file(clip)}, format="multipart")
    assert response.status_code == 500
    assert nothing_is_kept(settings)


def test_what_a_killed_process_left_is_found_by_its_row(alice, clip, settings):
    upload = Upload.objects.create(
        owner=alice.user, kind="form", key="videos/ab/abc", expires_at="2026-01-01T00:00:00Z"
    )
    sink = FolderSink(settings.MEDIA_ROOT / upload.key, at=0)
    sink.write(clip)
    sink.close()
    assert len(kept(settings)) == 1
    assert drop_expired_uploads() == 1
    assert nothing_is_kept(settings)


def test_only_who_is_signed_in_may_upload(nobody, clip, as_file, settings):
    assert send(nobody, as_file(clip)).status_code == 401
    assert nothing_is_kept(settings)


def test_a_page_uploads_with_its_session_and_a_token_in_the_header(make_user, clip, as_file, settings):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user("page"))
    token = client.get("/api/auth/me/").cookies["csrftoken"].value
    refused = client.post("/api/videos/", {"file": as_file(clip)}, format="multipart")
    assert refused.status_code == 403
    assert nothing_is_kept(settings)
    taken = client.post(
        "/api/videos/", {"file": as_file(clip)}, format="multipart", headers={"X-CSRFToken": token}
    )
    assert taken.status_code == 201, taken.content


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_the_same_time_is_taken_once(make_user, signed_in, clip):
    user = make_user("twice")
    codes = []

    def upload():
        try:
            file = SimpleUploadedFile("a.mp4", clip, "video/mp4")
            codes.append(send(signed_in(user), file).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201, 409, 409]
    assert Video.objects.count() == 1
