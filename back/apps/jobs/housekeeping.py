"""Runs the registered chores every ten minutes, in whichever worker gets to it first."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from apps.jobs.chores import CHORES, Chore

logger = logging.getLogger(__name__)

EVERY_SECONDS = 600.0
_LOCK = 0x706C6179_00000001  # "play", chore 1


@contextmanager
def _failing_alone(chore: Chore) -> Iterator[None]:
    try:
        yield
    except Exception:
        logger.exception("housekeeping: %s failed", chore.__name__)


def clean_up() -> dict[str, int]:
    """One at a time over all machines; one chore that fails does not keep the others from being done."""
    done: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return done
        for chore in CHORES.quick:
            with _failing_alone(chore), transaction.atomic():
                done[chore.__name__] = chore()
    for chore in CHORES.slow:
        with _failing_alone(chore):
            done[chore.__name__] = chore()
    logger.info("housekeeping: %s", ", ".join(f"{name} {count}" for name, count in done.items()))
    return done


_next = 0.0


def clean_up_if_due() -> None:
    global _next
    if time.monotonic() >= _next:
        _next = time.monotonic() + EVERY_SECONDS
        clean_up()
