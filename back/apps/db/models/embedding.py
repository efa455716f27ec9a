"""What events mean, as vectors: made in the background, searched when a question is about meaning."""

from django.db import models
from django.db.models.functions import Now

from apps.db.models.event import Event
from apps.db.models.video import Video


class VectorField(models.Field):
    """`halfvec` of any length where the database has pgvector, else `real[]`: the migration decides.

    Written and searched by SQL alone (apps/db/vectors.py).
    """

    def db_type(self, connection) -> str:
        return "real[]"


class EmbeddingModel(models.Model):
    """Vectors of two models, or of two lengths, do not compare: each has an index of its own."""

    name = models.CharField(max_length=200, help_text="Without region, profile and version.")
    requested = models.PositiveIntegerField(
        default=0, help_text="LLM_EMBEDDING_DIMENSIONS; 0: the model's own."
    )
    # Known with its first answer, and the same ever after.
    dimensions = models.PositiveIntegerField(null=True, blank=True)
    # Whoever embeds holds it until then; one that died lets go by itself.
    held_until = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "requested"], name="embedding_model_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.dimensions or '?'})"


class EventEmbedding(models.Model):
    """Gone with its event, its video, or a change of what the event says: triggers and keys see to it."""

    pk = models.CompositePrimaryKey("model_id", "event_id")
    model = models.ForeignKey(EmbeddingModel, models.DO_NOTHING, db_constraint=False, related_name="+")
    event = models.ForeignKey(
        Event, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="embeddings"
    )
    # The row policies and small scopes go by it.
    video = models.ForeignKey(Video, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    # Of the text: what is said in the same words need not be paid for twice.
    digest = models.UUIDField()
    vector = VectorField()

    class Meta:
        db_table = "db_eventembedding"

    def __str__(self) -> str:
        return f"event {self.event_id} by {self.model_id}"


class EmbeddedVideo(models.Model):
    """All events of the video are embedded as they were at this version of them."""

    pk = models.CompositePrimaryKey("model_id", "video_id")
    model = models.ForeignKey(EmbeddingModel, models.DO_NOTHING, db_constraint=False, related_name="+")
    video = models.ForeignKey(Video, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    events_version = models.BigIntegerField()

    class Meta:
        db_table = "db_embeddedvideo"

    def __str__(self) -> str:
        return f"video {self.video_id} at {self.events_version}"


class EmbeddingDay(models.Model):
    """What a day's embedding in the background has cost."""

    day = models.DateField()
    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="days")
    texts = models.PositiveIntegerField(default=0, db_default=0)
    input_tokens = models.PositiveBigIntegerField(default=0, db_default=0)
    cost_usd = models.DecimalField(max_digits=15, decimal_places=9, default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "model"], name="embedding_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.cost_usd} USD"
