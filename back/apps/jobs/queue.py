"""The queue's four moves: take a job, finish it, put it back, and take it from a worker that has died."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from traceback import format_exception
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from apps.jobs.control import MOST_TRIES, PAUSES, GaveUp
from apps.jobs.locks import living_workers, number_of

logger = logging.getLogger(__name__)

# What takes minutes has a queue of its own, so that what takes a moment does not wait behind it.
HEAVY = "video"


@dataclass(frozen=True, slots=True)
class Lane:
    """Which queues a process takes from: one, or every other."""

    name: str
    only: str | None = None
    not_from: str | None = None

    def jobs(self) -> Any:
        jobs = DBTaskResult.objects.ready()
        if self.only is not None:
            jobs = jobs.filter(queue_name=self.only)
        if self.not_from is not None:
            jobs = jobs.exclude(queue_name=self.not_from)
        return jobs


HEAVY_LANE = Lane("heavy", only=HEAVY)
LIGHT_LANE = Lane("light", not_from=HEAVY)
EVERY_LANE = Lane("every")


def claim(lane: Lane, worker_id: str) -> DBTaskResult | None:
    with transaction.atomic():
        job = lane.jobs().get_locked()
        if job is not None:
            job.claim(worker_id)
    return job


def _mine(job: DBTaskResult):
    """Empty once somebody else has it: who lost a job must not write its end."""
    return DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING, worker_ids=job.worker_ids)


def succeed(job: DBTaskResult, value: Any) -> bool:
    return _end(
        job, status=TaskResultStatus.SUCCESSFUL, return_value=value, exception_class_path="", traceback=""
    )


def fail(job: DBTaskResult, error: BaseException) -> bool:
    kind = type(error)
    return _end(
        job,
        status=TaskResultStatus.FAILED,
        return_value=None,
        exception_class_path=f"{kind.__module__}.{kind.__qualname__}",
        traceback="".join(format_exception(error)),
    )


def _end(job: DBTaskResult, **fields: Any) -> bool:
    fields["finished_at"] = timezone.now()
    if not _mine(job).update(**fields):
        return False
    for name, value in fields.items():
        setattr(job, name, value)
    try:
        task = job.task
    except Exception:  # the code that it names is gone; nobody can be told
        logger.warning("job %s names a task that is not there: %s", job.pk, job.task_path)
        return True
    for receiver, answer in task_finished.send_robust(type(task.get_backend()), task_result=job.task_result):
        if isinstance(answer, Exception):
            logger.error("job %s: %r failed to hear of its end", job.pk, receiver, exc_info=answer)
    return True


def put_back(job: DBTaskResult, *, counts: bool) -> None:
    """For another try: after a pause if this one counts, at once if it was only interrupted."""
    tries = job.worker_ids if counts else job.worker_ids[:-1]
    pause = PAUSES[min(len(tries), len(PAUSES)) - 1] if counts else 0
    _mine(job).update(
        status=TaskResultStatus.READY,
        worker_ids=tries,
        run_after=timezone.now() + timedelta(seconds=pause),
    )


def may_try_again(job: DBTaskResult) -> bool:
    return len(job.worker_ids) < MOST_TRIES


def recover_orphans() -> int:
    """Re-queues what dead workers were running; → how many."""
    recovered = 0
    with transaction.atomic():
        running = list(
            DBTaskResult.objects.select_for_update(skip_locked=True)
            .filter(status=TaskResultStatus.RUNNING)
            .order_by("started_at")[:100]
        )
        # Looked up after the rows: whoever claimed one of them held its lock before.
        living = living_workers() if running else set()
        orphans = [job for job in running if not _alive(job.worker_ids, living)]
        given_up = [job for job in orphans if not may_try_again(job)]
        for job in orphans:
            if job not in given_up:
                _mine(job).update(status=TaskResultStatus.READY, run_after=timezone.now())
                logger.warning("job %s: its worker died; it is queued again", job.pk)
                recovered += 1
    for job in given_up:
        fail(job, GaveUp(f"The process that worked on it died {len(job.worker_ids)} times."))
    return recovered


def _alive(worker_ids: Sequence[str], living: set[int]) -> bool:
    return bool(worker_ids) and number_of(worker_ids[-1]) in living
