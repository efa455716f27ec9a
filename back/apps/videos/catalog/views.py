from typing import Any

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import User, Video
from apps.http.auth import actor_of
from apps.http.body import read_body, read_query
from apps.http.pages import SortKey, page_of
from apps.http.schema import query_parameters
from apps.videos.catalog.access import edited_video, owned_video, seen_video
from apps.videos.catalog.cameras import zones_of_camera
from apps.videos.catalog.fields import (
    LISTED,
    ShareIn,
    ShareList,
    ShareOut,
    VideoChange,
    VideoIn,
    VideoList,
    VideoOut,
    VideoPage,
    shown,
    video_out,
)
from apps.videos.catalog.sharing import given_by, given_to, share_with
from apps.videos.retention.deleting import Cause, delete_video
from apps.videos.upload.fields import VideoForm
from apps.videos.upload.form import is_form, upload_form


class VideosView(APIView):
    extra_error_codes = ("409", "507")

    @extend_schema(
        operation_id="videos_list",
        tags=["videos"],
        summary="Videos that you may see, the newest first",
        parameters=query_parameters(VideoList),
        responses=VideoPage,
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, VideoList)
        videos = Video.objects.visible_to(actor_of(request))
        if query.status:
            videos = videos.filter(status=query.status)
        if query.q:
            videos = videos.filter(
                Q(name__icontains=query.q) | Q(camera__icontains=query.q) | Q(site__icontains=query.q)
            )
        keys = [SortKey("created_at", descending=True), SortKey("id", descending=True)]
        page = page_of(
            videos, request=request, keys=keys, fields=LISTED, limit=query.limit, cursor=query.cursor
        )
        return Response({"next": page.next, "results": [shown(row) for row in page.rows]})

    @extend_schema(
        operation_id="videos_create",
        tags=["videos"],
        summary="A new video, with its file or without",
        description=(
            "`multipart/form-data` brings the file; it is checked before the answer, and kept only if it is "
            "a video that you have not uploaded before (409). JSON is for feeds that bring only events."
        ),
        request={"application/json": VideoIn, "multipart/form-data": VideoForm},
        responses={201: VideoOut},
    )
    def post(self, request: Request) -> Response:
        if is_form(request):
            video = upload_form(request)
        else:
            fields = read_body(request, VideoIn)
            owner = actor_of(request).user_id
            given = fields.model_dump()
            if "zones" not in fields.model_fields_set:
                given["zones"] = zones_of_camera(owner, camera=fields.camera, site=fields.site)
            video = Video.objects.create(owner_id=owner, **given)
        return Response(video_out(video), status=201, headers={"Location": f"/api/videos/{video.pk}/"})

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """The check of the CSRF token would read a form, file and all, before anybody knows who sends it. It
        finds an empty one here, and takes the token from the header."""
        wrapped = super().initialize_request(request, *args, **kwargs)
        if is_form(wrapped):
            nothing = {"_data": QueryDict(), "_full_data": QueryDict(), "_files": MultiValueDict()}
            vars(wrapped).update(nothing)
        return wrapped


class VideoView(APIView):
    @extend_schema(operation_id="videos_read", tags=["videos"], summary="One video", responses=VideoOut)
    def get(self, request: Request, video_id: int) -> Response:
        return Response(video_out(seen_video(request, video_id)))

    @extend_schema(
        operation_id="videos_change",
        tags=["videos"],
        summary="Change a video",
        description="A new `recorded_at` moves the wall clock of all its events.",
        request=VideoChange,
        responses=VideoOut,
    )
    def patch(self, request: Request, video_id: int) -> Response:
        video = edited_video(request, video_id)
        changed = read_body(request, VideoChange).model_dump(exclude_unset=True)
        if changed:
            for name, value in changed.items():
                setattr(video, name, value)
            video.save(update_fields=[*changed, "updated_at"])
        return Response(video_out(video))

    @extend_schema(
        operation_id="videos_delete",
        tags=["videos"],
        summary="Delete a video with its events",
        responses={204: None},
    )
    def delete(self, request: Request, video_id: int) -> Response:
        video = owned_video(request, video_id)
        delete_video(video, Cause(actor=request.user.get_username(), reason="by request"))
        return Response(status=204)


def _shares(video: Video) -> list[dict]:
    rows = video.shares.order_by("user__username").values("user__username", "may_edit", "created_at")
    return [
        {"username": r["user__username"], "may_edit": r["may_edit"], "created_at": r["created_at"]}
        for r in rows
    ]


class SharesView(APIView):
    extra_error_codes = ("409",)

    @extend_schema(
        operation_id="shares_list",
        tags=["videos"],
        summary="Who else may see a video",
        responses=ShareList,
    )
    def get(self, request: Request, video_id: int) -> Response:
        return Response({"results": _shares(owned_video(request, video_id))})

    @extend_schema(
        operation_id="shares_create",
        tags=["videos"],
        summary="Share a video with a user, to view or to edit",
        request=ShareIn,
        responses={200: ShareOut, 201: ShareOut},
    )
    def post(self, request: Request, video_id: int) -> Response:
        video = owned_video(request, video_id)
        share = read_body(request, ShareIn)
        user = User.objects.filter(username=share.username, is_active=True).first()
        if user is None:
            raise exceptions.NotFound("There is no such user.")
        created = share_with(user, video, may_edit=share.may_edit)
        row = next(row for row in _shares(video) if row["username"] == user.username)
        return Response(row, status=201 if created else 200)


class ShareView(APIView):
    @extend_schema(
        operation_id="shares_delete",
        tags=["videos"],
        summary="Stop sharing a video with a user, or leave one that is shared with you",
        responses={204: None},
    )
    def delete(self, request: Request, video_id: int, username: str) -> Response:
        video = seen_video(request, video_id)
        if username != request.user.get_username():
            video = owned_video(request, video_id)
        deleted, _ = given_to(username, video).delete()
        if not deleted:
            raise exceptions.NotFound("This video is not shared with such a user.")
        return Response(status=204)


class GivenView(APIView):
    @extend_schema(
        operation_id="shares_leave",
        tags=["videos"],
        summary="Leave every video that a user shares with you",
        responses={204: None},
    )
    def delete(self, request: Request, username: str) -> Response:
        deleted, _ = given_by(username, to=actor_of(request)).delete()
        if not deleted:
            raise exceptions.NotFound("No such user shares a video with you.")
        return Response(status=204)
