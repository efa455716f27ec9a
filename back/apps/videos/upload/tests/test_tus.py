import base64
import hashlib
import io
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.db.models import Upload, Video
from apps.videos.storage import errors
from apps.videos.storage.folder import FolderSink
from apps.videos.upload import leases
from apps.videos.upload.finishing import drop_expired_uploads, finish_what_was_left
from apps.videos.upload.leases import Lease
from conftest import errors_of

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}


def metadata(**fields: str) -> str:
    return ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in fields.items())


def begin(caller, length: int, **fields: str):
    headers = (
        TUS | {"Upload-Length": str(length)} | ({"Upload-Metadata": metadata(**fields)} if fields else {})
    )
    return caller.post("/api/uploads/tus/", b"", headers=headers)


def patch(caller, url: str, data: bytes, offset: int, *, announced: int | None = None, **headers: str):
    extra = {} if announced is None else {
        "CONTENT_LENGTH": str(announced), "wsgi.input": io.BytesIO(data)
    }  # fmt: skip
    return caller.patch(
        url,
        data,
        "application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": str(offset)} | headers,
        **extra,
    )


def offset_of(caller, url: str) -> int:
    response = caller.client.head(url, headers=TUS)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return int(response.headers["Upload-Offset"])


@pytest.fixture
def started(alice, clip):
    response = begin(alice, len(clip), filename="복도.mp4", camera="CAM-02", filetype="video/mp4")
    assert response.status_code == 201, response.content
    return response.headers["Location"].removeprefix("http://testserver")


def test_options_say_what_is_spoken(alice, settings):
    response = alice.client.options("/api/uploads/tus/")
    assert response.status_code == 204
    assert response.headers["Tus-Version"] == response.headers["Tus-Resumable"] == "1.0.0"
    assert set(response.headers["Tus-Extension"].split(",")) == {
        "creation", "termination", "expiration", "checksum",
    }  # fmt: skip
    assert response.headers["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)


def test_an_upload_in_pieces_becomes_a_video(alice, clip, started):
    half = len(clip) // 2
    assert offset_of(alice, started) == 0
    first = patch(alice, started, clip[:half], 0)
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert first.headers["Tus-Resumable"] == "1.0.0"
    assert "Upload-Expires" in first.headers
    assert offset_of(alice, started) == half
    last = patch(alice, started, clip[half:], half)
    assert last.status_code == 204, last.content
    video = Video.objects.get(pk=last.headers["Upload-Video"])
    assert (video.name, video.camera, video.owner) == ("복도", "CAM-02", alice.user)
    assert video.sha256 == hashlib.sha256(clip).hexdigest()
    state = alice.get(started.replace("/tus/", "/")).json()
    assert (state["state"], state["video_id"], state["received"]) == ("accepted", video.pk, len(clip))
    # An answer that was lost is asked for again.
    assert offset_of(alice, started) == len(clip)
    assert patch(alice, started, b"", len(clip)).headers["Upload-Video"] == str(video.pk)


def test_a_connection_that_breaks_loses_only_what_did_not_arrive(alice, clip, started):
    half = len(clip) // 2
    patch(alice, started, clip[:half], 0, announced=len(clip))
    assert offset_of(alice, started) == half
    assert patch(alice, started, clip[half:], half).status_code == 204
    assert Video.objects.get().size == len(clip)


def test_bytes_after_the_known_offset_do_not_count(alice, clip, started, settings):
    """A process that died after it wrote and before it noted."""
    half = len(clip) // 2
    patch(alice, started, clip[:half], 0)
    upload = Upload.objects.get()
    with (settings.MEDIA_ROOT / f"{upload.key}.part").open("ab") as file:
        file.write(b"rubbish" * 1000)
    assert patch(alice, started, clip[half:], half).status_code == 204
    assert Video.objects.get().sha256 == hashlib.sha256(clip).hexdigest()


def test_the_wrong_offset_is_a_conflict(alice, clip, started):
    patch(alice, started, clip[:10], 0)
    for offset in (0, 9, 11):
        response = patch(alice, started, clip[10:20], offset)
        assert (response.status_code, errors_of(response)) == (409, {None: "wrong_offset"})
    assert offset_of(alice, started) == 10


def test_somebody_else_s_upload_is_not_there(alice, bob, staff, nobody, clip, started):
    for other in (bob, staff):
        assert patch(other, started, clip, 0).status_code == 404
        assert other.client.head(started, headers=TUS).status_code == 404
        assert other.delete(started, headers=TUS).status_code == 404
        assert other.get(started.replace("/tus/", "/")).status_code == 404
    assert patch(nobody, started, clip, 0).status_code == 401
    assert patch(alice, f"/api/uploads/tus/{uuid.uuid4()}/", clip, 0).status_code == 404
    assert offset_of(alice, started) == 0


def test_a_checksum_holds_for_its_piece(alice, clip, started):
    right = base64.b64encode(hashlib.sha1(clip[:50]).digest()).decode()
    wrong = patch(alice, started, b"x" * 50, 0, **{"Upload-Checksum": f"sha1 {right}"})
    assert (wrong.status_code, errors_of(wrong)) == (460, {None: "checksum_mismatch"})
    assert offset_of(alice, started) == 0
    assert patch(alice, started, clip[:50], 0, **{"Upload-Checksum": f"sha1 {right}"}).status_code == 204
    assert offset_of(alice, started) == 50
    for header in ("md4 abcd", "sha1 !!", "sha1"):
        response = patch(alice, started, clip[50:], 50, **{"Upload-Checksum": header})
        assert errors_of(response) == {"Upload-Checksum": "invalid"} or response.status_code == 460


def test_giving_up_leaves_nothing(alice, clip, started, settings):
    patch(alice, started, clip[:50], 0)
    assert alice.delete(started, headers=TUS).status_code == 204
    assert not Upload.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert alice.client.head(started, headers=TUS).status_code == 404


def test_what_is_no_video_is_refused_at_the_end(alice, settings):
    url = begin(alice, 1000).headers["Location"].removeprefix("http://testserver")
    response = patch(alice, url, b"x" * 1000, 0)
    assert (response.status_code, errors_of(response)) == (400, {"file": "not_a_video"})
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    state = alice.get(url.replace("/tus/", "/")).json()
    assert (state["state"], state["problem"]["code"]) == ("refused", "not_a_video")
    assert alice.client.head(url, headers=TUS).status_code == 410
    assert patch(alice, url, b"", 1000).status_code == 410


def test_a_file_that_is_there_already_is_told(alice, clip, as_file, started):
    alice.client.post("/api/videos/", {"file": as_file(clip)}, format="multipart")
    response = patch(alice, started, clip, 0)
    assert (response.status_code, errors_of(response)) == (409, {None: "duplicate"})


WRONG = [
    ({}, {"Upload-Length": "invalid"}),
    ({"Upload-Length": "-1"}, {"Upload-Length": "invalid"}),
    ({"Upload-Length": "1e3"}, {"Upload-Length": "invalid"}),
    ({"Upload-Length": "9" * 30}, {"Upload-Length": "invalid"}),
    ({"Upload-Length": "0"}, {"Upload-Length": "empty"}),
    ({"Upload-Length": str(10**15)}, {None: "too_large"}),
    ({"Upload-Length": "5", "Upload-Metadata": "name !!!"}, {"Upload-Metadata.name": "invalid"}),
    ({"Upload-Length": "5", "Upload-Metadata": "name /w=="}, {"Upload-Metadata.name": "invalid"}),
    ({"Upload-Length": "5", "Upload-Metadata": "filename YQBi"}, {"Upload-Metadata.filename": "invalid"}),
    (
        {"Upload-Length": "5", "Upload-Metadata": metadata(recorded_at="2026-03-02T14:00:00+16:00")},
        {"Upload-Metadata.recorded_at": "datetime_offset"},
    ),
    (
        {"Upload-Length": "5", "Upload-Metadata": metadata(timezone="Mars")},
        {"Upload-Metadata.timezone": "value_error"},
    ),
    (
        {"Upload-Length": "5", "Upload-Metadata": metadata(colour="red")},
        {"Upload-Metadata.colour": "unknown_field"},
    ),
]


@pytest.mark.parametrize(("headers", "expected"), WRONG)
def test_a_wrong_beginning_is_named(alice, headers, expected):
    response = alice.post("/api/uploads/tus/", b"", headers=TUS | headers)
    assert errors_of(response) == expected
    assert not Upload.objects.exists()


def test_other_versions_and_types_are_refused(alice, clip, started):
    response = alice.post("/api/uploads/tus/", b"", headers={"Upload-Length": "5", "Tus-Resumable": "0.2.2"})
    assert (response.status_code, response.headers["Tus-Version"]) == (412, "1.0.0")
    assert alice.post("/api/uploads/tus/", b"", headers={"Upload-Length": "5"}).status_code == 412
    plain = alice.patch(started, clip, "application/octet-stream", headers=TUS | {"Upload-Offset": "0"})
    assert plain.status_code == 415
    assert errors_of(patch(alice, started, clip + b"x", 0)) == {None: "too_large"}
    assert offset_of(alice, started) == 0


def test_patch_in_the_clothes_of_post(alice, clip, started):
    headers = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    response = alice.post(started, clip, "application/offset+octet-stream", headers=headers)
    assert response.status_code == 204, response.content
    assert Video.objects.exists()
    assert alice.post(started, b"", headers=TUS).status_code == 405


def test_two_at_once_to_one_upload(alice, clip, started):
    upload = Upload.objects.get()
    other = Lease(upload)
    other.take()
    response = patch(alice, started, clip, 0)
    assert (response.status_code, errors_of(response)) == (423, {None: "locked"})
    assert alice.delete(started, headers=TUS).status_code == 423
    # A writer that hangs loses its turn, and finds out before it writes again.
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert patch(alice, started, clip[:10], 0).status_code == 204
    with pytest.raises(leases.Locked):
        other.renew()
    assert offset_of(alice, started) == 10


@pytest.mark.django_db(transaction=True)
def test_two_clients_race_for_one_upload(alice, clip):
    started = begin(alice, len(clip)).headers["Location"].removeprefix("http://testserver")
    codes = []

    def send():
        try:
            codes.append(patch(alice, started, clip, 0).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count(204) == 1
    assert set(codes) <= {204, 409, 423}
    assert Video.objects.get().sha256 == hashlib.sha256(clip).hexdigest()


def test_the_offset_is_noted_while_bytes_arrive(alice, clip, started, monkeypatch):
    """So that a long request that dies does not begin anew."""
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr("apps.videos.upload.tus.CHUNK", 100)
    seen = []
    write = FolderSink.write

    def watched(self, data):
        seen.append(Upload.objects.get().received)
        time.sleep(0.001)
        if len(seen) > 5:
            with errors.folder_faults():
                raise OSError(28, "No space left on device")
        write(self, data)

    monkeypatch.setattr(FolderSink, "write", watched)
    assert patch(alice, started, clip, 0).status_code == 507
    assert seen == [0, 100, 200, 300, 400, 500]
    monkeypatch.undo()
    assert offset_of(alice, started) == 500
    assert patch(alice, started, clip[500:], 500).status_code == 204
    assert Video.objects.get().sha256 == hashlib.sha256(clip).hexdigest()


def test_a_process_that_dies_at_the_end_is_finished_by_a_worker(alice, clip, started, monkeypatch):
    monkeypatch.setattr("apps.videos.upload.tus.finish", lambda upload: 1 / 0)
    alice.client.raise_request_exception = False
    assert patch(alice, started, clip, 0).status_code == 500
    assert not Video.objects.exists()
    assert alice.get(started.replace("/tus/", "/")).json()["state"] == "checking"
    assert finish_what_was_left() == 1
    assert Video.objects.get().sha256 == hashlib.sha256(clip).hexdigest()
    assert finish_what_was_left() == 0


def test_expired_uploads_go(alice, clip, started, settings):
    patch(alice, started, clip[:50], 0)
    assert drop_expired_uploads() == 0
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert patch(alice, started, clip[50:], 50).status_code == 410
    assert drop_expired_uploads() == 1
    assert not Upload.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_the_row_of_an_accepted_upload_goes_and_its_video_stays(alice, clip, started, settings):
    patch(alice, started, clip, 0)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert drop_expired_uploads() == 1
    video = Video.objects.get()
    assert (settings.MEDIA_ROOT / str(video.file)).read_bytes() == clip


def test_an_account_s_unfinished_uploads_go_with_it(alice, clip, started, settings, run_jobs):
    patch(alice, started, clip[:50], 0)
    alice.user.delete()
    run_jobs()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
