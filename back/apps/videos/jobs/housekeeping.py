"""What has to be thrown away now and then, by whichever worker gets to it first."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import caches
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from knox.models import AuthToken

from apps.api.http.throttle import forget_old_windows
from apps.db.cache import TableCache
from apps.videos.retention.rules import apply_all
from apps.videos.upload.finishing import drop_expired_uploads, finish_what_was_left

logger = logging.getLogger(__name__)

EVERY_SECONDS = 600.0
OLD_WORK_SECONDS = 24 * 3600.0
_LOCK = 0x706C6179_00000001  # "play", chore 1


def expired_tokens() -> int:
    return AuthToken.objects.filter(expiry__lt=timezone.now()).delete()[0]


def expired_sessions() -> int:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    return 0


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


# Quick ones, in one transaction under the lock.
CHORES: tuple[Callable[[], int], ...] = (
    expired_tokens,
    expired_sessions,
    expired_cache_rows,
    forget_old_windows,
    old_job_results,
)
# Those that look at files take their time, and lock what they work on by themselves.
LONG_CHORES: tuple[Callable[[], int], ...] = (
    finish_what_was_left,
    drop_expired_uploads,
    apply_all,
    left_work_folders,
)


@contextmanager
def _failing_alone(chore: Callable[[], int]) -> Iterator[None]:
    try:
        yield
    except Exception:
        logger.exception("housekeeping: %s failed", chore.__name__)


def clean_up() -> dict[str, int]:
    """One at a time over all machines; one chore that fails does not keep the others from being done."""
    done: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return done
        for chore in CHORES:
            with _failing_alone(chore), transaction.atomic():
                done[chore.__name__] = chore()
    for chore in LONG_CHORES:
        with _failing_alone(chore):
            done[chore.__name__] = chore()
    logger.info("housekeeping: %s", ", ".join(f"{name} {count}" for name, count in done.items()))
    return done


_next = 0.0


def clean_up_if_due() -> None:
    global _next
    if time.monotonic() >= _next:
        _next = time.monotonic() + EVERY_SECONDS
        clean_up()
