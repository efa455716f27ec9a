"""Whether the reader saw the data as it was when the question was begun: a replica may be a moment behind.

The versions that an answer is cached under are read where events are written. An answer from older data would
be given under them until they change again.
"""

import logging
from collections.abc import Mapping

import psycopg2

from apps.api.asking.scope import version_of
from apps.db.reader import is_elsewhere

logger = logging.getLogger(__name__)

_SEEN = "SELECT id, events_version, updated_at FROM db_video WHERE id = ANY(%s)"


def is_current(cursor, versions: Mapping[int, str]) -> bool:
    """In the snapshot that the answer is made of, and so for replicas of any kind, however many there are.

    Nothing is asked where the reader is on the server that is written to.
    """
    if not is_elsewhere():
        return True
    try:
        cursor.execute("SAVEPOINT versions")
        cursor.execute(_SEEN, [list(versions)])
        seen = {video: version_of(events, updated) for video, events, updated in cursor.fetchall()}
    except psycopg2.errors.InsufficientPrivilege:
        cursor.execute("ROLLBACK TO SAVEPOINT versions")
        logger.warning("the reader may not see versions; run manage.py ensure_reader")
        return False
    return seen == dict(versions)
