from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Now

from apps.db.access import Actor

# A clock outside these years is a mistake of the sender, and would overflow on its way through time zones.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
# Ten years of seconds: more than any recording, far less than what breaks date arithmetic.
LONGEST = float(timedelta(days=3660).total_seconds())

# Videos that one user may be given by all others; a question covers them beside the user's own.
MOST_SHARED = 1000


def valid_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Not an IANA time zone name, such as Asia/Seoul.", code="invalid_timezone")


class VideoQuerySet(models.QuerySet["Video"]):
    def visible_to(self, actor: Actor) -> "VideoQuerySet":
        """Own videos, those shared with the actor, and every video for staff."""
        if actor.sees_all:
            return self
        shared = VideoShare.objects.filter(video=OuterRef("pk"), user=actor.user_id)
        return self.filter(Q(owner=actor.user_id) | Exists(shared))


class Video(models.Model):
    class Playback(models.TextChoices):
        NONE = "none"  # there is no file
        DIRECT = "direct"  # browsers play the file as it is
        PENDING = "pending"  # a copy that they play is being made
        COPY = "copy"
        FAILED = "failed"

    class Status(models.TextChoices):
        UPLOADED = "uploaded"
        ANALYZING = "analyzing"
        READY = "ready"
        FAILED = "failed"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="videos"
    )
    name = models.CharField(max_length=200)
    camera = models.CharField(max_length=100, blank=True, default="", db_default="")
    site = models.CharField(max_length=100, blank=True, default="", db_default="")
    duration = models.FloatField(null=True, blank=True, help_text="Length in seconds.")
    recorded_at = models.DateTimeField(
        null=True, blank=True, help_text="The wall-clock moment of second 0; empty if unknown."
    )
    timezone = models.CharField(
        max_length=64, default="Asia/Seoul", db_default="Asia/Seoul", validators=[valid_timezone]
    )
    status = models.CharField(
        max_length=16, choices=Status.choices, default=Status.UPLOADED, db_default=Status.UPLOADED
    )
    analyzed_until = models.FloatField(
        default=0.0, db_default=0.0, help_text="Seconds of the video that have been analysed."
    )
    error = models.TextField(blank=True, default="", db_default="")
    summary = models.TextField(blank=True, default="", db_default="")
    file = models.FileField(max_length=255, blank=True, default="", db_default="")
    size = models.BigIntegerField(null=True, blank=True, help_text="Bytes of the file.")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    fps = models.FloatField(null=True, blank=True)
    # What the probe found in the file (apps.videos.probe.VideoProbe), for whoever opens it again.
    media = models.JSONField(
        default=dict, blank=True, db_default=Value({}, models.JSONField()), editable=False
    )
    content_type = models.CharField(max_length=100, blank=True, default="", db_default="")
    playback = models.CharField(
        max_length=8, choices=Playback.choices, default=Playback.NONE, db_default=Playback.NONE
    )
    playback_file = models.CharField(
        max_length=255, blank=True, default="", db_default="", help_text="A copy that browsers play."
    )
    playback_type = models.CharField(max_length=100, blank=True, default="", db_default="")
    # Named parts of the picture: [{"name", "polygon": [[x, y], …], "door"?}], shares of width and height.
    zones = models.JSONField(default=list, blank=True, db_default=Value([], models.JSONField()))
    # Grows with each change of this video's events (a trigger sees to it): the key of cached answers.
    events_version = models.BigIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    objects = VideoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="video_owner_newest"),
            models.Index(fields=["-created_at", "-id"], name="video_newest"),
            models.Index(fields=["sha256"], name="video_sha256", condition=~Q(sha256="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="video_duration_is_sane",
                condition=Q(duration__isnull=True) | Q(duration__gte=0, duration__lte=LONGEST),
            ),
            models.CheckConstraint(
                name="video_analyzed_until_is_sane",
                condition=Q(analyzed_until__gte=0, analyzed_until__lte=LONGEST),
            ),
            models.CheckConstraint(
                name="video_recorded_at_is_sane",
                condition=Q(recorded_at__isnull=True) | Q(recorded_at__gte=EARLIEST, recorded_at__lte=LATEST),
            ),
            models.CheckConstraint(
                name="video_status_is_known",
                condition=Q(status__in=["uploaded", "analyzing", "ready", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.camera})" if self.camera else self.name

    def owned_by(self, actor: Actor) -> bool:
        return actor.sees_all or (self.owner_id is not None and self.owner_id == actor.user_id)

    def editable_by(self, actor: Actor) -> bool:
        return self.owned_by(actor) or self.shares.filter(user=actor.user_id, may_edit=True).exists()


class VideoShare(models.Model):
    """A named user who may see, and perhaps edit, somebody else's video."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shared_videos")
    may_edit = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "video"], name="video_shared_once_per_user")]

    def __str__(self) -> str:
        return f"{self.video_id} → {self.user_id} ({'edit' if self.may_edit else 'view'})"
