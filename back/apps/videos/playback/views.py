from typing import Annotated, Any

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import Field
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.db.models import Event, Video
from apps.http.body import Query, read_query
from apps.http.schema import query_parameters
from apps.videos.catalog.access import LARGEST_ID, seen_video
from apps.videos.playback.pictures import NoFile, clip_of, cover_of, picture_at, thumbnail_of
from apps.videos.playback.sending import AnyAccept, Sendable, send

_REDIRECT = OpenApiResponse(
    description="To a short-lived address of the bucket, where files are kept in one."
)
PICTURE_HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
_NO_CHANGE = OpenApiResponse(description="The client's copy is still right.")
_RANGE = OpenApiParameter(
    "Range", str, OpenApiParameter.HEADER, description="`bytes=0-1023`; one range at a time."
)


def _responses(*content_types: str, ranges: bool = True) -> dict[Any, Any]:
    answers: dict[Any, Any] = {302: _REDIRECT, 304: _NO_CHANGE}
    for content_type in content_types:
        answers[200, content_type] = OpenApiTypes.BINARY
        if ranges:
            answers[206, content_type] = OpenApiTypes.BINARY
    return answers


class PlaybackQuery(Query):
    original: bool = Field(
        default=False, description="The file as it was uploaded, not the copy for browsers."
    )
    download: bool = Field(default=False, description="To be saved, not shown.")


class ThumbnailQuery(Query):
    t: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="The second; by default near the start."
    )
    size: Annotated[int, Field(ge=64, le=1920)] = Field(
        default=640, description="Pixels of the longer side, in steps."
    )
    download: bool = False


class _Sent(APIView):
    content_negotiation_class = AnyAccept
    extra_error_codes = ("416",)

    def head(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.get(request, *args, **kwargs)  # type: ignore[attr-defined]


class VideoFileView(_Sent):
    @extend_schema(
        operation_id="videos_file",
        tags=["playback"],
        summary="The video itself, to be played",
        description="A video that browsers cannot play comes as a copy that they can, once that is made.",
        parameters=[*query_parameters(PlaybackQuery), _RANGE],
        responses=_responses("video/mp4", "video/webm"),
    )
    def get(self, request: Request, video_id: int) -> HttpResponseBase:
        video = seen_video(request, video_id)
        query = read_query(request, PlaybackQuery)
        if not video.file:
            raise NoFile
        copy = video.playback == Video.Playback.COPY and not query.original
        content_type = video.playback_type if copy else video.content_type
        ending = content_type.rpartition("/")[2].removeprefix("x-")
        filename = video.name if video.name.lower().endswith(f".{ending}") else f"{video.name}.{ending}"
        sendable = Sendable(
            key=video.playback_file if copy else str(video.file),
            content_type=content_type,
            etag=f'"{video.sha256[:32]}{"-copy" if copy else ""}"',
            modified=video.created_at,
            filename=filename,
        )
        return send(request, sendable)


class VideoThumbnailView(_Sent):
    @extend_schema(
        operation_id="videos_thumbnail",
        tags=["playback"],
        summary="A picture of a video, at its start or at a second",
        parameters=query_parameters(ThumbnailQuery),
        responses=_responses("image/jpeg"),
    )
    def get(self, request: Request, video_id: int) -> HttpResponseBase:
        video = seen_video(request, video_id)
        query = read_query(request, ThumbnailQuery)
        if query.t is not None and video.duration is not None and query.t > video.duration:
            raise exceptions.NotFound(f"The video lasts {video.duration:g} s.", code="no_picture")
        if query.t is None:
            return send(request, cover_of(video, size=query.size))
        jpeg = picture_at(video, seconds=query.t, size=query.size)
        return HttpResponse(jpeg, content_type="image/jpeg", headers=PICTURE_HEADERS)


def _seen_event(request: Request, event_id: int) -> Event:
    event = None
    if event_id <= LARGEST_ID:
        event = Event.objects.select_related("video").filter(pk=event_id).first()
    try:
        if event is not None:
            seen_video(request, event.video_id)
            return event
    except exceptions.NotFound:
        pass
    raise exceptions.NotFound("There is no such event.")


class EventThumbnailQuery(Query):
    size: Annotated[int, Field(ge=64, le=1920)] = Field(
        default=640, description="Pixels of the longer side, in steps."
    )
    download: bool = False


class EventThumbnailView(_Sent):
    @extend_schema(
        operation_id="events_thumbnail",
        tags=["playback"],
        summary="The picture at the moment of an event",
        parameters=query_parameters(EventThumbnailQuery),
        responses=_responses("image/jpeg"),
    )
    def get(self, request: Request, event_id: int) -> HttpResponseBase:
        event = _seen_event(request, event_id)
        query = read_query(request, EventThumbnailQuery)
        return send(request, thumbnail_of(event, size=query.size))


class DownloadQuery(Query):
    download: bool = Field(default=False, description="To be saved, not shown.")


class EventClipView(_Sent):
    @extend_schema(
        operation_id="events_clip",
        tags=["playback"],
        summary="A short video around an event",
        parameters=[*query_parameters(DownloadQuery), _RANGE],
        responses=_responses("video/mp4", "video/webm"),
    )
    def get(self, request: Request, event_id: int) -> HttpResponseBase:
        event = _seen_event(request, event_id)
        read_query(request, DownloadQuery)
        return send(request, clip_of(event))
