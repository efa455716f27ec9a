"""Many events into a video, all or nothing, in flat memory.

Entries are checked and written to a spool first, so that no database connection waits for a slow sender. The
spool is then copied to a temporary table and merged from there in one transaction. An event that brings an
external_id is known again: the same content changes nothing, other content replaces the old.
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.db import connection, transaction
from pydantic_core import to_json

from apps.db.models import Video
from apps.http.errors import InvalidInput, Problem
from apps.videos.events.fields import EventIn
from apps.videos.events.reading import Entry, Wrong

MOST_PROBLEMS = 100
SPOOL_IN_MEMORY = 1024 * 1024

COLUMNS = (
    "timestamp", "end_timestamp", "event_type", "action_detected", "location", "age", "gender", "confidence",
    "track_id", "description", "bbox", "attributes", "source", "external_id",
)  # fmt: skip
_LIST = ", ".join(f'"{name}"' for name in COLUMNS)
_OLD = ", ".join(f'e."{name}"' for name in COLUMNS)
_NEW = ", ".join(f'excluded."{name}"' for name in COLUMNS)
_FORGET_SUPERSEDED = """
    DELETE FROM incoming WHERE position IN (
      SELECT position FROM (
        SELECT position, row_number() OVER (PARTITION BY source, external_id ORDER BY position DESC) AS nth
        FROM incoming WHERE external_id IS NOT NULL
      ) AS named WHERE nth > 1
    )
"""
_MERGE = f"""
    WITH merged AS (
      INSERT INTO db_event AS e (video_id, {_LIST})
      SELECT %s, {_LIST} FROM incoming ORDER BY position
      ON CONFLICT (video_id, source, external_id) WHERE external_id IS NOT NULL
      DO UPDATE SET ({_LIST}, updated_at) = ROW({_NEW}, now())
      WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
      RETURNING xmax = 0 AS created
    )
    SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM merged
"""  # noqa: S608  built of the column names above
_INCOMING = """
    CREATE TEMPORARY TABLE incoming (
      position integer GENERATED ALWAYS AS IDENTITY,
      "timestamp" double precision, end_timestamp double precision, event_type text, action_detected text,
      location text, age smallint, gender text, confidence double precision, track_id text, description text,
      bbox jsonb, attributes jsonb, source text, external_id text
    )
"""
_NULL = "\\N"
# Few texts have any; looking is several times quicker than translating.
_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Stored:
    created: int
    updated: int
    unchanged: int


def _cell(text: str | None) -> str:
    if text is None:
        return _NULL
    return text.translate(_ESCAPES) if _TO_ESCAPE.search(text) else text


def _copy_line(event: EventIn) -> str:
    bbox = None if event.bbox is None else to_json(event.bbox).decode()
    attributes = to_json(event.attributes).decode().translate(_ESCAPES) if event.attributes else "{}"
    cells = (
        repr(event.timestamp),
        _NULL if event.end_timestamp is None else repr(event.end_timestamp),
        event.event_type,
        _cell(event.action_detected),
        _cell(event.location),
        _NULL if event.age is None else str(event.age),
        event.gender,
        repr(event.confidence),
        _cell(event.track_id),
        _cell(event.description),
        _NULL if bbox is None else bbox,
        attributes,
        event.source,
        _cell(event.external_id),
    )
    return "\t".join(cells) + "\n"


def _spool(entries: Iterable[Entry], spool: IO[bytes], *, most: int) -> int:
    count = 0
    problems: list[Problem] = []
    for entry in entries:
        if isinstance(entry, Wrong):
            problems += entry.problems
            if entry.final or len(problems) >= MOST_PROBLEMS:
                break
        elif not problems:
            count += 1
            if count > most:
                raise InvalidInput([Problem("too_many", f"At most {most} events may be sent at once.")])
            spool.write(_copy_line(entry).encode())
    if problems:
        raise InvalidInput(problems[:MOST_PROBLEMS])
    return count


def store_events(video: Video, entries: Iterable[Entry], *, most: int) -> Stored:
    """Raises InvalidInput with the place of each mistake, and then stores nothing.

    Raises Video.DoesNotExist when the video went away while the events came in.
    """
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_IN_MEMORY) as spool:
        count = _spool(entries, spool, most=most)
        if not count:
            return Stored(0, 0, 0)
        spool.seek(0)
        created, updated = _merge(video, spool)
    return Stored(created, updated, unchanged=count - created - updated)


def _merge(video: Video, spool: IO[bytes]) -> tuple[int, int]:
    """→ (created, updated)"""
    with transaction.atomic(), connection.cursor() as cursor:
        # One writer of a video at a time, in the order that the triggers lock in.
        Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        cursor.execute(_INCOMING)
        cursor.copy_expert(f"COPY incoming ({_LIST}) FROM STDIN", spool)
        cursor.execute(_FORGET_SUPERSEDED)
        cursor.execute(_MERGE, [video.pk])
        created, updated = cursor.fetchone()
        cursor.execute("DROP TABLE incoming")
    return created, updated
