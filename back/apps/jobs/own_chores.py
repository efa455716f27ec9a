"""Chores of the queue and of the folders that jobs work in."""

import shutil
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from apps.db.cache import TableCache

OLD_WORK_SECONDS = 24 * 3600.0


def expired_cache_rows() -> int:
    cache = caches["default"]
    return cache.throw_away() if isinstance(cache, TableCache) else 0


def old_job_results() -> int:
    before = timezone.now() - timedelta(days=settings.JOB_RESULTS_DAYS)
    return DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()[0]


def left_work_folders() -> int:
    """Of jobs and requests whose process was killed while it made something."""
    folder, count = settings.DATA_DIR / "work", 0
    for path in folder.iterdir() if folder.is_dir() else ():
        latest = max(file.stat().st_mtime for file in (path, *path.rglob("*")))
        if latest < time.time() - OLD_WORK_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
            count += 1
    return count
