from django.db import models
from django.db.models import F, Q

from apps.db.models.video import LONGEST, Video


class Presence(models.Model):
    """How many people were there in ten seconds that a detector has looked at; nobody is a row with 0."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="presence", db_index=False)
    source = models.CharField(max_length=64)
    timestamp = models.FloatField(help_text="Seconds from the start of the video.")
    end_timestamp = models.FloatField()
    # recorded_at of the video + timestamp; triggers keep it right when either changes.
    occurred_at = models.DateTimeField(null=True, blank=True, editable=False)
    people = models.PositiveSmallIntegerField(help_text="Most at once.")
    tracks = models.PositiveIntegerField(help_text="Different people seen.")

    class Meta:
        ordering = ["video_id", "timestamp"]
        verbose_name_plural = "presence"
        indexes = [models.Index(fields=["occurred_at"], name="presence_clock")]
        constraints = [
            models.UniqueConstraint(fields=["video", "source", "timestamp"], name="presence_once"),
            models.CheckConstraint(
                name="presence_is_sane",
                condition=Q(timestamp__gte=0, end_timestamp__gte=F("timestamp"), end_timestamp__lte=LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} people at {self.timestamp:g} s of video {self.video_id}"


class TrackSpan(models.Model):
    """From when to when one tracked person, vehicle or bag was in the picture. Who comes back has several."""

    class Kind(models.TextChoices):
        PERSON = "person"
        VEHICLE = "vehicle"
        BAG = "bag"

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="track_spans", db_index=False)
    source = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    track_id = models.CharField(max_length=100, help_text="As in the events of the video.")
    timestamp = models.FloatField(help_text="First seen, in seconds from the start of the video.")
    end_timestamp = models.FloatField(help_text="Last seen.")
    occurred_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["video_id", "timestamp", "track_id"]
        indexes = [
            models.Index(fields=["video", "timestamp"], name="track_span_video_time"),
            models.Index(fields=["occurred_at"], name="track_span_clock"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "source", "track_id", "timestamp"], name="track_span_once"
            ),
            models.CheckConstraint(
                name="track_span_is_sane",
                condition=Q(timestamp__gte=0, end_timestamp__gte=F("timestamp"), end_timestamp__lte=LONGEST),
            ),
            models.CheckConstraint(
                name="track_span_kind_is_known", condition=Q(kind__in=["person", "vehicle", "bag"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} of video {self.video_id} from {self.timestamp:g} to {self.end_timestamp:g} s"
