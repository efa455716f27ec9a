"""How far the events are embedded, for an operator."""

from dataclasses import dataclass

from django.db import connection

from apps.db.models import EmbeddingModel
from apps.db.vectors.pgvector import why_not


@dataclass(frozen=True, slots=True)
class State:
    """`why_not`: what keeps the database from it; then there is nothing else to tell."""

    why_not: str | None = None
    videos: int = 0
    done: int = 0
    others: tuple[str, ...] = ()
    """Models that have vectors here too; only those of the one that is set are searched."""

    def __str__(self) -> str:
        if self.why_not:
            return f"Search by meaning is off: {self.why_not}."
        others = f" Vectors of {', '.join(self.others)} are kept and not searched." if self.others else ""
        return f"Search by meaning: the events of {self.done} of {self.videos} videos are embedded.{others}"


def state_of(*, name: str, requested: int) -> State:
    if (why := why_not()) is not None:
        return State(why)
    models = list(EmbeddingModel.objects.all())
    mine = next((m.pk for m in models if (m.name, m.requested) == (name, requested)), None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE d.events_version = v.events_version) FROM db_video v"
            " LEFT JOIN db_embeddedvideo d ON d.video_id = v.id AND d.model_id = %s"
            " WHERE v.events_version > 0",
            [mine],
        )
        videos, done = cursor.fetchone()
    return State(None, videos, done, tuple(str(m) for m in models if m.pk != mine and m.dimensions))
