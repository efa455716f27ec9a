"""The entry point of the image: `web`, `worker`, `text2sql`, `migrate`, `manage …`, and a few more.

Each role replaces this process (exec), so that signals reach the one that serves. What keeps it from
starting is one line that says what to do.
"""

import os
import sys
from collections.abc import Callable, Sequence

from launcher.container.secrets_files import make_secrets
from launcher.container.starting import StartError, prepare_environment

Arguments = Sequence[str]


def web(_: Arguments) -> None:
    _run("-m", "gunicorn", "--config", "back/config/gunicorn.py", "config.wsgi")


def worker(arguments: Arguments) -> None:
    # ECS and Compose send SIGKILL after their grace; jobs are put back before.
    seconds = os.environ.get("WORKER_GRACEFUL_SECONDS") or "20"
    _run("manage.py", "worker", "--stop-seconds", seconds, *arguments)


def text2sql(_: Arguments) -> None:
    _run(
        "-m", "uvicorn", "text2sql.app:app", "--host", os.environ["TEXT2SQL_HOST"],
        "--port", os.environ["TEXT2SQL_PORT"], "--no-server-header", "--no-access-log",
        "--log-level", "warning", "--timeout-graceful-shutdown", "20",
    )  # fmt: skip


def standin(arguments: Arguments) -> None:
    _run("-m", "llm.standin", "--host", "0.0.0.0", *arguments)  # noqa: S104


def migrate(arguments: Arguments) -> None:
    from launcher.container.migrating import (
        migrate_everything,  # Django is slow to load, and only needed here
    )

    migrate_everything(with_demo="--demo" in arguments, with_models="--without-models" not in arguments)


def manage(arguments: Arguments) -> None:
    _run("manage.py", *arguments)


def secrets(arguments: Arguments) -> None:
    make_secrets(arguments)


def offsite(arguments: Arguments) -> None:
    from launcher.container.offsite import keep_copying

    keep_copying(arguments)


ROLES: dict[str, Callable[[Arguments], None]] = {
    "web": web,
    "worker": worker,
    "text2sql": text2sql,
    "migrate": migrate,
    "manage": manage,
    "standin": standin,
    "secrets": secrets,
    "offsite": offsite,
}
# They need no settings of Django's.
WITHOUT_SETTINGS = {"text2sql", "standin", "secrets", "offsite"}


def _run(*arguments: str) -> None:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


def main(arguments: Sequence[str]) -> int:
    role, rest = (arguments[0] if arguments else "web"), list(arguments[1:])
    try:
        if role not in ROLES:
            raise StartError(f"there is no role {role!r}; there are {', '.join(ROLES)}")
        prepare_environment(role, needs_settings=role not in WITHOUT_SETTINGS)
        ROLES[role](rest)
    except StartError as error:
        sys.stderr.write(f"playhead {role}: {error}\n")
        return 78  # EX_CONFIG: trying again changes nothing
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
