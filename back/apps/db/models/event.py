from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from apps.db.models.video import LONGEST, Video
from semantics import VOCABULARY

# "motion" is labelled by its first word in either language: 움직임 / motion.
EVENT_TYPES = [(t.code, f"{t.words.en[0]} · {t.words.ko[0]}") for t in VOCABULARY.event_types]
GENDERS = [(gender.code, gender.code) for gender in VOCABULARY.genders]
OLDEST = 130

_SEVERITY = Case(
    When(event_type__in=list(VOCABULARY.codes_of_severity(2)), then=Value(2)),
    When(event_type__in=list(VOCABULARY.codes_of_severity(1)), then=Value(1)),
    default=Value(0),
)


class Event(models.Model):
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="events", db_index=False)
    timestamp = models.FloatField(help_text="Seconds from the start of the video.")
    end_timestamp = models.FloatField(null=True, blank=True)
    # recorded_at of the video + timestamp; triggers keep it right when either changes.
    occurred_at = models.DateTimeField(null=True, blank=True, editable=False)
    event_type = models.CharField(max_length=32, choices=EVENT_TYPES)
    severity = models.GeneratedField(
        expression=_SEVERITY, output_field=models.SmallIntegerField(), db_persist=True
    )
    action_detected = models.CharField(max_length=200, blank=True, default="", db_default="")
    location = models.CharField(max_length=200, blank=True, default="", db_default="")
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=8, choices=GENDERS, default="unknown", db_default="unknown")
    confidence = models.FloatField(default=1.0, db_default=1.0)
    track_id = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001  null is "untracked"
    # The guard relies on the length: it bounds what a LIKE over a description can cost.
    description = models.CharField(max_length=2000, blank=True, default="", db_default="")
    bbox = models.JSONField(null=True, blank=True, help_text="[left, top, width, height], each 0 to 1.")
    attributes = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    source = models.CharField(max_length=64, default="manual", db_default="manual")
    external_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  null is "not given"
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        ordering = ["video_id", "timestamp", "id"]
        indexes = [
            models.Index(fields=["video", "timestamp", "id"], name="event_video_time"),
            models.Index(fields=["video", "event_type", "timestamp", "id"], name="event_video_type_time"),
            models.Index(fields=["occurred_at", "id"], name="event_clock"),
            models.Index(fields=["event_type", "occurred_at", "id"], name="event_type_clock"),
            models.Index(
                fields=["video", "track_id", "timestamp"],
                name="event_video_track",
                condition=Q(track_id__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "source", "external_id"], name="event_external_id_once",
                condition=Q(external_id__isnull=False),
            ),
            models.CheckConstraint(
                name="event_timestamp_is_sane", condition=Q(timestamp__gte=0, timestamp__lte=LONGEST)
            ),
            models.CheckConstraint(
                name="event_ends_after_its_start",
                condition=Q(end_timestamp__isnull=True)
                | Q(end_timestamp__gte=F("timestamp"), end_timestamp__lte=LONGEST),
            ),
            models.CheckConstraint(
                name="event_confidence_is_a_share", condition=Q(confidence__gte=0, confidence__lte=1)
            ),
            models.CheckConstraint(
                name="event_age_is_sane", condition=Q(age__isnull=True) | Q(age__gte=0, age__lte=OLDEST)
            ),
            models.CheckConstraint(
                name="event_gender_is_known", condition=Q(gender__in=[code for code, _ in GENDERS])
            ),
            models.CheckConstraint(
                name="event_type_is_known", condition=Q(event_type__in=[code for code, _ in EVENT_TYPES])
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event_type} at {self.timestamp:g} s of video {self.video_id}"
