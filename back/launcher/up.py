"""`make run`: PostgreSQL, then all of the Procfile, until somebody says stop; the database ends last."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import psutil
from honcho.environ import parse_procfile

from launcher.embedded import EmbeddedError, EmbeddedPostgres
from launcher.embedded.deathsignal import dies_with_parent
from launcher.embedded.layout import write_private
from launcher.embedded.locks import FileLock
from launcher.environment import ROOT, Plan, RunError, use_database
from launcher.parent import Parent
from launcher.ports import check_ports
from launcher.process import MARK
from launcher.supervisor import Supervisor

LIVE = "/api/health/live/"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ASK_SECONDS = 0.2
KEEP_DATABASE_SECONDS = 1.0


class Stopped(Exception):
    """Somebody asked for the end while things were still being set up."""


def up(plan: Plan) -> int:
    parent = Parent()
    supervisor: Supervisor | None = None

    def on_signal(signum: int, frame: FrameType | None) -> None:
        if supervisor is None:
            for each in STOP_SIGNALS:
                signal.signal(each, signal.SIG_IGN)
            raise Stopped
        supervisor.request_stop(signum)

    for signum in STOP_SIGNALS:
        signal.signal(signum, on_signal)

    with ExitStack() as cleanup:
        try:
            _claim(plan, cleanup)
            check_ports(plan)
            plan.environment[MARK] = str(plan.data_dir)
            database = _start_database(plan, cleanup)
            sign_in = _prepare(plan)
            commands = parse_procfile((ROOT / "Procfile").read_text()).processes
            supervisor = Supervisor(commands, environment=plan.environment, root=ROOT)
        except Stopped:
            _say("Stopped.")
            return 0
        cleanup.callback(supervisor.stop)
        supervisor.run(_each_tick(plan, supervisor, database, sign_in, parent))
        supervisor.say("stopping")
    _say("Playhead has stopped.")
    return 0


def _claim(plan: Plan, cleanup: ExitStack) -> None:
    """One run per data directory; and what a killed one left behind ends here."""
    lock = FileLock(plan.data_dir / "run.lock")
    note = plan.data_dir / "run.json"
    if not lock.acquire(wait=False):
        raise RunError(
            f"Playhead already runs here{_where(note)}: stop it (make stop), or set DATA_DIR and PORT"
        )
    cleanup.callback(lock.release)
    sweep(str(plan.data_dir))
    write_private(note, json.dumps({"pid": os.getpid(), "address": plan.address}))
    cleanup.callback(lambda: note.unlink(missing_ok=True))


def _where(note: os.PathLike[str]) -> str:
    try:
        with open(note) as file:  # noqa: PTH123
            told = json.load(file)
        return f" at {told['address']} (pid {told['pid']})"
    except (OSError, ValueError, KeyError):
        return ""


def sweep(data_dir: str) -> None:
    """Ends what an earlier run of this data directory started, where the kernel did not."""
    left = []
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if process.environ().get(MARK) == data_dir:
                process.kill()
                left.append(process)
        except (psutil.Error, OSError):
            continue
    psutil.wait_procs(left, timeout=5)


def _start_database(plan: Plan, cleanup: ExitStack) -> EmbeddedPostgres | None:
    if not plan.needs_postgres:
        _say(f"Using the database at {urlsplit(plan.environment['DATABASE_URL']).hostname or 'DATABASE_URL'}")
        return None
    database = EmbeddedPostgres(plan.data_dir)
    if not database.layout.cluster.exists():
        _say(f"Making a PostgreSQL data directory in {plan.data_dir}")
    try:
        urls = database.start()
    except EmbeddedError as error:
        raise RunError(str(error)) from None
    cleanup.callback(database.stop)
    use_database(plan, urls)
    return database


def _prepare(plan: Plan) -> str:
    """How to sign in."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as report:
        preparing = subprocess.Popen(
            [sys.executable, "-m", "launcher.prepare", str(writing)], pass_fds=(writing,),
            cwd=ROOT, env=plan.environment, start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip
        os.close(writing)
        try:
            if preparing.wait():
                raise RunError("the database could not be prepared; the reason stands above")
            return report.read()
        finally:
            preparing.kill()
            preparing.wait()


def _each_tick(
    plan: Plan, supervisor: Supervisor, database: EmbeddedPostgres | None, sign_in: str, parent: Parent
) -> Callable[[], None]:
    looked_at = time.monotonic()
    asked_at = 0.0

    def tick() -> None:
        nonlocal looked_at, asked_at
        # Not with each tick: what web logs of the question would be the next one.
        if not supervisor.ready and time.monotonic() - asked_at > ASK_SECONDS:
            supervisor.ready = _is_live(plan)
            asked_at = time.monotonic()
            if supervisor.ready:
                _welcome(plan, supervisor, sign_in)
        if parent.was_told_to_stop():
            supervisor.request_stop(signal.SIGINT)
        if database is not None and time.monotonic() - looked_at > KEEP_DATABASE_SECONDS:
            try:
                if database.keep():
                    supervisor.say("PostgreSQL was gone and runs again")
            except EmbeddedError as error:
                supervisor.say(f"PostgreSQL: {error}; trying again")
            looked_at = time.monotonic()

    return tick


def _is_live(plan: Plan) -> bool:
    place = urlsplit(plan.address)
    connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", plan.port, timeout=2)
    try:
        connection.request("GET", LIVE, headers={"Host": _allowed_name(plan)})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _allowed_name(plan: Plan) -> str:
    """Any name that web answers to; it refuses those that ALLOWED_HOSTS does not hold."""
    names = [name.strip() for name in plan.environment.get("ALLOWED_HOSTS", "").split(",")]
    names = [name.removeprefix(".") for name in names if name not in {"", "*"}]
    return names[0] if names else "localhost"


def _welcome(plan: Plan, supervisor: Supervisor, sign_in: str) -> None:
    lines = ["", f"Playhead is up: {plan.address}/"]
    lines += [sign_in] if sign_in else []
    lines += [f"Ctrl-C stops it; what it stored stays in {plan.data_dir}", ""]
    for line in lines:
        supervisor.say(line)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def fail(error: Exception) -> NoReturn:
    print(error, file=sys.stderr, flush=True)  # noqa: T201
    raise SystemExit(1)
