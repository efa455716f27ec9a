"""Jobs that the tests of the worker enqueue; the worker's processes import them by name."""

import os
import time
from pathlib import Path

from django_tasks import task

from apps.jobs.control import GaveUp, checkpoint


def _note(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text + "\n")


@task
def note(path: str) -> str:
    _note(path, "ran")
    return "noted"


@task(queue_name="video")
def long(path: str) -> None:
    """Says who runs it, then works until it is interrupted."""
    _note(path, str(os.getpid()))
    while True:
        checkpoint()
        time.sleep(0.05)


@task(queue_name="video")
def deaf(path: str) -> None:
    _note(path, str(os.getpid()))
    time.sleep(60)


@task
def deadly(path: str) -> None:
    _note(path, "died")
    os._exit(9)


@task
def flaky(path: str) -> None:
    _note(path, "tried")
    raise ConnectionError("the other side is gone")


@task
def hopeless() -> None:
    raise GaveUp("This cannot work.")


@task
def unspeakable() -> object:
    return object()
