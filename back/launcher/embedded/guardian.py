"""The one process that keeps a data directory's server: starts it, restarts it when it dies, and stops it
when nobody uses it any more.

Users hold a shared lock on `users.lock`; the kernel drops it however they end, so neither kill -9 of `make
run` nor of a test run leaves a server behind. If the guardian itself is killed, the server gets its death
signal and the next user, or the runner that watches, starts another guardian.
"""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from launcher.embedded import postmaster
from launcher.embedded.binaries import usable_binaries
from launcher.embedded.cluster import ensure_cluster
from launcher.embedded.errors import EmbeddedError
from launcher.embedded.identity import server_identity
from launcher.embedded.layout import Layout
from launcher.embedded.locks import FileLock
from launcher.embedded.provision import provision

POLL_SECONDS = 0.2
LOG_LIMIT = 10_000_000


class Guardian:
    def __init__(self, layout: Layout, *, durable: bool, throwaway: bool) -> None:
        self.layout = layout
        self.durable = durable
        self.throwaway = throwaway
        self.start_lock = FileLock(layout.start_lock)
        self.server: postmaster.Postmaster | None = None
        self.told_to_stop = False

    def serve(self) -> None:
        identity = server_identity(self.layout.cluster)
        binaries = usable_binaries(identity)
        known = self.layout.read_passwords()
        self.server = postmaster.adopt(self.layout, known) if known else None
        if self.server is None:
            if running := postmaster.find_running(self.layout):
                running.stop()
            postmaster.clear_remains(self.layout)
            known = ensure_cluster(self.layout, binaries=binaries, identity=identity, durable=self.durable)
            self.server = postmaster.start(
                self.layout, binaries=binaries, identity=identity, passwords=known, durable=self.durable
            )
        assert known is not None
        provision(port=self.server.port, passwords=known)

    def watch(self) -> None:
        failures = 0
        while not self.told_to_stop and not self._is_unused():
            assert self.server is not None
            if self.server.is_alive():
                failures = 0
                if self.server.is_stopping():
                    # Somebody sent it SIGTERM: it takes no new connection and waits for the old ones.
                    self._log("the server was told to stop by somebody else; starting it again")
                    self.server.stop()
                time.sleep(POLL_SECONDS)
                continue
            self._log("the server ended; starting it again")
            try:
                self.serve()
            except (EmbeddedError, OSError) as error:
                failures += 1
                self._log(f"that failed: {error}")
                if failures == 5:
                    return
                time.sleep(min(0.5 * 2**failures, 5.0))

    def close(self) -> None:
        if self.server is not None:
            self.server.stop()
        if self.throwaway:
            shutil.rmtree(self.layout.data_dir, ignore_errors=True)

    def _is_unused(self) -> bool:
        """If so, the start lock stays ours until the end: who comes now waits and starts the next server."""
        if not self.start_lock.acquire(wait=False):
            return False
        users = FileLock(self.layout.users_lock)
        if users.acquire(wait=False):
            users.release()
            return True
        self.start_lock.release()
        return False

    def _log(self, message: str) -> None:
        print(f"guardian: {message}", file=sys.stderr, flush=True)  # noqa: T201  goes to server.log


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--report-fd", type=int, required=True)
    parser.add_argument("--no-sync", action="store_true")
    parser.add_argument("--throwaway", action="store_true")
    given = parser.parse_args()

    layout = Layout(given.data_dir)
    if layout.log.exists() and layout.log.stat().st_size > LOG_LIMIT:
        layout.log.replace(layout.log.with_suffix(".log.1"))
    guardian = Guardian(layout, durable=not given.no_sync, throwaway=given.throwaway)

    def stop(*_: object) -> None:
        guardian.told_to_stop = True

    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, stop)

    lock = FileLock(layout.guardian_lock)
    lock.acquire()
    try:
        try:
            guardian.serve()
        except (EmbeddedError, OSError) as error:
            _report(given.report_fd, f"error {error}")
            return 1
        _report(given.report_fd, "ready")
        guardian.watch()
    finally:
        guardian.close()
        lock.release()
    return 0


def _report(fd: int, message: str) -> None:
    with contextlib.suppress(OSError):  # nobody waits for it any more
        os.write(fd, message.encode())
    os.close(fd)


if __name__ == "__main__":
    sys.exit(main())
