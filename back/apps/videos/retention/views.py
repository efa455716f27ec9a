from typing import Annotated, Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from pydantic import ConfigDict, Field
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import RetentionRule
from apps.http.auth import actor_of
from apps.http.body import Body, read_body
from apps.videos.catalog.access import owned_video

Days = Annotated[int, Field(ge=0, le=36_500)]


class RetentionIn(Body):
    model_config = ConfigDict(json_schema_extra={"example": {"file_days": 30, "event_days": 365}})

    file_days: Days | None = Field(
        default=None, description="Days that files are kept; 0 is for ever, null as the next rule says."
    )
    event_days: Days | None = Field(default=None, description="Days that events are kept, likewise.")


class RetentionOut(Body):
    file_days: int | None
    event_days: int | None
    default_file_days: int = Field(description="What holds where no rule says otherwise.")
    default_event_days: int


def _out(rule: RetentionRule | None) -> dict[str, Any]:
    return {
        "file_days": rule and rule.file_days,
        "event_days": rule and rule.event_days,
        "default_file_days": settings.RETENTION_FILE_DAYS,
        "default_event_days": settings.RETENTION_EVENT_DAYS,
    }


def _changed(request: Request, **whose: Any) -> Response:
    days = read_body(request, RetentionIn)
    rule, _ = RetentionRule.objects.update_or_create(**whose, defaults=days.model_dump())
    return Response(_out(rule))


class VideoRetentionView(APIView):
    @extend_schema(
        operation_id="videos_retention",
        tags=["videos"],
        summary="How long a video's file and events are kept",
        responses=RetentionOut,
    )
    def get(self, request: Request, video_id: int) -> Response:
        return Response(_out(RetentionRule.objects.filter(video=owned_video(request, video_id)).first()))

    @extend_schema(
        operation_id="videos_retention_change",
        tags=["videos"],
        summary="Say how long a video's file and events are kept",
        description="Goes before the account's rule. Workers delete what has expired within ten minutes.",
        request=RetentionIn,
        responses=RetentionOut,
    )
    def put(self, request: Request, video_id: int) -> Response:
        return _changed(request, video=owned_video(request, video_id))


class AccountRetentionView(APIView):
    @extend_schema(
        operation_id="account_retention",
        tags=["videos"],
        summary="How long your videos are kept",
        responses=RetentionOut,
    )
    def get(self, request: Request) -> Response:
        return Response(_out(RetentionRule.objects.filter(account=_account(request)).first()))

    @extend_schema(
        operation_id="account_retention_change",
        tags=["videos"],
        summary="Say how long your videos are kept",
        description="Holds for all videos of your account that have no rule of their own.",
        request=RetentionIn,
        responses=RetentionOut,
    )
    def put(self, request: Request) -> Response:
        return _changed(request, account_id=_account(request))


def _account(request: Request) -> int:
    user_id = actor_of(request).user_id
    if user_id is None:
        raise exceptions.NotAuthenticated("Sign in: without an account there is no rule of it.")
    return user_id
