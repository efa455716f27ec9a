"""Uploads where files are kept in S3: through this service, and straight to the bucket."""

import hashlib
import io
import os

import pytest
import requests

from apps.db.models import Upload, Video
from apps.videos.storage import StorageDown
from apps.videos.storage.bucket import SMALLEST_PART, Bucket
from apps.videos.testing import make_clip
from apps.videos.upload.finishing import finish_what_was_left
from conftest import errors_of

pytestmark = pytest.mark.django_db


def keys(bucket: Bucket) -> list[str]:
    listed = bucket.client.list_objects_v2(Bucket=bucket.name)
    return [entry["Key"] for entry in listed.get("Contents", ())]


def nothing_is_kept(bucket: Bucket) -> bool:
    pending = bucket.client.list_multipart_uploads(Bucket=bucket.name).get("Uploads", ())
    return keys(bucket) == [] and not pending and not Video.objects.exists()


@pytest.fixture(scope="session")
def big_clip() -> bytes:
    """More than one part: noise does not compress."""
    file = io.BytesIO()

    def noise(picture, seconds):
        picture[:] = generator.integers(0, 255, picture.shape, dtype="uint8")

    import numpy as np

    generator = np.random.default_rng(1)
    make_clip(file, seconds=3, size=(640, 480), draw=noise, codec="mpeg4", codec_options={"b": "30000000"})
    data = file.getvalue()
    assert SMALLEST_PART < len(data) < 4 * SMALLEST_PART
    return data


def test_a_form_goes_to_the_bucket(alice, bucket, big_clip, as_file):
    response = alice.client.post("/api/videos/", {"file": as_file(big_clip)}, format="multipart")
    assert response.status_code == 201, response.content
    video = Video.objects.get()
    assert keys(bucket) == [str(video.file)]
    assert video.sha256 == hashlib.sha256(big_clip).hexdigest()
    refused = alice.client.post(
        "/api/videos/", {"file": as_file(b"x" * SMALLEST_PART * 2)}, format="multipart"
    )
    assert errors_of(refused) == {"file": "not_a_video"}
    assert keys(bucket) == [str(video.file)]


def test_s3_that_fails_half_way_leaves_nothing(alice, bucket, big_clip, as_file, monkeypatch):
    send, calls = bucket.client.upload_part, []

    def fails(**given):
        calls.append(given["PartNumber"])
        if len(calls) == 2:
            raise bucket.client.exceptions.ClientError({"Error": {"Code": "SlowDown"}}, "UploadPart")
        return send(**given)

    monkeypatch.setattr(bucket.client, "upload_part", fails)
    response = alice.client.post("/api/videos/", {"file": as_file(big_clip)}, format="multipart")
    assert (response.status_code, errors_of(response)) == (503, {None: "storage_unavailable"})
    assert calls == [1, 2]
    assert nothing_is_kept(bucket)
    assert not Upload.objects.exists()


def test_tus_goes_to_the_bucket(alice, bucket, big_clip):
    tus = {"Tus-Resumable": "1.0.0"}
    url = alice.post("/api/uploads/tus/", b"", headers=tus | {"Upload-Length": str(len(big_clip))}).headers[
        "Location"
    ]
    offset = 0
    for end in (100, SMALLEST_PART + 50, len(big_clip)):
        response = alice.patch(
            url,
            big_clip[offset:end],
            "application/offset+octet-stream",
            headers=tus | {"Upload-Offset": str(offset)},
        )
        assert response.status_code == 204, response.content
        offset = int(response.headers["Upload-Offset"])
        assert offset == end
    video = Video.objects.get()
    assert video.sha256 == hashlib.sha256(big_clip).hexdigest()
    assert keys(bucket) == [str(video.file)]


def begin(caller, size: int, **fields):
    response = caller.post("/api/uploads/parts/", {"size": size, "filename": "cam.mp4"} | fields)
    assert response.status_code == 201, response.content
    return response.json()


def put(url: str, data: bytes) -> None:
    requests.put(url, data=data, timeout=5).raise_for_status()


def send_parts(caller, upload: dict, data: bytes, *, only: int | None = None) -> None:
    listed = caller.get(f"/api/uploads/parts/{upload['id']}/").json()
    assert len(listed["parts"]) == upload["part_count"]
    for part in listed["parts"]:
        start = (part["number"] - 1) * upload["part_size"]
        if only in (None, part["number"]):
            put(part["url"], data[start : start + part["size"]])


def complete(caller, upload: dict):
    return caller.post(f"/api/uploads/parts/{upload['id']}/complete/", b"")


def test_parts_straight_to_the_bucket_become_a_video(alice, bob, bucket, big_clip):
    upload = begin(alice, len(big_clip), name="주차장", sha256=hashlib.sha256(big_clip).hexdigest())
    assert upload["part_count"] == -(-len(big_clip) // upload["part_size"])
    send_parts(alice, upload, big_clip, only=1)
    early = complete(alice, upload)
    assert (early.status_code, errors_of(early)) == (400, {"parts": "incomplete"})
    # After an interruption the bucket knows what it has.
    assert alice.get(f"/api/uploads/parts/{upload['id']}/").json()["stored"] == [1]
    send_parts(alice, upload, big_clip)
    assert complete(bob, upload).status_code == 404
    response = complete(alice, upload)
    assert response.status_code == 201, response.content
    video = Video.objects.get()
    assert (response.json()["name"], video.sha256) == ("주차장", hashlib.sha256(big_clip).hexdigest())
    assert keys(bucket) == [str(video.file)]
    # An answer that was lost is asked for again.
    assert complete(alice, upload).json()["id"] == video.pk


def test_what_was_said_is_checked(alice, bucket, big_clip):
    shorter = begin(alice, len(big_clip) - 1)
    data = big_clip[: len(big_clip) - 1]
    listed = alice.get(f"/api/uploads/parts/{shorter['id']}/").json()["parts"]
    for part in listed[:-1]:
        put(part["url"], data[(part["number"] - 1) * shorter["part_size"] :][: part["size"]])
    put(listed[-1]["url"], big_clip[(listed[-1]["number"] - 1) * shorter["part_size"] :])  # a byte more
    response = complete(alice, shorter)
    assert errors_of(response) == {"size": "wrong_size"}
    assert nothing_is_kept(bucket)
    assert alice.get(f"/api/uploads/{shorter['id']}/").json()["problem"]["code"] == "wrong_size"

    rubbish = os.urandom(1000)
    upload = begin(alice, len(rubbish))
    send_parts(alice, upload, rubbish)
    assert errors_of(complete(alice, upload)) == {"file": "not_a_video"}
    assert nothing_is_kept(bucket)
    assert complete(alice, upload).status_code == 409

    other = begin(alice, len(big_clip), sha256="0" * 64)
    send_parts(alice, other, big_clip)
    assert errors_of(complete(alice, other)) == {"sha256": "checksum_mismatch"}
    assert nothing_is_kept(bucket)


def test_wrong_beginnings(alice, bucket, settings):
    for body, expected in [
        ({}, {"size": "required"}),
        ({"size": 0}, {"size": "greater_than_equal"}),
        ({"size": "5"}, {"size": "int_type"}),
        ({"size": 10**15}, {None: "too_large"}),
        ({"size": 5, "sha256": "abc"}, {"sha256": "string_pattern_mismatch"}),
        ({"size": 5, "detectors": ["DROP TABLE"]}, {"detectors.0": "string_pattern_mismatch"}),
    ]:
        response = alice.post("/api/uploads/parts/", body)
        assert errors_of(response) == expected
    assert nothing_is_kept(bucket)


def test_giving_up(alice, bucket, big_clip):
    upload = begin(alice, len(big_clip))
    send_parts(alice, upload, big_clip, only=1)
    assert alice.delete(f"/api/uploads/parts/{upload['id']}/").status_code == 204
    assert nothing_is_kept(bucket)
    assert complete(alice, upload).status_code == 404


def test_a_process_that_dies_while_it_completes(alice, bucket, clip, monkeypatch):
    upload = begin(alice, len(clip))
    send_parts(alice, upload, clip)
    alice.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("apps.videos.upload.parts._checking", lambda upload: 1 / 0)
        assert complete(alice, upload).status_code == 500
    with monkeypatch.context() as patched:
        patched.setattr("apps.videos.upload.parts.finish", lambda upload: 1 / 0)
        assert complete(alice, upload).status_code == 500
    assert finish_what_was_left() == 1
    assert Video.objects.get().sha256 == hashlib.sha256(clip).hexdigest()


def test_storage_that_is_down_at_the_end_is_tried_again(alice, bucket, clip, monkeypatch):
    upload = begin(alice, len(clip))
    send_parts(alice, upload, clip)

    def down(self, key):
        raise StorageDown

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "open", down)
        assert complete(alice, upload).status_code == 503
    assert complete(alice, upload).status_code == 201


def test_without_a_bucket_it_is_said(alice):
    response = alice.post("/api/uploads/parts/", {"size": 5})
    assert (response.status_code, errors_of(response)) == (409, {None: "no_bucket"})
