"""Brings the database up to date before anything is served: one process, so that Django is loaded once.

Writes how to sign in, if there are demo accounts, to the file descriptor it is given.
"""

import io
import json
import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> str:
    django.setup()
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        print(f"Migrating the database ({pending} migrations)", flush=True)  # noqa: T201
        call_command("migrate", interactive=False, verbosity=0)
    # What these two have to say is for who runs them by hand; the first time it is progress.
    words = sys.stdout if pending else io.StringIO()
    call_command("ensure_reader", stdout=words)
    if settings.DEBUG:
        call_command("load_demo", stdout=words)
        return _demo_accounts()
    return ""


def _demo_accounts() -> str:
    from apps.videos import demo_data  # its models want Django set up

    names = [account["username"] for account in json.loads((demo_data.FOLDER / "accounts.json").read_text())]
    return f"Sign in as {' or '.join(names)}, password {demo_data.PASSWORD}"


def main() -> int:
    try:
        sign_in = prepare()
    except (ImproperlyConfigured, CommandError, DatabaseError) as error:
        print(f"{type(error).__name__}: {error}".strip().splitlines()[0], file=sys.stderr)  # noqa: T201
        return 1
    os.write(int(sys.argv[1]), sign_in.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
