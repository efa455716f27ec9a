from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.db.models.video import Video


class RetentionRule(models.Model):
    """How long files and events are kept: for one video, or for all videos of one account.

    Days count from the day the video came here. Empty leaves it to the next rule (the video's, the account's,
    then RETENTION_FILE_DAYS and RETENTION_EVENT_DAYS); 0 is "for ever".
    """

    video = models.OneToOneField(
        Video, on_delete=models.CASCADE, null=True, blank=True, related_name="retention"
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="retention"
    )
    file_days = models.PositiveIntegerField(null=True, blank=True)
    event_days = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="retention_of_a_video_or_an_account",
                condition=Q(video__isnull=True) ^ Q(account__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"video {self.video_id}" if self.video_id else f"account {self.account_id}"


class AuditLine(models.Model):
    """What was deleted, when, by whom and why. It outlives what it speaks of, so it points at nothing."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    action = models.CharField(max_length=64)
    actor = models.CharField(max_length=150, blank=True, default="", help_text="User name; empty for a rule.")
    video_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "db_audit"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["video_id"], name="audit_of_video"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.video_id}"
