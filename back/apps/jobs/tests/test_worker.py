import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from apps.db.models import User
from apps.jobs import housekeeping, queue, running
from apps.jobs.chores import CHORES
from apps.jobs.control import MOST_TRIES
from apps.jobs.locks import WorkerLock
from apps.jobs.tests import tasks

pytestmark = pytest.mark.django_db(transaction=True)


def until(condition, *, seconds: float = 15.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def lines(path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@contextlib.contextmanager
def worker(*arguments: str):
    given = connection.get_connection_params()
    url = f"postgres://{given['user']}:{given['password']}@{given['host']}:{given['port']}/{given['dbname']}"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR), "LOG_LEVEL": "WARNING"},
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        finally:
            process.kill()


def state(result) -> DBTaskResult:
    return DBTaskResult.objects.get(pk=result.id)


@pytest.fixture
def lock():
    lock = WorkerLock()
    yield lock
    lock.release()


def test_a_killed_process_s_job_runs_again_within_five_seconds(tmp_path):
    path = tmp_path / "pids"
    job = tasks.long.enqueue(str(path))
    with worker() as process:
        [first] = until(lambda: lines(path))
        os.kill(int(first), signal.SIGKILL)
        killed = time.monotonic()
        until(lambda: len(lines(path)) == 2)
        assert time.monotonic() - killed < 5
        # The supervisor itself: its processes go with it, and another worker takes the job over.
        process.kill()
        killed = time.monotonic()
        with worker() as second:
            until(lambda: len(lines(path)) == 3)
            assert time.monotonic() - killed < 8  # of which a second or three is the start of Python
            assert state(job).status == "RUNNING"
            second.send_signal(signal.SIGTERM)
            second.wait(timeout=10)
    # A graceful stop gives the job back and is not counted as a try.
    assert state(job).status == "READY"
    assert len(state(job).worker_ids) == 2


def test_a_short_job_does_not_wait_for_a_long_one(tmp_path):
    long = tasks.long.enqueue(str(tmp_path / "long"))
    with worker():
        until(lambda: lines(tmp_path / "long"))
        short = tasks.note.enqueue(str(tmp_path / "short"))
        until(lambda: state(short).status == "SUCCESSFUL", seconds=5)
        assert state(long).status == "RUNNING"
    assert state(short).return_value == "noted"


def test_a_job_that_does_not_listen_is_cut_off(tmp_path, monkeypatch):
    job = tasks.deaf.enqueue(str(tmp_path / "deaf"))
    with worker("--stop-seconds", "1") as process:
        until(lambda: lines(tmp_path / "deaf"))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=12) == 0
    assert until(queue.recover_orphans) == 1
    assert state(job).status == "READY"


def test_a_job_that_kills_its_worker_is_given_up_after_three_tries(tmp_path):
    ended = []

    def hear(sender, task_result, **kwargs):
        ended.append(task_result.status)

    path = tmp_path / "deaths"
    job = tasks.deadly.enqueue(str(path))
    task_finished.connect(hear)
    try:
        with contextlib.ExitStack() as stack:
            for _ in range(2):
                stack.enter_context(worker())
            until(lambda: len(lines(path)) >= MOST_TRIES, seconds=20)
        until(lambda: queue.recover_orphans() or state(job).status == "FAILED")
    finally:
        task_finished.disconnect(hear)
    assert state(job).status == "FAILED"
    assert "died 3 times" in state(job).traceback
    assert lines(path) == ["died"] * 3


def run_next(lock) -> None:
    job = queue.claim(queue.EVERY_LANE, lock.worker_id)
    assert job is not None
    running.run(job)


def test_an_error_is_tried_again_later_and_not_for_ever(tmp_path, lock):
    job = tasks.flaky.enqueue(str(tmp_path / "tries"))
    for number in range(1, MOST_TRIES + 1):
        assert state(job).status == "READY"
        if number > 1:
            assert queue.claim(queue.EVERY_LANE, lock.worker_id) is None  # not before its time
            DBTaskResult.objects.update(run_after=timezone.now())
        run_next(lock)
    assert state(job).status == "FAILED"
    assert "the other side is gone" in state(job).traceback
    assert len(lines(tmp_path / "tries")) == MOST_TRIES


def test_what_cannot_work_is_not_tried_again(lock):
    for job in (tasks.hopeless.enqueue(), tasks.unspeakable.enqueue()):
        run_next(lock)
        assert state(job).status == "FAILED"
    gone = tasks.note.enqueue("x")
    DBTaskResult.objects.filter(pk=gone.id).update(task_path="apps.jobs.tests.tasks.removed")
    run_next(lock)
    assert DBTaskResult.objects.get(pk=gone.id).status == "FAILED"


def test_a_living_worker_s_job_is_left_alone_and_a_dead_one_cannot_end_it(tmp_path, lock):
    job = tasks.note.enqueue(str(tmp_path / "x"))
    claimed = queue.claim(queue.EVERY_LANE, lock.worker_id)
    assert claimed is not None
    assert lock.still_held()
    assert queue.recover_orphans() == 0
    lock.release()
    assert not lock.still_held()
    assert queue.recover_orphans() == 1
    other = WorkerLock()
    try:
        assert queue.claim(queue.EVERY_LANE, other.worker_id) is not None
        assert not queue.succeed(claimed, None)
        assert state(job).status == "RUNNING"
    finally:
        other.release()


def test_two_workers_never_take_the_same_job(tmp_path, lock):
    tasks.note.enqueue(str(tmp_path / "x"))
    assert queue.claim(queue.LIGHT_LANE, lock.worker_id) is not None
    assert queue.claim(queue.LIGHT_LANE, lock.worker_id) is None
    tasks.long.enqueue(str(tmp_path / "x"))
    assert queue.claim(queue.LIGHT_LANE, lock.worker_id) is None
    assert queue.claim(queue.HEAVY_LANE, lock.worker_id) is not None


def test_housekeeping_throws_away_what_is_over_and_nothing_else(tmp_path, monkeypatch):
    from django.contrib.sessions.models import Session
    from knox.models import AuthToken

    user = User.objects.create(username="somebody")
    AuthToken.objects.create(user, expiry=timedelta(hours=-1))
    kept, _ = AuthToken.objects.create(user, expiry=timedelta(hours=1))
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(1))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM db_cache")
        cursor.execute(
            "INSERT INTO db_cache VALUES ('a', '', now() - interval '1 s'), ('b', '', now() + interval '1 h')"
        )
        cursor.execute("INSERT INTO db_rate_window VALUES ('a', 0, 60, 1)")
    finished = tasks.note.enqueue(str(tmp_path / "x"))
    DBTaskResult.objects.filter(pk=finished.id).update(
        status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=settings.JOB_RESULTS_DAYS + 1)
    )
    recent = tasks.note.enqueue(str(tmp_path / "x"))
    left, busy = (settings.DATA_DIR / "work" / name for name in ("left-by-a-crash", "busy"))
    for folder in (left, busy):
        folder.mkdir(parents=True)
        (folder / "copy.mp4").write_bytes(b"x")
        os.utime(folder, (0, 0))
    os.utime(left / "copy.mp4", (0, 0))
    with_failing = [failing_chore, *CHORES.quick]
    monkeypatch.setattr(CHORES, "quick", with_failing)
    housekeeping.clean_up()
    assert (left.exists(), busy.exists()) == (False, True)
    assert list(AuthToken.objects.values_list("pk")) == [(kept.pk,)]
    assert not Session.objects.exists()
    assert list(DBTaskResult.objects.values_list("pk", flat=True)) == [state(recent).pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM db_cache")
        assert cursor.fetchall() == [("b",)]
        cursor.execute("SELECT count(*) FROM db_rate_window WHERE key = 'a'")
        assert cursor.fetchone() == (0,)


def failing_chore() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    return 0


def test_looking_for_orphans_does_not_read_finished_jobs(tmp_path):
    job = state(tasks.note.enqueue(str(tmp_path / "x")))
    finished = {"args_kwargs": job.args_kwargs, "task_path": job.task_path, "run_after": job.run_after}
    DBTaskResult.objects.bulk_create([DBTaskResult(status="SUCCESSFUL", **finished) for _ in range(2000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_tasks_database_dbtaskresult")
    plan = DBTaskResult.objects.filter(status="RUNNING").order_by("started_at")[:100].explain()
    assert "db_running_jobs" in plan
