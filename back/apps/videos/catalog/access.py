"""The video of an address, if the caller may see it; somebody else's is as if it were not there."""

from rest_framework import exceptions
from rest_framework.request import Request

from apps.db.models import Video
from apps.http.auth import actor_of

LARGEST_ID = 2**63 - 1


def seen_video(request: Request, video_id: int) -> Video:
    video = None
    if video_id <= LARGEST_ID:
        video = Video.objects.visible_to(actor_of(request)).filter(pk=video_id).first()
    if video is None:
        raise exceptions.NotFound("There is no such video.")
    return video


def edited_video(request: Request, video_id: int) -> Video:
    video = seen_video(request, video_id)
    if not video.editable_by(actor_of(request)):
        raise exceptions.PermissionDenied("This video is shared with you to view, not to change.")
    return video


def owned_video(request: Request, video_id: int) -> Video:
    video = seen_video(request, video_id)
    if not video.owned_by(actor_of(request)):
        raise exceptions.PermissionDenied("Only the owner of this video may do this.")
    return video
