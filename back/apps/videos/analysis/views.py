import uuid
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import Analysis, Video
from apps.http.body import Body, read_body
from apps.http.errors import Conflict
from apps.videos.analysis.queueing import queue_analysis
from apps.videos.catalog.access import edited_video
from apps.videos.catalog.fields import Seconds, VideoOut, video_out
from apps.videos.upload.fields import DetectorName


class AnalyzeIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"example": {"detectors": ["motion", "people"], "from": 0}}, populate_by_name=False
    )

    detectors: Annotated[list[DetectorName], Field(min_length=1, max_length=10)] | None = Field(
        default=None, description="By default those of ANALYZE_DETECTORS."
    )
    start: Seconds | None = Field(
        default=None,
        alias="from",
        description="The second to begin at. By default an unfinished analysis by the same detectors goes "
        "on where it stopped, and any other begins at 0.",
    )


class AnalyzeView(APIView):
    extra_error_codes = ("409",)

    @extend_schema(
        operation_id="videos_analyze",
        tags=["videos"],
        summary="Analyse a video in the background",
        description=(
            "The video's `analysis` then tells how far it is. Events of an earlier analysis by the same "
            "detectors are replaced, never doubled. A new request takes the place of one still running."
        ),
        request=AnalyzeIn,
        responses={202: VideoOut},
    )
    def post(self, request: Request, video_id: int) -> Response:
        video = edited_video(request, video_id)
        # No body at all is fine: everything has a default.
        wanted = (
            read_body(request, AnalyzeIn)
            if request.META.get("CONTENT_LENGTH") not in ("", "0", None)
            else AnalyzeIn()
        )
        queue_analysis(video, detectors=wanted.detectors, start=wanted.start)
        return Response(video_out(video), status=202)

    @extend_schema(
        operation_id="videos_analyze_cancel",
        tags=["videos"],
        summary="Stop the analysis; what it found so far stays",
        responses={200: VideoOut},
    )
    def delete(self, request: Request, video_id: int) -> Response:
        video = edited_video(request, video_id)
        with transaction.atomic():
            Video.objects.select_for_update(no_key=True).get(pk=video.pk)
            # A job that finds another number here ends.
            stopped = Analysis.objects.filter(
                pk=video.pk, state__in=[Analysis.State.QUEUED, Analysis.State.RUNNING]
            ).update(state=Analysis.State.CANCELLED, job=uuid.uuid4(), finished_at=timezone.now())
            if not stopped:
                raise Conflict("No analysis of this video is waiting or running.", code="not_running")
            Video.objects.filter(pk=video.pk).update(status=Video.Status.UPLOADED, updated_at=timezone.now())
        return Response(video_out(video))
