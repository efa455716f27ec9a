"""Many events into a video, all or nothing, in flat memory.

Entries are checked and written to a spool first, so that no database connection waits for a slow sender. The
spool is then copied to a temporary table and merged from there in one transaction. An event that brings an
external_id is known again: the same content changes nothing, other content replaces the old.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.db import connection, transaction
from pydantic_core import to_json

from apps.api.http.errors import InvalidInput, Problem
from apps.db.models import Video
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
_MERGE = f"""
    WITH merged AS (
      INSERT INTO db_event AS e (video_id, {_LIST})
      SELECT %(video)s, {_LIST} FROM (
        SELECT DISTINCT ON (source, external_id) * FROM incoming WHERE external_id IS NOT NULL
        ORDER BY source, external_id, position DESC
      ) AS latest ORDER BY position
      ON CONFLICT (video_id, source, external_id) WHERE external_id IS NOT NULL
      DO UPDATE SET ({_LIST}, updated_at) = ROW({_NEW}, now())
      WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
      RETURNING xmax = 0 AS created
    )
    SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM merged
"""  # noqa: S608  built of the column names above
_APPEND = f"""
    INSERT INTO db_event (video_id, {_LIST})
    SELECT %(video)s, {_LIST} FROM incoming WHERE external_id IS NULL ORDER BY position
"""  # noqa: S608
_INCOMING = """
    CREATE TEMPORARY TABLE incoming (
      position integer GENERATED ALWAYS AS IDENTITY,
      "timestamp" double precision, end_timestamp double precision, event_type text, action_detected text,
      location text, age smallint, gender text, confidence double precision, track_id text, description text,
      bbox jsonb, attributes jsonb, source text, external_id text
    ) ON COMMIT DROP
"""
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Stored:
    created: int
    updated: int
    unchanged: int


def _cell(text: str | None) -> str:
    return _NULL if text is None else text.translate(_ESCAPES)


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
        _cell(bbox),
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
    """Raises InvalidInput with the place of each mistake, and then stores nothing."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_IN_MEMORY) as spool:
        if not _spool(entries, spool, most=most):
            return Stored(0, 0, 0)
        spool.seek(0)
        return _merge(video, spool)


def _merge(video: Video, spool: IO[bytes]) -> Stored:
    with transaction.atomic(), connection.cursor() as cursor:
        # One writer of a video at a time, in the order that the triggers lock in.
        if not Video.objects.select_for_update(no_key=True).filter(pk=video.pk).exists():
            raise Video.DoesNotExist
        cursor.execute(_INCOMING)
        cursor.copy_expert(f"COPY incoming ({_LIST}) FROM STDIN", spool)
        cursor.execute(_MERGE, {"video": video.pk})
        created, updated = cursor.fetchone()
        cursor.execute(_APPEND, {"video": video.pk})
        appended = cursor.rowcount
        cursor.execute("SELECT count(*) FROM incoming WHERE external_id IS NOT NULL")
        named = cursor.fetchone()[0]
    return Stored(created=created + appended, updated=updated, unchanged=named - created - updated)
