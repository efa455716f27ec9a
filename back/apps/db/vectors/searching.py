"""What is nearest in meaning, looked for as the reader: its scope is all that is seen."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.db.vectors.pgvector import MOST_DIMENSIONS, pgvector
from apps.db.vectors.writing import array_of

# So many are compared one by one, which finds the nearest for certain; of more the index is asked.
COMPARED = 20_000
# How far the index is followed at most, before a small share of it has given enough.
MOST_SCANNED = 40_000
EF_SEARCH = 120


@dataclass(frozen=True, slots=True)
class Index:
    """Of one model, as far as it can be searched."""

    id: int
    dimensions: int
    schema: str


@dataclass(frozen=True, slots=True)
class Within:
    """Where an event has to start, in seconds of its video or by the wall clock; None is open."""

    from_: float | None = None
    to: float | None = None
    clock_from: datetime | None = None
    clock_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Near:
    event_id: int
    digest: uuid.UUID
    likeness: float
    """The cosine: 1 is the same."""


def index_of(cursor, *, name: str, requested: int) -> Index | None:
    """None where nothing can be found: no pgvector, or nothing embedded by this model yet."""
    found = pgvector(cursor)
    if found is None or not found.good_enough:
        return None
    cursor.execute(
        "SELECT id, dimensions FROM db_embeddingmodel"
        " WHERE name = %s AND requested = %s AND dimensions <= %s",
        [name, requested, MOST_DIMENSIONS],
    )
    row = cursor.fetchone()
    return Index(row[0], row[1], found.schema) if row else None


def whole(cursor, index: Index, *, versions: Mapping[int, int]) -> bool:
    """Whether every event of these videos, as they were at these versions of their events, has its vector."""
    cursor.execute(
        "SELECT video_id, events_version FROM db_embeddedvideo WHERE model_id = %s AND video_id = ANY(%s)",
        [index.id, list(versions)],
    )
    done = dict(cursor.fetchall())
    return all(done.get(video, 0) == version for video, version in versions.items())


def nearest(
    cursor, index: Index, vector: Sequence[float], *, video_ids: Sequence[int], within: Within, most: int
) -> list[Near]:
    """The likest first. The cursor is the reader's: whatever is asked for, its scope is all that is seen."""
    conditions, values = _conditions(index, video_ids, within)
    cursor.execute(
        "SELECT count(*) FROM (SELECT FROM db_eventembedding WHERE model_id = %s AND video_id = ANY(%s)"
        " LIMIT %s) AS counted",
        [index.id, list(video_ids), COMPARED + 1],
    )
    few = cursor.fetchone()[0] <= COMPARED
    halfvec = f"{index.schema}.halfvec({index.dimensions})"
    cosine = f"OPERATOR({index.schema}.<=>)"
    joined = "FROM db_eventembedding x JOIN db_event e ON e.id = x.event_id WHERE " + " AND ".join(conditions)
    if few:
        # Set apart, so that the index, which finds only the most of them, is not used for it.
        source = f"WITH scoped AS MATERIALIZED (SELECT x.event_id, x.digest, x.vector {joined}) "
        far = f"vector::{halfvec} {cosine} %s::real[]::{halfvec}"
        cursor.execute(
            f"{source} SELECT event_id, digest, {far} AS far FROM scoped ORDER BY far LIMIT {int(most)}",  # noqa: S608  names and numbers of our own
            [*values, array_of(vector)],
        )
    else:
        cursor.execute(
            "SELECT set_config('hnsw.iterative_scan', 'strict_order', true),"
            " set_config('hnsw.ef_search', %s, true), set_config('hnsw.max_scan_tuples', %s, true)",
            [str(EF_SEARCH), str(MOST_SCANNED)],
        )
        far = f"x.vector::{halfvec} {cosine} %s::real[]::{halfvec}"
        cursor.execute(
            f"SELECT x.event_id, x.digest, {far} AS far {joined} ORDER BY {far} LIMIT {int(most)}",
            [array_of(vector), *values, array_of(vector)],
        )
    return [Near(event_id, digest, 1.0 - far) for event_id, digest, far in cursor.fetchall()]


def _conditions(index: Index, video_ids: Sequence[int], within: Within) -> tuple[list[str], list[Any]]:
    conditions = [f"x.model_id = {index.id}", "x.video_id = ANY(%s)"]
    values: list[Any] = [list(video_ids)]
    for condition, value in (
        ('e."timestamp" >= %s', within.from_),
        ('e."timestamp" <= %s', within.to),
        ("e.occurred_at >= %s", within.clock_from),
        ("e.occurred_at <= %s", within.clock_to),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return conditions, values
