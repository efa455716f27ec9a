"""A place for files of each test's own, and a way to do what is waiting in the queue."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from apps.videos.jobs import queue, running
from apps.videos.jobs.locks import WorkerLock
from apps.videos.testing import make_clip


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


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
def run_jobs(db) -> Callable[[], list[str]]:
    """Runs what is in the queue, and what that enqueues; → how each ended."""

    def run() -> list[str]:
        lock = WorkerLock()
        done = []
        try:
            while job := queue.claim(queue.EVERY_LANE, lock.worker_id):
                running.run(job)
                done.append(DBTaskResult.objects.get(pk=job.pk).status)
                DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        finally:
            lock.release()
        return done

    return run
