"""What has been kept long enough: by the video's rule, else its account's, else the settings'."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.utils import timezone

from apps.db.models import RetentionRule, Video
from apps.videos.retention.deleting import Cause, delete_video, remove_events, remove_file

What = Literal["file", "events", "video"]


@dataclass(frozen=True, slots=True)
class Expired:
    video: Video
    what: What
    days: int
    rule: str

    @property
    def words(self) -> str:
        what = f"{self.what} of video {self.video.pk} (“{self.video.name}”)"
        return f"{what}: older than {self.days} days by {self.rule}"


def expired(*, now: datetime | None = None) -> Iterator[Expired]:
    """A file may go before the events. Where both have expired the whole video goes."""
    now = now or timezone.now()
    if not (settings.RETENTION_FILE_DAYS or settings.RETENTION_EVENT_DAYS or RetentionRule.objects.exists()):
        return  # nobody has said anything: no need to look at every video
    accounts = {rule.account_id: rule for rule in RetentionRule.objects.filter(video=None)}
    videos = Video.objects.select_related("retention").order_by("created_at", "id")
    for video in videos.iterator(chunk_size=500):
        own = getattr(video, "retention", None)
        account = accounts.get(video.owner_id) if video.owner_id else None
        file_days, file_rule = _days(own, account, "file_days", settings.RETENTION_FILE_DAYS)
        event_days, event_rule = _days(own, account, "event_days", settings.RETENTION_EVENT_DAYS)
        file_over = _over(video, file_days, now)
        events_over = _over(video, event_days, now)
        if events_over and (file_over or not video.file):
            yield Expired(video, "video", event_days, event_rule)
        elif events_over and video.events.exists():
            yield Expired(video, "events", event_days, event_rule)
        elif file_over and video.file:
            yield Expired(video, "file", file_days, file_rule)


def _days(
    own: RetentionRule | None, account: RetentionRule | None, field: str, otherwise: int
) -> tuple[int, str]:
    for rule, name in ((own, "the video's rule"), (account, "the account's rule")):
        days = getattr(rule, field, None)
        if days is not None:
            return days, name
    return otherwise, "the settings"


def _over(video: Video, days: int, now: datetime) -> bool:
    return days > 0 and video.created_at < now - timedelta(days=days)


def apply(entry: Expired) -> None:
    cause = Cause(reason=f"{entry.days} days by {entry.rule}")
    match entry.what:
        case "video":
            delete_video(entry.video, cause)
        case "file":
            remove_file(entry.video, cause)
        case "events":
            remove_events(entry.video, cause)


def apply_all() -> int:
    count = 0
    for entry in list(expired()):
        apply(entry)
        count += 1
    return count
