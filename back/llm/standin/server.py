"""The stand-in: records each request, answers from the script, then from the mind if it has one."""

import json
import threading
from collections.abc import Callable

from llm.standin import vectors
from llm.standin.http_server import POLL, HttpServer, Signal
from llm.standin.script import Answer, Fail, Json, Operation, Recorded

Mind = Callable[[Recorded], Answer | None]

MAX_RECORDED = 1000
"""Requests kept; one that was started by hand runs for days."""


class Standin:
    """`with Standin() as standin:` serves on a free port of 127.0.0.1 until the block ends."""

    def __init__(self, *, port: int = 0, host: str = "127.0.0.1", mind: Mind | None = None) -> None:
        self.mind = mind
        self.requests: list[Recorded] = []
        self.stopping = Signal()
        self._script: list[tuple[Answer, Operation | None, str | None]] = []
        self._lock = threading.Lock()
        self._server = HttpServer((host, port), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), name="standin", daemon=True
        )
        host, port = self._server.server_address[:2]  # type: ignore[assignment]
        self.url = f"http://{host}:{port}"

    def say(self, *script: Answer, operation: Operation | None = None, model: str | None = None) -> None:
        """Queue answers; each is used once, by the first request that fits its operation and model."""
        with self._lock:
            self._script.extend((answer, operation, model) for answer in script)

    def reset(self) -> None:
        """As new: no script, no mind, no record, and nobody waiting for an answer."""
        self.forget()
        self.mind = None
        self._server.hang_up()

    def forget(self) -> None:
        """The script and the record."""
        with self._lock:
            self._script.clear()
            self.requests = []

    @property
    def unused(self) -> int:
        return len(self._script)

    def answer(self, request: Recorded) -> Answer:
        with self._lock:
            self._record(request)
            for at, (answer, operation, model) in enumerate(self._script):
                if operation in (None, request.operation) and model in (None, request.target):
                    del self._script[at]
                    return answer
        if self.mind is not None and (answer_ := self.mind(request)) is not None:
            return answer_
        return _unscripted(request)

    def refuse(self, request: Recorded) -> None:
        """Recorded, but no answer of the script is used for it."""
        with self._lock:
            self._record(request)

    def _record(self, request: Recorded) -> None:
        self.requests.append(request)
        del self.requests[:-MAX_RECORDED]

    def start(self) -> "Standin":
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()  # waits for the threads of all connections
        self._thread.join()
        self.stopping.close()

    def __enter__(self) -> "Standin":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _unscripted(request: Recorded) -> Answer:
    match request.operation:
        case "InvokeModel":
            made = vectors.invoke(request.target, request.body)
            if isinstance(made, str):
                return Fail(code="ValidationException", status=400, message=made)
            return Json(*made)
        case "CountTokens":
            return Json({"inputTokens": max(1, len(json.dumps(request.body).encode()) // 4)})
        case "ApplyGuardrail":
            return Json({"action": "NONE", "outputs": [], "assessments": [], "usage": _NO_UNITS})
        case "Retrieve":
            return Json({"retrievalResults": []})
        case "GetFoundationModel":
            arn = f"arn:aws:bedrock:us-east-1::foundation-model/{request.target}"
            details = {"modelArn": arn, "modelId": request.target, "modelLifecycle": {"status": "ACTIVE"}}
            return Json({"modelDetails": details})
        case _:
            return Fail(
                code="ValidationException", status=400, message="the stand-in has no answer in its script"
            )


_NO_UNITS = {
    f"{policy}PolicyUnits": 0
    for policy in ("topic", "content", "word", "sensitiveInformation", "contextualGrounding")
} | {"sensitiveInformationPolicyFreeUnits": 0}
