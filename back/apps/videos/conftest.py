"""A place for files of each test's own, a bucket, and a clip."""

import io
import secrets
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from moto import mock_aws

from apps.videos.storage import _bucket, files
from apps.videos.storage.bucket import SMALLEST_PART, Bucket
from apps.videos.testing import make_clip


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bucket(settings, monkeypatch):
    """A bucket that the service then keeps its files in; signed addresses work through `requests`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.AWS_STORAGE_BUCKET_NAME = f"films-{secrets.token_hex(6)}"
    settings.AWS_STORAGE_REGION = "us-east-1"
    settings.UPLOAD_PART_BYTES = SMALLEST_PART
    _bucket.cache_clear()
    with mock_aws():
        place = files()
        assert isinstance(place, Bucket)
        place.client.create_bucket(Bucket=place.name)
        yield place
    _bucket.cache_clear()


@pytest.fixture(scope="session")
def clip() -> bytes:
    """Two seconds that every browser plays."""
    file = io.BytesIO()
    make_clip(file)
    return file.getvalue()


@pytest.fixture
def as_file() -> Callable[..., SimpleUploadedFile]:
    return lambda data, name="cam01.mp4": SimpleUploadedFile(name, data, "video/mp4")
