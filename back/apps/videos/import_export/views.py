import io
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Literal

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.http.body import Query, read_query
from apps.http.schema import query_parameters
from apps.videos.catalog.access import edited_video, seen_video
from apps.videos.events.body import CHUNK, body_chunks
from apps.videos.events.views import EventsStored
from apps.videos.import_export.exporting import EXPORTS
from apps.videos.import_export.importing import FEEDS, import_feed
from apps.videos.playback.sending import AnyAccept, disposition_of

IN_MEMORY = 1024 * 1024


class ExportQuery(Query):
    format_: Literal["ndjson", "csv", "json", "spreadsheet", "kisa", "chapters", "chapters-en"] = Field(
        alias="as",
        description="`ndjson` and `csv` can be sent back; `spreadsheet` is CSV that Excel opens safely; "
        "`kisa` is the certification's XML; `chapters` are WebVTT in Korean, `chapters-en` in English.",
    )


class ImportQuery(Query):
    from_: Literal["aihub", "kisa", "frigate"] = Field(alias="from", description="Whose file it is.")


class _Spooled:
    """Written whole before the first byte is sent: a mistake on the way is an error, not half a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        self._file.close()


class ExportView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="video_events_export",
        tags=["events"],
        summary="All events of a video as a file",
        parameters=query_parameters(ExportQuery),
        responses={(200, export.content_type): OpenApiTypes.BINARY for export in EXPORTS.values()},
    )
    def get(self, request: Request, video_id: int) -> HttpResponseBase:
        video = seen_video(request, video_id)
        export = EXPORTS[read_query(request, ExportQuery).format_]
        spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed with the response
        text = io.TextIOWrapper(spool, encoding="utf-8", newline="", write_through=True)
        export.write(video, text)
        text.detach()
        length = spool.tell()
        spool.seek(0)
        headers = {
            "Content-Length": str(length),
            "Content-Type": f"{export.content_type}; charset=utf-8",
            "Content-Disposition": disposition_of(f"{video.name}.{export.ending}", download=True),
            "Cache-Control": "no-store",
        }
        return StreamingHttpResponse(_Spooled(spool), headers=headers)


class ImportView(APIView):
    @extend_schema(
        operation_id="video_events_import",
        tags=["events"],
        summary="Add the events of another system's file",
        description="All are stored, or none with the place of each mistake. Sent twice, nothing changes.",
        parameters=query_parameters(ImportQuery),
        request=dict.fromkeys(
            (content_type for feed in FEEDS.values() for content_type in feed.content_types), OpenApiTypes.STR
        ),
        responses={201: EventsStored},
    )
    def post(self, request: Request, video_id: int) -> Response:
        video = edited_video(request, video_id)
        feed = FEEDS[read_query(request, ImportQuery).from_]
        if (request.content_type or "").partition(";")[0].strip().lower() not in feed.content_types:
            raise exceptions.UnsupportedMediaType(request.content_type)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            for chunk in body_chunks(request):
                spool.write(chunk)
            spool.seek(0)
            stored = import_feed(video, feed, spool)  # type: ignore[arg-type]
        return Response(asdict(stored), status=201)
