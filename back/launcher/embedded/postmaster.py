"""The server process: find the one that runs, clear what a dead one left, start, stop."""

import contextlib
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from launcher.embedded.binaries import Binaries
from launcher.embedded.cluster import SCRUBBED, data_argument
from launcher.embedded.deathsignal import dies_with_parent
from launcher.embedded.errors import EmbeddedError
from launcher.embedded.identity import Identity
from launcher.embedded.layout import ADMIN, Layout, Passwords, open_log

START_SECONDS = 60.0  # recovery after a crash reads the log written since the last checkpoint
STOP_SECONDS = 20.0
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Each thread of the web server may keep a connection; an idle one costs little.
    "max_connections": "300",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "logging_collector": "off",
}
# A throw-away server has nothing to lose in a power cut.
FLEETING_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postmaster:
    process: psutil.Process
    port: int
    cluster: Path
    child: subprocess.Popen[bytes] | None = None

    def is_alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        try:
            return bool(self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def is_stopping(self) -> bool:
        """What it says of itself in the eighth line of its pid file: starting, ready, standby or stopping."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "stopping"

    def stop(self) -> None:
        """Fast shutdown; harder where that does not end it."""
        for signum, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if not self.is_alive():
                return
            with contextlib.suppress(psutil.NoSuchProcess):
                self.process.send_signal(signum)
            deadline = time.monotonic() + seconds
            while self.is_alive() and time.monotonic() < deadline:
                time.sleep(0.02)


def find_running(layout: Layout) -> Postmaster | None:
    """The postmaster that serves this data directory. Its pid file alone proves nothing: the process may be
    gone, a zombie, or another program that was given the same pid."""
    try:
        lines = (layout.cluster / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError):
        return None
    for process in _processes_in(layout.cluster):
        if process.pid == pid:
            return Postmaster(process, port, layout.cluster)
    return None


def clear_remains(layout: Layout) -> None:
    """After a crash: backends that outlived their postmaster, and its pid file. Call it when none runs."""
    orphans = _processes_in(layout.cluster)
    for orphan in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            orphan.kill()
    psutil.wait_procs(orphans, timeout=5)
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(cluster: Path) -> list[psutil.Process]:
    """Every process of PostgreSQL works inside its data directory."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != "postgres":
            continue
        with contextlib.suppress(psutil.Error, OSError):
            if Path(process.cwd()).samefile(cluster):
                found.append(process)
    return found


def adopt(layout: Layout, passwords: Passwords) -> Postmaster | None:
    """The running server, if it is healthy or about to be."""
    running = find_running(layout)
    if running is None:
        return None
    if _becomes_ready(running, passwords):
        layout.write_port(running.port)
        return running
    running.stop()
    return None


def start(
    layout: Layout, *, binaries: Binaries, identity: Identity | None, passwords: Passwords, durable: bool
) -> Postmaster:
    # The port it had, if free: a running application and a bookmarked psql know it.
    remembered = layout.read_port()
    for attempt in range(5):
        port = remembered if attempt == 0 and remembered and _is_free(remembered) else _free_port()
        options = {**OPTIONS, **({} if durable else FLEETING_OPTIONS), "port": str(port)}
        command = [binaries.postgres, "-D", data_argument(layout.cluster, identity)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        log_start = layout.log.stat().st_size if layout.log.exists() else 0
        with open_log(layout.log) as log:
            child = subprocess.Popen(
                command, cwd=layout.cluster, env=SCRUBBED, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=dies_with_parent(signal.SIGINT),
                **(identity.popen_options() if identity else {}),
            )  # fmt: skip
        started = Postmaster(psutil.Process(child.pid), port, layout.cluster, child)
        if _becomes_ready(started, passwords):
            layout.write_port(port)
            return started
        started.stop()
        said = layout.log.read_bytes()[log_start:].decode(errors="replace")
        if "Address already in use" not in said:
            raise EmbeddedError(f"PostgreSQL does not start: {_reason(said)} (more in {layout.log})")
    raise EmbeddedError("PostgreSQL finds no free port")


def _becomes_ready(server: Postmaster, passwords: Passwords) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while server.is_alive() and time.monotonic() < deadline:
        try:
            psycopg2.connect(
                host="127.0.0.1", port=server.port, user=ADMIN, password=passwords.admin, dbname="postgres",
                connect_timeout=5,
            ).close()  # fmt: skip
        except psycopg2.OperationalError as error:
            # Another server's passwords, or somebody else on that port: waiting does not help.
            if "authentication failed" in str(error):
                return False
            time.sleep(0.02)
        else:
            return server.is_alive()
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reason(log: str) -> str:
    lines = [
        line for line in log.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line.lower()
    ]
    return (lines or log.strip().splitlines() or ["it said nothing"])[-1]
