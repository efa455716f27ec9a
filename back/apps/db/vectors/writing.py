"""Which events have no vector yet, and the writing of what they got."""

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from apps.db.models import EmbeddingModel


@dataclass(frozen=True, slots=True)
class Behind:
    """A video with events that may have no vector yet."""

    video_id: int
    events_version: int


@dataclass(frozen=True, slots=True)
class Unembedded:
    """`row` is PostgreSQL's own mark of this version of the event."""

    id: int
    row: str
    event_type: str
    action_detected: str
    location: str
    age: int | None
    gender: str
    description: str
    attributes: str
    """JSON, as it is stored."""


_BEHIND = """
    SELECT v.id, v.events_version FROM db_video v
    LEFT JOIN db_embeddedvideo d ON d.video_id = v.id AND d.model_id = %s
    WHERE v.events_version IS DISTINCT FROM COALESCE(d.events_version, 0)
    ORDER BY v.updated_at DESC, v.id LIMIT 1
"""
_UNEMBEDDED = """
    SELECT e.id, e.xmin::text, e.event_type, e.action_detected, e.location, e.age, e.gender, e.description,
           e.attributes
    FROM db_event e
    WHERE e.video_id = %s
      AND NOT EXISTS (SELECT FROM db_eventembedding x WHERE x.model_id = %s AND x.event_id = e.id)
    LIMIT %s
"""
_CAUGHT_UP = """
    INSERT INTO db_embeddedvideo (model_id, video_id, events_version)
    SELECT %s, id, %s FROM db_video WHERE id = %s
    ON CONFLICT (model_id, video_id) DO UPDATE SET events_version = excluded.events_version
"""


def behind(model: EmbeddingModel) -> Behind | None:
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, [model.pk])
        found = cursor.fetchone()
    return Behind(*found) if found else None


def unembedded(model: EmbeddingModel, video_id: int, *, most: int) -> list[Unembedded]:
    with connection.cursor() as cursor:
        cursor.execute(_UNEMBEDDED, [video_id, model.pk, most])
        rows = cursor.fetchall()
    return [Unembedded(*row) for row in rows]


def caught_up(model: EmbeddingModel, video: Behind) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CAUGHT_UP, [model.pk, video.events_version, video.video_id])


def known_vectors(model: EmbeddingModel, digests: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[float]]:
    """Of texts that were embedded before, for whichever event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (digest) digest, vector::real[] FROM db_eventembedding"
            " WHERE model_id = %s AND digest = ANY(%s::uuid[])",
            [model.pk, [str(digest) for digest in digests]],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Embedded:
    event: Unembedded
    digest: uuid.UUID
    vector: Sequence[float]


# An event that was changed or deleted since it was read is left for the next time: the lock waits for
# whoever is changing it, and then its mark is another.
_WRITE = """
    INSERT INTO db_eventembedding (model_id, event_id, video_id, digest, vector)
    SELECT %s, e.id, e.video_id, n.digest, n.vector::real[]
    FROM unnest(%s::bigint[], %s::text[], %s::uuid[], %s::text[]) AS n (id, mark, digest, vector)
    JOIN db_event e ON e.id = n.id
    WHERE e.xmin::text = n.mark
    FOR SHARE OF e
    ON CONFLICT (model_id, event_id) DO UPDATE SET digest = excluded.digest, vector = excluded.vector
"""


def write(model: EmbeddingModel, embedded: Sequence[Embedded]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                model.pk,
                [one.event.id for one in embedded],
                [one.event.row for one in embedded],
                [str(one.digest) for one in embedded],
                [array_of(one.vector) for one in embedded],
            ],
        )
        return cursor.rowcount


def unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def array_of(vector: Sequence[float]) -> str:
    """As PostgreSQL reads a real[]."""
    return "{" + ",".join(f"{value:.6g}" for value in vector) + "}"
