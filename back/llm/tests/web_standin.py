"""A scripted HTTP server for the two other wires: JSON bodies, and server-sent events that may break off."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    events: list[Any] | None = None
    cut: bool = False
    """The connection breaks after the events."""
    stall: bool = False


@dataclass
class Web:
    url: str = ""
    pages: list[Page] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)


@contextmanager
def web() -> Iterator[Web]:
    state = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            state.requests.append(json.loads(self.rfile.read(length)))
            state.paths.append(self.path)
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            page = state.pages.pop(0)
            if page.events is None:
                raw = page.body if isinstance(page.body, bytes) else json.dumps(page.body).encode()
                self._head(page, "application/json", {"Content-Length": str(len(raw))})
                self.wfile.write(raw)
                return
            self._head(page, "text/event-stream", {"Connection": "close", "Transfer-Encoding": "chunked"})
            for event in page.events:
                named = f"event: {event['type']}\n" if isinstance(event, dict) and "type" in event else ""
                data = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
                raw = f"{named}data: {data}\n\n".encode()
                self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
                self.wfile.flush()
            while page.stall and not state.stopping.wait(0.02):
                try:
                    self.connection.setblocking(False)
                    if not self.connection.recv(1, socket.MSG_PEEK):
                        state.gone.set()
                        return
                except BlockingIOError:
                    continue
                except OSError:
                    state.gone.set()
                    return
            if not page.cut:
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = True

        def _head(self, page: Page, kind: str, more: dict[str, str]) -> None:
            self.send_response(page.status)
            for name, value in {"Content-Type": kind, **more, **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        state.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
