"""Deleting a video, by whichever way it goes: its bytes follow, and a line of audit stays."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from apps.db.models import AuditLine, Event, Presence, TrackSpan, Upload, User, Video
from apps.videos.retention.removing import remove_files


@dataclass(frozen=True, slots=True)
class Cause:
    actor: str = ""
    reason: str = ""


def delete_video(video: Video, cause: Cause) -> None:
    with transaction.atomic():
        # Two at once: the second finds nothing, and writes no second line of audit.
        found = Video.objects.select_for_update().filter(pk=video.pk).first()
        if found is not None:
            found._cause = cause  # type: ignore[attr-defined]
            found.delete()


def remove_file(video: Video, cause: Cause) -> None:
    """The bytes go, the row and its events stay: questions about it can still be answered."""
    with transaction.atomic():
        video = Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        key = str(video.file)
        if not key:
            return
        audit("video.file_removed", video, cause, size=video.size, sha256=video.sha256)
        video.file, video.playback, video.playback_file, video.playback_type = "", "none", "", ""
        video.save(update_fields=["file", "playback", "playback_file", "playback_type", "updated_at"])
        remove_files.enqueue(key)


def remove_events(video: Video, cause: Cause) -> int:
    with transaction.atomic():
        Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        count = Event.objects.filter(video=video).delete()[1].get("db.Event", 0)
        Presence.objects.filter(video=video).delete()
        TrackSpan.objects.filter(video=video).delete()
        if count:
            audit("video.events_removed", video, cause, events=count)
    return count


def audit(action: str, video: Video, cause: Cause, **details: Any) -> None:
    AuditLine.objects.create(
        action=action,
        actor=cause.actor,
        video_id=video.pk,
        reason=cause.reason,
        details={"name": video.name, "camera": video.camera, "owner_id": video.owner_id} | details,
    )


# Signals, so that the admin page and the deletion of an account do the same.


@receiver(pre_delete, sender=Video, dispatch_uid="a video goes")
def _note(sender: type, instance: Video, **kwargs: Any) -> None:
    cause = getattr(instance, "_cause", Cause(reason="with its account, or in the administration"))
    audit(
        "video.deleted",
        instance,
        cause,
        events=Event.objects.filter(video=instance).count(),
        size=instance.size,
        sha256=instance.sha256,
    )


@receiver(post_delete, sender=Video, dispatch_uid="a video's bytes go")
def _remove(sender: type, instance: Video, **kwargs: Any) -> None:
    if instance.file:
        remove_files.enqueue(str(instance.file))


@receiver(pre_delete, sender=User, dispatch_uid="an account's uploads go")
def _give_up(sender: type, instance: User, **kwargs: Any) -> None:
    unfinished = Upload.objects.filter(owner=instance).exclude(state=Upload.State.ACCEPTED)
    for key in unfinished.values_list("key", flat=True):
        remove_files.enqueue(key)
