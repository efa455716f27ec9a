from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import Field
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import Event, Video
from apps.http.auth import actor_of
from apps.http.body import Body, read_query
from apps.http.schema import query_parameters
from apps.videos.catalog.access import LARGEST_ID, edited_video, seen_video
from apps.videos.events.body import body_chunks
from apps.videos.events.fields import EventChange, EventIn
from apps.videos.events.listing import EventList, EventsOfVideo, Order, page_of_events
from apps.videos.events.reading import READERS
from apps.videos.events.services import change_event, event_out, store_one
from apps.videos.events.storing import store_events
from apps.videos.events.timeline import TimelineQuery, timeline_of


class EventOut(Body):
    id: int
    video_id: int
    timestamp: float
    end_timestamp: float | None
    occurred_at: datetime | None
    event_type: str
    severity: int = Field(ge=0, le=2)
    action_detected: str
    location: str
    age: int | None
    gender: str
    confidence: float
    track_id: str | None
    description: str
    bbox: list[float] | None
    attributes: dict[str, Any]
    source: str
    external_id: str | None
    created_at: datetime


class EventPage(Body):
    next: str | None = Field(description="The address of the next page; null on the last.")
    results: list[EventOut]


class EventsStored(Body):
    created: int
    updated: int = Field(description="Known by their external_id, with other content than before.")
    unchanged: int = Field(description="Known by their external_id, with the same content.")


class TimelineBucket(Body):
    start: float
    end: float
    total: int
    counts: dict[str, int] = Field(description="How many of each event type.")


class Timeline(Body):
    from_: float = Field(alias="from")
    to: float
    bucket: float = Field(description="Seconds per bucket.")
    analyzed_until: float
    total: int
    buckets: list[TimelineBucket] = Field(description="Those in which something happened.")


def _listed(request: Request, query: EventsOfVideo, *, video_id: int | None) -> Response:
    order: Order = "-created" if video_id is None else "timestamp"
    page = page_of_events(query, request=request, actor=actor_of(request), video_id=video_id, order=order)
    if video_id is not None and not page.results:
        # Nothing matches, or there is no such video; only now is it worth a question of its own.
        seen_video(request, video_id)
    return Response(page)


class EventsView(APIView):
    extra_error_codes = ("404",)

    @extend_schema(
        operation_id="events_list",
        tags=["events"],
        summary="Events of all videos that you may see",
        parameters=query_parameters(EventList),
        responses=EventPage,
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, EventList)
        return _listed(request, query, video_id=query.video_id)


class VideoEventsView(APIView):
    extra_components = (EventIn, EventsStored)

    @extend_schema(
        operation_id="video_events_list",
        tags=["events"],
        summary="Events of one video, in time order unless asked otherwise",
        parameters=query_parameters(EventsOfVideo),
        responses=EventPage,
    )
    def get(self, request: Request, video_id: int) -> Response:
        if video_id > LARGEST_ID:
            raise exceptions.NotFound("There is no such video.")
        return _listed(request, read_query(request, EventsOfVideo), video_id=video_id)

    @extend_schema(
        operation_id="video_events_create",
        tags=["events"],
        summary="Add one event or many",
        description=(
            "JSON (one object, or an array), NDJSON (`application/x-ndjson`, an object a line) or CSV "
            "(`text/csv`, a header line with the names of the fields). All events are stored, or none; each "
            "mistake is named with its place. An event with an `external_id` is known again: sending "
            "it twice changes nothing, sending other content replaces it."
        ),
        request={
            "application/json": {
                "oneOf": [
                    {"$ref": "#/components/schemas/EventInRequest"},
                    {"type": "array", "items": {"$ref": "#/components/schemas/EventInRequest"}},
                ]
            },
            "application/x-ndjson": OpenApiTypes.STR,
            "text/csv": OpenApiTypes.STR,
        },
        responses={200: EventOut, 201: {"oneOf": [
            {"$ref": "#/components/schemas/EventOut"}, {"$ref": "#/components/schemas/EventsStored"},
        ]}},
        examples=[
            OpenApiExample(
                "one event",
                value=EventIn.model_config["json_schema_extra"]["example"],  # type: ignore[index]
                request_only=True,
                media_type="application/json",
            ),
            OpenApiExample("many were stored", value={"created": 120, "updated": 2, "unchanged": 30},
                           response_only=True, status_codes=["201"]),
        ],
    )  # fmt: skip
    def post(self, request: Request, video_id: int) -> Response:
        video = edited_video(request, video_id)
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        read = READERS.get(media_type)
        if read is None:
            raise exceptions.UnsupportedMediaType(request.content_type)
        chunks = body_chunks(request)
        first = next(chunks, b"")
        entries = read(chain([first], chunks))
        try:
            if media_type == "application/json" and first.lstrip()[:1] == b"{":
                event, created = store_one(video, entries)
                return Response(event, status=201 if created else 200)
            stored = store_events(video, entries, most=settings.INGEST_MAX_EVENTS)
        except Video.DoesNotExist:
            raise exceptions.NotFound("There is no such video.") from None
        return Response(asdict(stored), status=201)


def _event(request: Request, event_id: int, *, to_change: bool = False) -> Event:
    event = None
    if event_id <= LARGEST_ID:
        event = Event.objects.select_related("video").filter(pk=event_id).first()
    if event is not None:
        find = edited_video if to_change else seen_video
        try:
            find(request, event.video_id)
        except exceptions.NotFound:
            event = None
    if event is None:
        raise exceptions.NotFound("There is no such event.")
    return event


class EventView(APIView):
    extra_error_codes = ("409",)

    @extend_schema(operation_id="events_read", tags=["events"], summary="One event", responses=EventOut)
    def get(self, request: Request, event_id: int) -> Response:
        return Response(event_out(_event(request, event_id).pk))

    @extend_schema(
        operation_id="events_change",
        tags=["events"],
        summary="Change an event",
        description="Only what is sent changes; severity and wall clock follow by themselves.",
        request=EventChange,
        responses=EventOut,
    )
    def patch(self, request: Request, event_id: int) -> Response:
        event = _event(request, event_id, to_change=True)
        return Response(change_event(event, request.data))

    @extend_schema(
        operation_id="events_delete", tags=["events"], summary="Delete an event", responses={204: None}
    )
    def delete(self, request: Request, event_id: int) -> Response:
        _event(request, event_id, to_change=True).delete()
        return Response(status=204)


class TimelineView(APIView):
    @extend_schema(
        operation_id="video_timeline",
        tags=["events"],
        summary="How many events of each type, per slice of a video",
        description="For drawing. The filters of the events list apply.",
        parameters=query_parameters(TimelineQuery),
        responses=Timeline,
    )
    def get(self, request: Request, video_id: int) -> Response:
        video = seen_video(request, video_id)
        return Response(timeline_of(video, read_query(request, TimelineQuery)))
