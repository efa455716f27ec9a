"""One process that takes jobs and runs them, one after another, until it is told to stop."""

import contextlib
import logging
import os
import resource
import signal
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.utils import InterfaceError, OperationalError

from apps.jobs.chores import CHORES
from apps.jobs.control import request_stop, stop_requested, wait_for_stop
from apps.jobs.housekeeping import clean_up_if_due
from apps.jobs.locks import WorkerLock
from apps.jobs.queue import HEAVY_LANE, LIGHT_LANE, Lane, claim, recover_orphans
from apps.jobs.running import run

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
LOOK_SECONDS = 1.0
LOCK_LOST = 75


def serve(lane: Lane, *, parent: int | None = None, until_empty: bool = False) -> None:
    """`parent` is the reading end of a pipe that only the supervisor holds open."""
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: request_stop())
    if lane is HEAVY_LANE:
        limit_memory(settings.WORKER_MEMORY_MB)
    lock = _patiently(WorkerLock)
    if lock is None:
        return
    threading.Thread(target=_watch, args=(lock, parent), daemon=True).start()
    logger.info("worker %s takes jobs (%s)", lock.worker_id, lane.name)
    while not stop_requested():
        try:
            busy = _turn(lane, lock)
        except (OperationalError, InterfaceError):
            logger.warning("the database cannot be reached; waiting", exc_info=True)
            connection.close()
            wait_for_stop(2)
            continue
        if not busy:
            if until_empty:
                break
            wait_for_stop(IDLE_SECONDS)
    request_stop()  # or the watch would take the lock for lost
    lock.release()
    connection.close()
    logger.info("worker %s has stopped", lock.worker_id)


_last_look = 0.0


def _turn(lane: Lane, lock: WorkerLock) -> bool:
    """→ whether there was something to do."""
    global _last_look
    close_old_connections()
    if time.monotonic() - _last_look >= LOOK_SECONDS:
        recover_orphans()
        _last_look = time.monotonic()
    clean_up_if_due()
    job = claim(lane, lock.worker_id)
    if job is not None:
        run(job)
    # Not in the lane of short jobs: they would wait for it (embedding calls a model).
    worked = [] if lane is LIGHT_LANE else [work() for work in CHORES.idle if not stop_requested()]
    return job is not None or any(worked)


def _patiently(make):
    """At the start the database may not be there yet."""
    while not stop_requested():
        try:
            return make()
        except Exception:
            logger.warning("the database cannot be reached; waiting", exc_info=True)
            wait_for_stop(2)
    return None


def _watch(lock: WorkerLock, parent: int | None) -> None:
    """Without its supervisor nobody could stop this process; without its lock its job is somebody else's."""
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    while not stop_requested():
        time.sleep(LOOK_SECONDS)
        if not lock.still_held() and not stop_requested():
            logger.error("the worker's lock is lost; it ends, and its job is taken over")
            os._exit(LOCK_LOST)
        _touch(os.environ.get("WORKER_ALIVE_FILE"))


def _touch(name: str | None) -> None:
    """The health check of a container looks at its age."""
    if name:
        with contextlib.suppress(OSError):
            Path(name).touch()


def _end_with(parent: int) -> None:
    while os.read(parent, 1):
        pass
    os._exit(1)


def limit_memory(megabytes: int) -> None:
    """A film that needs more fails with MemoryError instead of taking the machine with it."""
    if megabytes:
        limit = megabytes * 1024 * 1024
        try:
            # What the process allocates, not what the libraries map.
            resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        except (ValueError, OSError):
            logger.warning("the memory of the worker cannot be limited on this system")
