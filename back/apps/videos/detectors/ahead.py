"""Lets one part of the work run ahead of the next one in a thread of its own.

FFmpeg and OpenCV work without Python's lock, so decoding and looking go on side by side.
"""

import threading
from collections.abc import Generator, Iterator
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

T = TypeVar("T")


class _End(Generic[T]):
    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Iterator[T], *, at_most: int) -> Generator[T, None, None]:
    """The same items, made up to `at_most` early. Closing the iterator ends the thread before it returns."""
    queue: Queue[T | _End[T]] = Queue(at_most)
    stop = threading.Event()

    def work() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                if not _put(queue, item, stop):
                    return
        except BaseException as raised:  # handed to whoever waits for the next item
            error = raised
        _put(queue, _End(error), stop)

    thread = threading.Thread(target=work, name="decoder", daemon=True)
    thread.start()
    try:
        while not isinstance(item := queue.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        while thread.is_alive():
            try:
                queue.get(timeout=0.05)
            except Empty:
                continue
        thread.join()


def _put(queue: "Queue[T | _End[T]]", item: "T | _End[T]", stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            queue.put(item, timeout=0.1)
        except Full:
            continue
        return True
    return False
