"""A question as server-sent events: what happens on the way, live, and the answer at the end.

The work runs in a thread of its own, so that a silent model does not keep heartbeats from being sent, and so
that a client that goes away is noticed at the next of them: the work is then cancelled, and the connection to
the model that is at work is cut.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from contextvars import copy_context
from typing import Any, cast

from django.db import connections
from pydantic_core import to_json
from rest_framework.exceptions import APIException

from apps.api.asking.engine import QuestionCancelled
from apps.api.asking.phrasing import Piece
from apps.api.asking.pipeline import Answer, Asked, EventsReady, Happening, SqlReady, Stage, ask
from apps.api.asking.reply import event_out
from apps.http.handler import Formatter
from llm.cancelling import Cancel

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
_END = object()


def event(name: str, data: Any) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + to_json(data, inf_nan_mode="null") + b"\n\n"


def as_server_sent_events(
    asked: Asked, *, problem_of: Callable[[Exception], APIException], expected: tuple[type[Exception], ...]
) -> Iterator[bytes]:
    happenings: queue.SimpleQueue[Any] = queue.SimpleQueue()
    cancel = Cancel()

    def work() -> None:
        try:
            # Closed before the connections are: whoever leaves in the middle is recorded while it closes.
            with closing(ask(asked, cancel=cancel)) as asking:
                for happening in asking:
                    happenings.put(_as_event(happening))
                    if cancel.is_set():
                        return
        except QuestionCancelled:
            pass
        except expected as error:
            happenings.put(_error(problem_of(error)))
        except Exception:
            logger.exception("a streamed question failed")
            happenings.put(_error(APIException("Something went wrong on our side.")))
        finally:
            happenings.put(_END)
            connections.close_all()

    context = copy_context()
    thread = threading.Thread(target=context.run, args=(work,), name="prompt-stream", daemon=True)
    # The first byte at once: proxies and browsers then know that the answer is on its way.
    yield b": playhead\n\n"
    thread.start()
    try:
        while True:
            try:
                item = happenings.get(timeout=HEARTBEAT_SECONDS)
            except queue.Empty:
                yield b": still at it\n\n"
                continue
            if item is _END:
                return
            yield item
    finally:
        cancel.set()
        thread.join(timeout=30)


def _as_event(happening: Happening) -> bytes:
    match happening:
        case Stage(name):
            return event("stage", {"name": name})
        case SqlReady(sql):
            return event("sql", {"sql": sql})
        case EventsReady(events, count):
            return event("events", {"events": [event_out(e) for e in events], "event_count": count})
        case Piece(text, fresh):
            return event("delta", {"text": text, "fresh": fresh})
        case Answer(reply):
            return event("answer", reply)
    raise AssertionError(f"not a happening: {happening!r}")


def _error(error: APIException) -> bytes:
    return event("error", Formatter(error, cast(Any, {}), error).run())
