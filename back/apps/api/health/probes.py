"""What the service needs to be ready, each looked at on its own and within a bounded time."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import urllib3
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

SECONDS = 2.0
CLOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Probe:
    name: str
    look: Callable[[], None]
    # Without it, questions can still be answered in another way.
    needed: bool = True


class NotReady(Exception):
    """Its message is shown: it names what is missing, never where or with which secret."""


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are waiting to be applied")


def reader() -> None:
    from apps.db.reader import reader as as_reader

    if not settings.READER_DATABASE_URL:
        raise NotReady("READER_DATABASE_URL is not set")
    with as_reader(video_ids=[]) as cursor:
        cursor.execute("SELECT id FROM db_video LIMIT 1")


def clock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        skew = float(cursor.fetchone()[0]) - time.time()
    if abs(skew) > CLOCK_SECONDS:
        word = "behind" if skew > 0 else "ahead of"
        raise NotReady(f"this machine's clock is {abs(skew):.0f} s {word} the database's")


def storage() -> None:
    name = default_storage.save(f"health/{secrets.token_hex(8)}", ContentFile(b"ready"))
    default_storage.delete(name)


def text2sql() -> None:
    url = f"{settings.TEXT2SQL_URL}/health/ready"
    response = urllib3.request("GET", url, timeout=SECONDS, retries=False)
    if response.status != 200:
        raise NotReady(f"the offline service answered {response.status}")


def search_by_meaning() -> None:
    from apps.db.vectors.pgvector import why_not

    if why_not() is not None:
        raise NotReady("the database has no pgvector 0.8 or newer; manage.py llm_check says more")


PROBES = (
    Probe("database", database),
    Probe("migrations", migrations),
    Probe("reader", reader),
    Probe("storage", storage),
    Probe("clock", clock, needed=False),
    Probe("text2sql", text2sql, needed=not settings.USE_BEDROCK),
    *(
        [Probe("search_by_meaning", search_by_meaning, needed=False)]
        if settings.USE_BEDROCK and settings.LLM.models("embed")
        else []
    ),
)


def look_at(probe: Probe) -> dict[str, object]:
    started = time.monotonic()
    problem = None
    try:
        probe.look()
    except NotReady as error:
        problem = str(error)
    except Exception as error:  # whatever it is, it means "not ready", and its text may hold an address
        problem = f"cannot be reached ({type(error).__name__})"
    return {
        "name": probe.name,
        "ok": problem is None,
        "needed": probe.needed,
        "problem": problem,
        "ms": round((time.monotonic() - started) * 1000, 1),
    }
