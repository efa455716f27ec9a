"""Sharing a video with a user, and leaving what one was given (docs/decisions/0018)."""

from django.db import transaction
from django.db.models import QuerySet

from apps.db.access import Actor
from apps.db.models import User, Video, VideoShare
from apps.db.models.video import MOST_SHARED
from apps.http.errors import Conflict

MOST_BY_ONE = MOST_SHARED // 2


class TooManyShared(Conflict):
    default_code = "too_many_shared"


def share_with(user: User, video: Video, *, may_edit: bool) -> bool:
    """→ whether it is new."""
    with transaction.atomic():
        # One after the other for each user, or a burst would get past the bounds.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if VideoShare.objects.filter(video=video, user=user).update(may_edit=may_edit):
            return False
        given = VideoShare.objects.filter(user=user)
        if given.filter(video__owner=video.owner_id).count() >= MOST_BY_ONE:
            raise TooManyShared(f"One owner may share {MOST_BY_ONE} videos with one user, and has.")
        if given.count() >= MOST_SHARED:
            raise TooManyShared(f"This user has been given {MOST_SHARED} videos, and can take no more.")
        VideoShare.objects.create(video=video, user=user, may_edit=may_edit)
        return True


def given_to(username: str, video: Video) -> QuerySet[VideoShare]:
    return video.shares.filter(user__username=_storable(username))


def given_by(owner: str, *, to: Actor) -> QuerySet[VideoShare]:
    return VideoShare.objects.filter(user=to.user_id, video__owner__username=_storable(owner))


def _storable(username: str) -> str:
    """An address may hold U+0000, which is in no name and which PostgreSQL does not take."""
    return username.replace("\0", "\ufffd")
