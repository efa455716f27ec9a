from django.db import models
from django.db.models.functions import Now

from apps.db.models.video import Video


class Analysis(models.Model):
    """The latest analysis of a video: what is looked for, how fast it goes, and where it can be resumed."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    video = models.OneToOneField(Video, on_delete=models.CASCADE, primary_key=True, related_name="analysis")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    job = models.UUIDField(help_text="The job that may write to it; an older one ends when it sees another.")
    detectors = models.JSONField(default=list)
    started_from = models.FloatField(default=0.0)
    # What the detectors carry from one window to the next: tracks, spans that are still open.
    memory = models.JSONField(null=True, blank=True)
    rate = models.FloatField(null=True, blank=True, help_text="Seconds of video per second of work.")
    error = models.TextField(blank=True, default="")
    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"analysis of {self.video_id} ({self.state})"
