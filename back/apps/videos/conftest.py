"""A place for files of each test's own, and a way to do what is waiting in the queue."""

import io
import secrets
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from moto import mock_aws

from apps.videos.files import _bucket, files
from apps.videos.files.bucket import SMALLEST_PART, Bucket
from apps.videos.jobs import queue, running
from apps.videos.jobs.control import stop_requested
from apps.videos.jobs.locks import WorkerLock
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


@pytest.fixture
def run_jobs(transactional_db) -> Callable[[], list[str]]:
    """Runs what is in the queue, and what that enqueues; → how each ended."""

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
