"""Both places for files keep to the same contract."""

import io
import os

import pytest

from apps.videos.storage import StorageDown, derived_prefix, files, new_key
from apps.videos.storage.bucket import SMALLEST_PART


@pytest.fixture(params=["folder", "bucket"])
def place(request):
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return files()


@pytest.fixture
def data() -> bytes:
    return os.urandom(SMALLEST_PART + SMALLEST_PART // 2)


def content(place, key: str) -> bytes:
    with place.open(key) as file:
        return io.BufferedReader(file).read() if isinstance(file, io.RawIOBase) else file.read()


def test_what_is_written_is_read(place, data):
    key = new_key()
    sink = place.sink(key)
    for start in range(0, len(data), 700_000):
        sink.write(data[start : start + 700_000])
    with pytest.raises(FileNotFoundError):
        place.size(key)  # not there before it is whole
    sink.finish()
    assert place.size(key) == len(data)
    with place.open(key) as file:
        assert file.seek(0, 2) == len(data)
        for offset in (0, 5, SMALLEST_PART - 3, len(data) - 10, 17):
            file.seek(offset)
            assert file.read(10) == data[offset : offset + 10]
        file.seek(len(data))
        assert file.read(10) == b""
    assert content(place, key) == data
    place.delete([key, "videos/zz/never"])
    with pytest.raises(FileNotFoundError):
        place.size(key)


def test_a_sink_goes_on_in_another_process(place, data):
    key = new_key()
    first = place.sink(key)
    first.write(data[:100])
    received, remote = first.flush(last=True), first.remote
    assert received == 100
    first.write(b"lost")
    first.close()
    second = place.sink(key, at=received, remote=remote)
    second.write(data[100 : SMALLEST_PART + 1000])
    received, remote = second.flush(last=True), second.remote
    second.close()
    third = place.sink(key, at=received, remote=remote)
    third.write(data[received:])
    third.finish()
    assert content(place, key) == data


def test_giving_up_leaves_nothing(place, data, settings):
    key = new_key()
    sink = place.sink(key)
    sink.write(data)
    sink.flush(last=True)
    sink.discard()
    again = place.sink(key)
    again.write(data)
    again.flush(last=True)
    again.close()
    place.discard(key)  # by somebody who knows no more than the key
    assert place.delete_under("videos/") == 0
    if settings.AWS_STORAGE_BUCKET_NAME:
        assert "Uploads" not in place.client.list_multipart_uploads(Bucket=place.name)


def test_derived_files_go_together(place, tmp_path):
    key, other = new_key(), new_key()
    for number, prefix in enumerate((derived_prefix(key), derived_prefix(key), derived_prefix(other))):
        path = tmp_path / f"made{number}"
        path.write_bytes(b"jpeg")
        place.keep(f"{prefix}t{number}.jpg", path, content_type="image/jpeg")
        assert not path.exists()
    assert place.delete_under(derived_prefix(key)) == 2
    assert place.delete_under(derived_prefix(key)) == 0
    assert place.size(f"{derived_prefix(other)}t2.jpg") == 4


def test_keys_cannot_lead_out_of_the_folder(settings):
    for key in ("../x", "videos/../../x", "/etc/passwd"):
        with pytest.raises(ValueError, match="leads out"):
            files().path(key)


def test_a_missing_bucket_is_a_storage_that_is_down(bucket, settings):
    bucket.client.delete_bucket(Bucket=bucket.name)
    sink = bucket.sink(new_key())
    with pytest.raises(StorageDown):
        sink.write(b"x" * SMALLEST_PART)
