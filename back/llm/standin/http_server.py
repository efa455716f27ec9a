"""HTTP/1.1 as Bedrock speaks it: routes, errors, chunked event streams, and all the ways to break off."""

import contextlib
import json
import re
import select
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, cast
from urllib.parse import unquote, urlsplit

from llm.standin import answers, checks, frames
from llm.standin.script import Answer, Fail, Fault, Json, Operation, Raw, Recorded, Reply

_ROUTES: tuple[tuple[str, re.Pattern[str], Operation], ...] = (
    ("POST", re.compile(r"/model/([^/]+)/converse"), "Converse"),
    ("POST", re.compile(r"/model/([^/]+)/converse-stream"), "ConverseStream"),
    ("POST", re.compile(r"/model/([^/]+)/invoke"), "InvokeModel"),
    ("POST", re.compile(r"/model/([^/]+)/count-tokens"), "CountTokens"),
    ("POST", re.compile(r"/guardrail/([^/]+)/version/[^/]*/apply"), "ApplyGuardrail"),
    ("POST", re.compile(r"/knowledgebases/([^/]+)/retrieve"), "Retrieve"),
    ("GET", re.compile(r"/foundation-models/([^/]+)"), "GetFoundationModel"),
)
POLL = 0.02


class Signal:
    """An event that `poll` can wait for together with a socket."""

    def __init__(self) -> None:
        self._reads, self._writes = socket.socketpair()

    def fileno(self) -> int:
        return self._reads.fileno()

    def set(self) -> None:
        self._writes.send(b".")

    def close(self) -> None:
        self._reads.close()
        self._writes.close()


class Source(Protocol):
    """Who knows what to answer."""

    stopping: Signal

    def answer(self, request: Recorded) -> Answer: ...

    def refuse(self, request: Recorded) -> None: ...


def _route(method: str, path: str) -> tuple[Operation, str] | None:
    """Before unquoting: an ARN holds slashes, and they arrive as %2F."""
    for verb, pattern, operation in _ROUTES:
        if verb == method and (match := pattern.fullmatch(path)):
            return operation, unquote(match[1])
    return None


class HttpServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], standin: Source) -> None:
        self.standin = standin
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Idle kept-alive connections would keep their threads waiting."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, *_: object) -> None:
        """Silent: the requests are recorded."""

    def _serve(self, method: str) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        found = _route(method, path)
        if found is None:
            self._fail(Fail(code="UnknownOperationException", status=404, message=f"{method} {path}"))
            return
        operation, target = found
        request = Recorded(
            operation=operation,
            target=target,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=json.loads(raw) if raw else None,
        )
        standin = cast(HttpServer, self.server).standin
        if operation in ("Converse", "ConverseStream") and (wrong := checks.wrong_with(request.body)):
            standin.refuse(request)
            self._fail(Fail(code="ValidationException", status=400, message=wrong))
            return
        try:
            self._answer(standin.answer(request), request)
        except OSError:
            request.gone.set()
            self.close_connection = True

    def _answer(self, answer: Answer, request: Recorded) -> None:
        if isinstance(answer, (Reply, Fail)):
            self._wait(answer.delay, request)
        match answer:
            case Fail():
                self._fail(answer)
            case Json():
                self._json(answer.body, headers=answer.headers)
            case Raw():
                self._raw(answer, request)
            case Reply() if request.operation == "ConverseStream":
                self._stream(answer, request)
            case Reply():
                self._json(answers.converse(answer, request.body))

    def _fail(self, answer: Fail) -> None:
        kind = {"x-amzn-ErrorType": f"{answer.code}:http://internal.amazon.com/coral/com.amazon.bedrock/"}
        self._json({"message": answer.message}, status=answer.status, headers={**kind, **answer.headers})

    def _json(self, body: Any, *, status: int = 200, headers: Any = None) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        self._head(
            status, {"Content-Type": "application/json", "Content-Length": str(len(raw)), **(headers or {})}
        )
        self.wfile.write(raw)
        self.wfile.flush()

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("x-amzn-RequestId", "00000000-0000-4000-8000-000000000000")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _raw(self, answer: Raw, request: Recorded) -> None:
        length = len(answer.body) + (100 if answer.cut or answer.stall else 0)
        self._head(200, {"Content-Type": "application/json", "Content-Length": str(length)})
        self.wfile.write(answer.body)
        self.wfile.flush()
        if answer.stall:
            self._wait(None, request)
        if answer.cut or answer.stall:
            self._hang_up()

    def _stream(self, reply: Reply, request: Recorded) -> None:
        kind = "application/vnd.amazon.eventstream"
        self._head(200, {"Content-Type": kind, "Transfer-Encoding": "chunked"})
        for part in answers.converse_stream(reply, request.body):
            if isinstance(part, Fault):
                if not self._break(part, request):
                    return
                break
            self._chunk(part)
            self._wait(reply.pause, request)
        self._chunk(b"")

    def _break(self, fault: Fault, request: Recorded) -> bool:
        """Whether the stream still gets its clean end."""
        whole = frames.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "…"}})
        match fault.kind:
            case "cut":
                self._hang_up()
                return False
            case "stall":
                self._wait(None, request)
                self._hang_up()
                return False
            case "bad_crc":
                self._chunk(frames.with_bad_crc(whole))
            case "half_frame":
                self._chunk(whole[: len(whole) // 2])
            case "exception":
                self._chunk(frames.exception(fault.code, fault.message))
        return True

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _wait(self, seconds: float | None, request: Recorded) -> None:
        """Until the time is over (None: for ever), the server stops, or the client is gone."""
        stopping = cast(HttpServer, self.server).standin.stopping
        until = None if seconds is None else time.monotonic() + seconds
        waiting = select.poll()
        waiting.register(stopping, select.POLLIN)
        waiting.register(self.connection, select.POLLIN)
        while (left := None if until is None else until - time.monotonic()) is None or left > 0:
            ready = dict(waiting.poll(None if left is None else left * 1000))
            if stopping.fileno() in ready:
                return
            if self.connection.fileno() in ready:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    request.gone.set()
                    raise ConnectionResetError("the client went away")
                waiting.unregister(self.connection)  # the next request, ahead of its time
