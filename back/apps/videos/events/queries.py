"""Listing events: filters, orders, and the histogram of a video."""

import math
from typing import Annotated, Any, Literal

from django.db.models import Count, F, IntegerField, QuerySet
from django.db.models.functions import Cast, Floor
from pydantic import Field, StringConstraints, model_validator

from apps.api.http.body import Moment, Query, Text
from apps.api.http.pages import SortKey
from apps.db.models import Event, Video
from apps.db.models.event import OLDEST
from apps.db.models.video import EARLIEST, LATEST
from apps.videos.events.fields import EventTypeCode, GenderCode, Seconds, Share

LISTED = (
    "id", "video_id", "timestamp", "end_timestamp", "occurred_at", "event_type", "severity",
    "action_detected", "location", "age", "gender", "confidence", "track_id", "description", "bbox",
    "attributes", "source", "external_id", "created_at",
)  # fmt: skip

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
Age = Annotated[int, Field(ge=0, le=OLDEST)]
Words = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Clock = Annotated[Moment, Field(description="ISO 8601 with an offset: 2026-03-02T14:00:00+09:00")]


class EventFilter(Query):
    """All of them must hold. Spans look at where an event starts; both ends are included."""

    event_type: list[EventTypeCode] = Field(default=[], max_length=50, description="One or several types.")
    severity: list[Literal["0", "1", "2"]] = Field(default=[], max_length=3)
    severity_min: Annotated[int, Field(ge=0, le=2)] | None = None
    from_: Seconds | None = Field(default=None, alias="from", description="Seconds into the video.")
    to: Seconds | None = Field(default=None, description="Seconds into the video.")
    occurred_from: Clock | None = None
    occurred_to: Clock | None = None
    gender: list[GenderCode] = Field(default=[], max_length=3)
    age_min: Age | None = None
    age_max: Age | None = None
    location: Words | None = Field(default=None, description="A part of the place, spaces aside.")
    confidence_min: Share | None = None
    confidence_max: Share | None = None
    track_id: Words | None = None
    source: Words | None = None

    @model_validator(mode="after")
    def _in_storable_years(self) -> "EventFilter":
        for moment in (self.occurred_from, self.occurred_to):
            if moment is not None and not EARLIEST <= moment <= LATEST:
                raise ValueError(f"wall-clock times lie between {EARLIEST.year} and {LATEST.year}")
        return self

    def apply(self, events: QuerySet[Event]) -> QuerySet[Event]:
        conditions: dict[str, Any] = {
            "event_type__in": self.event_type or None,
            "severity__in": [int(severity) for severity in self.severity] or None,
            "severity__gte": self.severity_min,
            "timestamp__gte": self.from_,
            "timestamp__lte": self.to,
            "occurred_at__gte": self.occurred_from,
            "occurred_at__lte": self.occurred_to,
            "gender__in": self.gender or None,
            "age__gte": self.age_min,
            "age__lte": self.age_max,
            "confidence__gte": self.confidence_min,
            "confidence__lte": self.confidence_max,
            "track_id": self.track_id,
            "source": self.source,
        }
        events = events.filter(**{name: value for name, value in conditions.items() if value is not None})
        if self.location is not None:
            events = events.filter(location__without_spaces__icontains="".join(self.location.split()))
        return events


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


def sorted_by(events: QuerySet[Event], order: Order) -> tuple[QuerySet[Event], list[SortKey]]:
    descending = order.startswith("-")
    name = order.removeprefix("-")
    if name == "created":
        return events, [SortKey("id", descending)]
    if name == "occurred_at":
        events = events.filter(occurred_at__isnull=False)
    return events, [SortKey(name, descending), SortKey("id", descending)]


class TimelineQuery(EventFilter):
    bucket: Annotated[float, Field(gt=0, le=86_400, description="Seconds per bucket.")] | None = None
    buckets: Annotated[int, Field(ge=1, le=1000, description="How many, when `bucket` is not given.")] = 60


def timeline_of(video: Video, query: TimelineQuery) -> dict[str, Any]:
    """Counts per bucket and type; buckets in which nothing happened are left out."""
    start = query.from_ or 0.0
    events = query.apply(Event.objects.filter(video=video))
    end = query.to if query.to is not None else _end_of(video, events)
    span = max(end - start, 0.0)
    width = query.bucket or max(span / query.buckets, 0.001)
    # The last instant belongs to the last bucket, not to one of its own.
    count = max(math.ceil(span / width), 1)
    if count > 100_000:
        width, count = span / 100_000, 100_000
    counted = (
        events.filter(timestamp__gte=start, timestamp__lte=end)
        .annotate(slot=Cast(Floor((F("timestamp") - start) / width), IntegerField()))
        .values("slot", "event_type")
        .annotate(n=Count("id"))
        .order_by("slot", "event_type")
    )
    buckets: dict[int, dict[str, int]] = {}
    for row in counted:
        types = buckets.setdefault(min(row["slot"], count - 1), {})
        types[row["event_type"]] = types.get(row["event_type"], 0) + row["n"]
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


def _end_of(video: Video, events: QuerySet[Event]) -> float:
    if video.duration is not None:
        return video.duration
    latest = events.order_by("-timestamp", "-id").values_list("timestamp", flat=True).first()
    return max(latest or 0.0, video.analyzed_until)
