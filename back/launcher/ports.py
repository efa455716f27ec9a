"""Is the port ours to take? Asked before anything starts."""

import contextlib
import errno
import socket

import psutil

from launcher.environment import Plan, RunError


def check_ports(plan: Plan) -> None:
    for name, host, port in (
        ("PORT", plan.host, plan.port),
        ("TEXT2SQL_PORT", "127.0.0.1", plan.text2sql_port),
    ):
        try:
            family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError as error:
            raise RunError(_explain(error, name, host, port)) from None


def _explain(error: OSError, name: str, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use{_holder(port)}; take another: make run {name}={port + 10}"
    if error.errno == errno.EACCES:
        return f"port {port} is for root alone; take another: make run {name}={port + 8000}"
    return f"cannot listen on {host}, port {port}: {error.strerror}"


def _holder(port: int) -> str:
    """As far as this user may know."""
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (pid {connection.pid})"
    return ""
