import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.db.models.video import Video


class Conversation(models.Model):
    """Questions that follow each other; a later one may point at an earlier one's answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conversations",
    )
    video = models.ForeignKey(
        Video, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations",
        help_text="The one video that it is about; empty for all.",
    )  # fmt: skip
    title = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["owner", "-updated_at", "-id"], name="conversation_owner_newest")]

    def __str__(self) -> str:
        """Nothing of what was asked: the admin names rows to staff, also where they delete an account."""
        return f"conversation {self.id}"


class Exchange(models.Model):
    """One question and what became of it: the audit log, the history, the source of examples."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        REFUSAL = "refusal"
        CLARIFICATION = "clarification"

    class Outcome(models.TextChoices):
        ANSWERED = "answered"
        REFUSED = "refused"
        ASKED_BACK = "asked_back"
        FAILED = "failed"
        ABANDONED = "abandoned"

    class Feedback(models.TextChoices):
        NONE = ""
        RIGHT = "right"
        WRONG = "wrong"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="exchanges")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="exchanges"
    )
    video = models.ForeignKey(
        Video, on_delete=models.SET_NULL, null=True, blank=True, related_name="exchanges"
    )
    # Everything that the answer was allowed to see, so that an audit need not guess.
    scope = models.JSONField(default=list)
    prompt = models.TextField()
    language = models.CharField(max_length=8)
    now = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.ANSWER)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    sql = models.TextField(blank=True, default="")
    evidence_sql = models.TextField(blank=True, default="")
    query = models.JSONField(null=True, blank=True, help_text="The typed reading of the question.")
    evidence = models.JSONField(default=list, help_text="Ids of the events that the answer rests on.")
    result = models.JSONField(null=True, blank=True)
    response = models.TextField(blank=True, default="")
    engine = models.CharField(max_length=16, blank=True, default="")
    model = models.CharField(max_length=200, blank=True, default="")
    prompt_version = models.CharField(max_length=32, blank=True, default="")
    fallback_reason = models.CharField(max_length=64, blank=True, default="")
    verified = models.BooleanField(default=False)
    cached = models.BooleanField(default=False)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    timings_ms = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    feedback = models.CharField(max_length=8, choices=Feedback.choices, blank=True, default=Feedback.NONE)
    corrected_sql = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["conversation", "created_at"], name="exchange_of_conversation"),
            models.Index(fields=["owner", "created_at"], name="exchange_owner_day"),
            models.Index(fields=["created_at"], name="exchange_day"),
            models.Index(
                fields=["owner", "-created_at"],
                name="exchange_told",
                condition=Q(feedback__in=["right", "wrong"]),
            ),
        ]

    def __str__(self) -> str:
        return f"exchange {self.id}"
