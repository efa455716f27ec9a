"""What a job and the worker that runs it say to each other."""

import threading

MOST_TRIES = 3
# Seconds before the second and the third try.
PAUSES = (5.0, 30.0)

_stop = threading.Event()


class GaveUp(Exception):
    """The job cannot succeed, however often it is tried; the message is fit to be shown."""


class Interrupted(Exception):
    """The worker is told to stop. The job goes back to the queue and this start does not count as a try."""


def request_stop() -> None:
    _stop.set()


def stop_requested() -> bool:
    return _stop.is_set()


def wait_for_stop(seconds: float) -> bool:
    return _stop.wait(seconds)


def checkpoint() -> None:
    """For long jobs, every second or so and where nothing is half done."""
    if _stop.is_set():
        raise Interrupted
