"""The histogram of a video."""

import math
from typing import Annotated, Any

from django.db import connection
from pydantic import Field

from apps.db.models import Video
from apps.videos.events.filters import Condition, EventFilter

MOST_BUCKETS = 100_000


class TimelineQuery(EventFilter):
    bucket: Annotated[float, Field(gt=0, le=86_400, description="Seconds per bucket.")] | None = None
    buckets: Annotated[int, Field(ge=1, le=1000, description="How many, when `bucket` is not given.")] = 60


def timeline_of(video: Video, query: TimelineQuery) -> dict[str, Any]:
    """Counts per bucket and type; buckets in which nothing happened are left out."""
    conditions = [Condition("e.video_id = %s", (video.pk,)), *query.conditions()]
    start = query.from_ or 0.0
    end = query.to if query.to is not None else _end_of(video, conditions)
    span = max(end - start, 0.0)
    width = query.bucket or max(span / query.buckets, 0.001)
    # Not by dividing: the span over the smallest of numbers is more than a number can be.
    if width * MOST_BUCKETS < span:
        width = span / MOST_BUCKETS
    # The last instant belongs to the last bucket, not to one of its own.
    count = min(max(math.ceil(span / width), 1), MOST_BUCKETS)
    within = Condition('e."timestamp" BETWEEN %s AND %s', (start, end))
    buckets: dict[int, dict[str, int]] = {}
    for slot, event_type, number in _counted([*conditions, within], start=start, width=width):
        types = buckets.setdefault(min(slot, count - 1), {})
        types[event_type] = types.get(event_type, 0) + number
    return {
        "from": start,
        "to": end,
        "bucket": width,
        "analyzed_until": video.analyzed_until,
        "total": sum(sum(types.values()) for types in buckets.values()),
        "buckets": [
            {
                "start": start + slot * width,
                "end": min(start + (slot + 1) * width, max(end, start)),
                "total": sum(types.values()),
                "counts": types,
            }
            for slot, types in sorted(buckets.items())
        ],
    }


def _counted(conditions: list[Condition], *, start: float, width: float) -> list[tuple[int, str, int]]:
    where, values = _where(conditions)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT floor((e."timestamp" - %s) / %s)::int AS slot, e.event_type, count(*)
                FROM db_event e WHERE {where} GROUP BY slot, e.event_type ORDER BY slot, e.event_type""",  # noqa: S608
            [start, width, *values],
        )
        return list(cursor.fetchall())


def _end_of(video: Video, conditions: list[Condition]) -> float:
    if video.duration is not None:
        return video.duration
    where, values = _where(conditions)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT max(e."timestamp") FROM db_event e WHERE {where}', values)  # noqa: S608
        latest = cursor.fetchone()[0]
    return max(latest or 0.0, video.analyzed_until)


def _where(conditions: list[Condition]) -> tuple[str, list[Any]]:
    values = [value for condition in conditions for value in condition.values]
    return " AND ".join(condition.sql for condition in conditions), values
