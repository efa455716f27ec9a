"""Pages of events, each with one statement."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from django.db import connection
from pydantic import Field, StringConstraints
from rest_framework.request import Request

from apps.api.http.body import Text
from apps.api.http.pages import Page, SortKey, decoded_cursor, next_address
from apps.db.access import Actor
from apps.db.models import Event, Video
from apps.videos.events.filters import Condition, EventFilter

LISTED = (
    "id", "video_id", "timestamp", "end_timestamp", "occurred_at", "event_type", "severity",
    "action_detected", "location", "age", "gender", "confidence", "track_id", "description", "bbox",
    "attributes", "source", "external_id", "created_at",
)  # fmt: skip
_COLUMNS = ", ".join(f'e."{name}"' for name in LISTED)

Order = Literal[
    "timestamp",
    "-timestamp",
    "occurred_at",
    "-occurred_at",
    "confidence",
    "-confidence",
    "created",
    "-created",
]


class EventsOfVideo(EventFilter):
    order: Order | None = Field(
        default=None,
        description="Default: by time within a video, else the newest first. By wall clock, events "
        "without one are left out.",
    )
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[Text, StringConstraints(max_length=500)] | None = None


class EventList(EventsOfVideo):
    video_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


def page_of_events(
    query: EventsOfVideo, *, request: Request, actor: Actor, video_id: int | None, order: Order
) -> Page:
    """Of one video or of all; of those that the actor may see."""
    keys = _sort_keys(query.order or order)
    conditions = [*_in_scope(actor, video_id), *query.conditions()]
    if keys[0].field == "occurred_at":
        conditions.append(Condition("e.occurred_at IS NOT NULL"))
    columns = ", ".join(f'e."{key.field}"' for key in keys)
    if query.cursor:
        last = decoded_cursor(query.cursor, Event, keys)
        sign = "<" if keys[0].descending else ">"
        conditions.append(Condition(f"({columns}) {sign} ({', '.join(['%s'] * len(keys))})", tuple(last)))
    direction = "DESC" if keys[0].descending else "ASC"
    ordered = ", ".join(f'e."{key.field}" {direction}' for key in keys)
    where = " AND ".join(condition.sql for condition in conditions) or "true"
    values = [value for condition in conditions for value in condition.values]
    sql = f"SELECT {_COLUMNS} FROM db_event e WHERE {where} ORDER BY {ordered} LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, query.limit + 1])
        rows = [_row(values) for values in cursor.fetchall()]
    if len(rows) <= query.limit:
        return Page(rows, None)
    rows.pop()
    return Page(rows, next_address(request, rows[-1], keys))


def _sort_keys(order: Order) -> list[SortKey]:
    """All of one direction, so that they can be compared as one row."""
    descending = order.startswith("-")
    name = order.removeprefix("-")
    if name == "created":
        return [SortKey("id", descending)]
    return [SortKey(name, descending), SortKey("id", descending)]


def _in_scope(actor: Actor, video_id: int | None) -> Sequence[Condition]:
    of_video = [] if video_id is None else [Condition("e.video_id = %s", (video_id,))]
    if actor.sees_all:
        return of_video
    sql, values = _visible_videos()
    theirs = tuple(actor.user_id if value == _SOMEBODY else value for value in values)
    if video_id is None:
        return [Condition(f"e.video_id IN ({sql})", theirs)]
    return [
        *of_video,
        Condition(f"EXISTS (SELECT FROM ({sql}) AS v(id) WHERE v.id = %s)", (*theirs, video_id)),
    ]


_SOMEBODY = -1


@lru_cache(maxsize=1)
def _visible_videos() -> tuple[str, tuple[Any, ...]]:
    """The ids of `visible_to` as SQL, compiled once for everybody."""
    videos = Video.objects.visible_to(Actor(user_id=_SOMEBODY, sees_all=False)).order_by().values("pk")
    sql, values = videos.query.sql_with_params()
    assert _SOMEBODY in values
    return sql, values


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(LISTED, values, strict=True))
    # Django leaves JSON as text for its fields to read.
    if row["bbox"] is not None:
        row["bbox"] = json.loads(row["bbox"])
    row["attributes"] = {} if row["attributes"] == "{}" else json.loads(row["attributes"])
    return row
