"""The role `migrate`: brings the database up to what this image wants, and checks what the others will need.

Safe to run twice at once: a lock in the database lets one work, and the other then finds nothing to do.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection

from launcher.container.starting import StartError

_LOCK = "playhead migrations"
WAIT_SECONDS = 60.0


def migrate_everything(*, with_demo: bool, with_models: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _wait_for_database()
    try:
        with _alone():
            _check_pgvector()
            call_command("migrate", interactive=False, verbosity=1)
            call_command("ensure_reader")
            if with_demo:
                call_command("load_demo")
        if with_models:
            _check_models()
    except CommandError as error:
        raise StartError(str(error)) from None
    except DatabaseError as error:
        raise StartError(f"the database refused: {_first_line(error)}") from None
    print("The database is up to date.")  # noqa: T201


def _wait_for_database() -> None:
    """At a first start the server may still be making its cluster."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if time.monotonic() > end or _is_final(error):
                raise StartError(
                    f"the database cannot be used ({_first_line(error)}): check DATABASE_URL, its password,"
                    " and the network"
                ) from None
            connection.close()
            time.sleep(1)


def _is_final(error: Exception) -> bool:
    return any(
        words in str(error)
        for words in ("password authentication failed", "does not exist", "no pg_hba.conf")
    )


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])


def _check_pgvector() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
        if cursor.fetchone():
            return
    raise StartError(
        "this PostgreSQL has no pgvector: use the image pgvector/pgvector, install postgresql-NN-pgvector on"
        " the server, or on RDS take version 15.2 or newer"
    )


def _check_models() -> None:
    """A wrong region, or a model without access, is found here, before anything is served by it."""
    from django.conf import settings

    if not settings.USE_BEDROCK:
        return
    from llm.check import check_models

    rows = check_models(settings.LLM)
    for role in ("plan", "phrase"):
        tried = [row for row in rows if row.role == role]
        if tried and not any(row.works for row in tried):
            raise StartError(
                f"no model for {role!r} answers: {tried[0].model}: {tried[0].detail} (check"
                " AWS_BEDROCK_REGION, AWS_BEDROCK_MODEL_ID and this account's model access, or set"
                " USE_BEDROCK=false)"
            )
    for row in rows:
        if not row.works:
            sys.stderr.write(f"note: {row.role} {row.model}: {row.detail}\n")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
