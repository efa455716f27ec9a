"""Pages of events, each with one statement."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from django.db import connection
from pydantic import Field, StringConstraints
from rest_framework.request import Request

from apps.db.access import Actor
from apps.db.models import Event, Video
from apps.http.body import Text
from apps.http.pages import SortKey, decoded_cursor, next_address
from apps.videos.events.filters import Condition, EventFilter


class ListedEvent(msgspec.Struct, gc=False):
    """A row as it goes out; there are hundreds to a page, so they go from the database to JSON as directly
    as they can."""

    id: int
    video_id: int
    timestamp: float
    end_timestamp: float | None
    occurred_at: datetime | None
    event_type: str
    severity: int
    action_detected: str
    location: str
    age: int | None
    gender: str
    confidence: float
    track_id: str | None
    description: str
    bbox: msgspec.Raw | None
    attributes: msgspec.Raw
    source: str
    external_id: str | None
    created_at: datetime


class EventPage(msgspec.Struct):
    next: str | None
    results: list[ListedEvent]


LISTED = ListedEvent.__struct_fields__
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
) -> EventPage:
    """Of one video or of all; of those that the actor may see."""
    keys = _sort_keys(query.order or order)
    conditions = [*_in_scope(actor, video_id), *query.conditions()]
    if keys[0].field == "occurred_at":
        conditions.append(Condition("e.occurred_at IS NOT NULL"))
    columns = ", ".join(f'e."{key.field}"' for key in keys)
    if query.cursor:
        after = decoded_cursor(query.cursor, Event, keys)
        sign = "<" if keys[0].descending else ">"
        conditions.append(Condition(f"({columns}) {sign} ({', '.join(['%s'] * len(keys))})", tuple(after)))
    direction = "DESC" if keys[0].descending else "ASC"
    ordered = ", ".join(f'e."{key.field}" {direction}' for key in keys)
    where = " AND ".join(condition.sql for condition in conditions) or "true"
    values = [value for condition in conditions for value in condition.values]
    sql = f"SELECT {_COLUMNS} FROM db_event e WHERE {where} ORDER BY {ordered} LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, query.limit + 1])
        events = [_event(values) for values in cursor.fetchall()]
    if len(events) <= query.limit:
        return EventPage(None, events)
    events.pop()
    last = events[-1]
    return EventPage(next_address(request, [getattr(last, key.field) for key in keys]), events)


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


def _event(values: tuple[Any, ...]) -> ListedEvent:
    event = ListedEvent(*values)
    # Django leaves JSON as text for its fields to read; here it goes out as it is.
    event.attributes = msgspec.Raw(event.attributes)
    if event.bbox is not None:
        event.bbox = msgspec.Raw(event.bbox)
    return event
