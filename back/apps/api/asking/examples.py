"""Exchanges that were told to be right: they teach the model how this owner's questions are meant."""

from apps.api.asking.question import Example
from apps.db.access import Actor
from apps.db.models import Exchange

MOST = 50


def examples_of(actor: Actor) -> tuple[Example, ...]:
    """The asker's own, newest first: somebody else's questions are nobody's business."""
    good = Exchange.objects.filter(owner=actor.user_id, feedback=Exchange.Feedback.RIGHT).exclude(sql="")
    corrected = Exchange.objects.filter(owner=actor.user_id, feedback=Exchange.Feedback.WRONG).exclude(
        corrected_sql=""
    )
    rows = (good | corrected).order_by("-created_at").values("prompt", "sql", "evidence_sql", "corrected_sql")
    return tuple(
        Example(
            row["prompt"],
            row["corrected_sql"] or row["sql"],
            "" if row["corrected_sql"] else row["evidence_sql"],
        )
        for row in rows[:MOST]
    )
