"""`make manage`: manage.py with the environment and the database that `make run` has, running or not."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack

from launcher.embedded import EmbeddedError, EmbeddedPostgres
from launcher.embedded.deathsignal import die_with_parent
from launcher.environment import ROOT, Plan, RunError, use_database

PARENT = os.getpid()


def manage(plan: Plan, arguments: list[str]) -> int:
    with ExitStack() as cleanup:
        if plan.needs_postgres:
            database = EmbeddedPostgres(plan.data_dir)
            try:
                use_database(plan, database.start())
            except EmbeddedError as error:
                raise RunError(str(error)) from None
            cleanup.callback(database.stop)
        # Ctrl-C is the command's own affair: in a shell it ends a line, not the session.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        command = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=plan.environment, preexec_fn=_as_before,
        )  # fmt: skip
        for signum in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, lambda told, _: command.send_signal(told))
        code = command.wait()
    return 128 - code if code < 0 else code


def _as_before() -> None:
    die_with_parent(signal.SIGHUP, PARENT)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
