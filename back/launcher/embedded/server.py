"""The side of those who need a server: join the one of a data directory, or have it started."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from launcher.embedded.errors import EmbeddedError
from launcher.embedded.layout import Layout, connection_urls, open_log
from launcher.embedded.locks import FileLock, is_locked

START_SECONDS = 150.0
STOP_SECONDS = 40.0
IMPORT_ROOT = Path(__file__).resolve().parents[2]
# Children of this process whose end is no longer its business; forgetting them is a warning in Python.
_serving_others: list[subprocess.Popen[bytes]] = []


class EmbeddedPostgres:
    """`start()` … `stop()`, or a with statement that yields the connection URLs. Several processes may use
    one data directory; the server ends with the last of them.

    `durable=False` leaves out every fsync, which is most of the time that a start takes on a busy disk;
    `throwaway` does too, and deletes the data directory at the end.
    """

    def __init__(
        self, data_dir: str | os.PathLike[str], *, durable: bool = True, throwaway: bool = False
    ) -> None:
        self.layout = Layout(Path(data_dir).resolve())
        self._options = [
            *(["--throwaway"] if throwaway else []),
            *([] if durable and not throwaway else ["--no-sync"]),
        ]
        self._guardian: subprocess.Popen[bytes] | None = None
        self._users = FileLock(self.layout.users_lock)

    def start(self) -> dict[str, str]:
        self.layout.create()
        with FileLock(self.layout.start_lock):
            self._users.acquire(shared=True)
            try:
                self._have_guardian()
            except BaseException:
                self._users.release()
                raise
        return connection_urls(self.layout.data_dir)

    def keep(self) -> bool:
        """Call it now and then: a guardian that was killed is replaced. True if that was so."""
        if self._guardian is not None:
            self._guardian.poll()
        if is_locked(self.layout.guardian_lock):
            return False
        start_lock = FileLock(self.layout.start_lock)
        if not start_lock.acquire(wait=False):
            return False
        try:
            self._have_guardian()
        finally:
            start_lock.release()
        return True

    def stop(self) -> None:
        """Returns when the server has ended, or at once where others use it."""
        with FileLock(self.layout.start_lock):
            self._users.release()
            if not self._users.acquire(wait=False):
                if self._guardian is not None:
                    _serving_others.append(self._guardian)
                    self._guardian = None
                return
            self._users.release()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if self._guardian is not None:
                self._guardian.poll()
            if not self.layout.root.exists() or not is_locked(self.layout.guardian_lock):
                break
            time.sleep(0.02)
        if self._guardian is not None:
            self._guardian.wait(5)
            self._guardian = None

    def __enter__(self) -> dict[str, str]:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _have_guardian(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not is_locked(self.layout.guardian_lock):
                self._spawn_guardian()
                return
            # It serves, or brings back a server that crashed, or is about to end.
            if _answers(connection_urls(self.layout.data_dir).get("DATABASE_URL")):
                return
            time.sleep(0.05)
        raise EmbeddedError(f"PostgreSQL does not answer; see {self.layout.log}")

    def _spawn_guardian(self) -> None:
        if self._guardian is not None:
            self._guardian.wait(5)  # its lock is free, so it is all but gone
        reading, writing = os.pipe()
        command = [
            sys.executable,
            "-m",
            "launcher.embedded.guardian",
            "--data-dir",
            str(self.layout.data_dir),
        ]
        command += ["--report-fd", str(writing), *self._options]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LD_"))}
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(IMPORT_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
        )
        try:
            with open_log(self.layout.log) as log:
                self._guardian = subprocess.Popen(
                    command, cwd="/", env=environment, start_new_session=True, pass_fds=(writing,),
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
            os.close(writing)
            writing = -1
            report = _read_all(reading, START_SECONDS)
        finally:
            os.close(reading)
            if writing >= 0:
                os.close(writing)
        if report == "ready":
            return
        kind, _, reason = report.partition(" ")
        raise EmbeddedError(
            reason if kind == "error" else f"PostgreSQL does not start; see {self.layout.log}"
        )


def _read_all(fd: int, seconds: float) -> str:
    deadline = time.monotonic() + seconds
    told = b""
    while (left := deadline - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            chunk = os.read(fd, 4096)
            if not chunk:
                break
            told += chunk
    return told.decode(errors="replace")


def _answers(url: str | None) -> bool:
    if url is None:
        return False
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True
