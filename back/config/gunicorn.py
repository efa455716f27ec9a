"""gunicorn's settings, for `make run` and for the image."""

import gc
import json
import os
import signal
import socket
from typing import Any

import gunicorn.http.wsgi
import gunicorn.util

from apps.db.shared.pool import POOL
from launcher.embedded.deathsignal import die_with_parent

MOST_CONNECTIONS = 16

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8088'}"

# A request waits seconds for the model and holds nothing meanwhile, so many threads to a process
# (docs/operations.md has the figures).
# gthread, which drops clients that do not keep up
worker_class = "config.slow_clients.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 64)
# Connections that wait for a thread; beyond it they wait in the kernel.
worker_connections = max(1000, threads * 4)

# gthread's heartbeat comes from its main thread, so this ends a stuck process, not a slow request.
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_SECONDS") or 30)
keepalive = 5
# A worker is never recycled by count: that would cut the streams it serves.
max_requests = 0

limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
accesslog = None
loglevel = "warning"
proc_name = "playhead"
# Which software serves is nobody's business.
gunicorn.http.wsgi.SERVER = "playhead"


def _write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """What never reaches Django has the shape of every other error, and none of the request's own text."""
    kind = "server_error" if status >= 500 else "client_error"
    error = {"code": reason.lower().replace(" ", "_"), "detail": f"{reason}.", "attr": None}
    body = json.dumps({"type": kind, "errors": [error]})
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    gunicorn.util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())


gunicorn.util.write_error = _write_error


def post_worker_init(worker: Any) -> None:
    """What is loaded stays for good: the collector need not walk over it again and again. Nor need it look
    after every 700 new objects, which are a part of one request and mostly gone with it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def post_fork(server: Any, worker: Any) -> None:
    """A worker whose master was killed would keep the port, and the next start would not get it."""
    die_with_parent(signal.SIGKILL, server.pid)
    # Most threads wait for a model; those that use the database share some connections.
    POOL.most = MOST_CONNECTIONS
