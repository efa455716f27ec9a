import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.db.models.video import Video


class Upload(models.Model):
    """A file on its way in. The row is there before the first byte and until the video is (or is refused), so
    that whatever a crash leaves on the storage is known and can be removed."""

    class Kind(models.TextChoices):
        FORM = "form"  # one multipart/form-data request
        TUS = "tus"
        PARTS = "parts"  # straight to the bucket, by signed addresses

    class State(models.TextChoices):
        RECEIVING = "receiving"
        CHECKING = "checking"  # every byte is there
        ACCEPTED = "accepted"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="uploads"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVING)
    key = models.CharField(max_length=255, help_text="Where the bytes go on the storage.")
    length = models.BigIntegerField(null=True, blank=True, help_text="Bytes that were announced.")
    received = models.BigIntegerField(default=0, help_text="Bytes that are safely stored.")
    fields = models.JSONField(default=dict, help_text="What the video is to be called, and so on.")
    remote = models.JSONField(default=dict, help_text="How far the bucket's multipart upload has come.")
    problem = models.JSONField(null=True, blank=True, help_text="Why it was refused: code and detail.")
    video = models.ForeignKey(Video, on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads")
    # Who writes to it just now. Time-limited: a writer that died does not lock it for ever.
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["expires_at"], name="upload_expires")]
        constraints = [
            models.CheckConstraint(
                name="upload_received_is_sane",
                condition=Q(received__gte=0) & (Q(length__isnull=True) | Q(length__gte=models.F("received"))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} upload {self.id} ({self.state})"
