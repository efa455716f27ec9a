"""Runs one claimed job to one of its ends: done, failed, tried again later, or back to the queue."""

import logging
import time

from django.core.exceptions import SuspiciousOperation
from django.db import close_old_connections
from django_tasks import TaskContext
from django_tasks.signals import task_started
from django_tasks_db.models import DBTaskResult

from apps.jobs.control import GaveUp, Interrupted
from apps.jobs.queue import fail, may_try_again, put_back, succeed
from config.logging import request_id

logger = logging.getLogger(__name__)


def run(job: DBTaskResult) -> None:
    token = request_id.set(f"job-{job.pk.hex[:12]}")
    started = time.monotonic()
    try:
        outcome = _outcome(job)
        logger.info(
            "job %s: %s", job.task_path, outcome,
            extra={"seconds": round(time.monotonic() - started, 3), "tries": len(job.worker_ids)},
        )  # fmt: skip
    finally:
        request_id.reset(token)
        close_old_connections()


def _outcome(job: DBTaskResult) -> str:
    try:
        value = _call(job)
    except Interrupted:
        put_back(job, counts=False)
        return "interrupted"
    except (GaveUp, ImportError, SuspiciousOperation) as error:
        fail(job, error)
        return "failed"
    # SystemExit too: a job must not end the worker.
    except (Exception, SystemExit) as error:
        close_old_connections()
        if may_try_again(job):
            logger.warning("job %s: will be tried again", job.task_path, exc_info=True)
            put_back(job, counts=True)
            return "to be tried again"
        fail(job, error)
        return "failed"
    try:
        return "done" if succeed(job, value) else "taken over by another worker"
    except TypeError as error:  # a value that JSON cannot hold
        fail(job, error)
        return "failed"


def _call(job: DBTaskResult):
    task, result = job.task, job.task_result
    task_started.send(type(task.get_backend()), task_result=result)
    context = [TaskContext(task_result=result)] if task.takes_context else []  # type: ignore[arg-type]
    return task.call(*context, *result.args, **result.kwargs)
