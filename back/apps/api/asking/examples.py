"""Exchanges that were told to be right: they teach the model how this owner's questions are meant."""

from django.db import connection

from apps.api.asking.question import Example
from apps.db.access import Actor

MOST = 50

# Plain SQL: it runs with each question, and Django takes longer to write it than PostgreSQL to find nothing.
_TOLD = f"""
    SELECT prompt, sql, evidence_sql, corrected_sql FROM db_exchange
    WHERE {{owner}} AND feedback IN ('right', 'wrong')
      AND (feedback = 'right' AND sql <> '' OR feedback = 'wrong' AND corrected_sql <> '')
    ORDER BY created_at DESC LIMIT {MOST}
"""  # noqa: S608  nothing in it comes from outside


def examples_of(actor: Actor) -> tuple[Example, ...]:
    """The asker's own, newest first: somebody else's questions are nobody's business."""
    owner = "owner_id IS NULL" if actor.user_id is None else "owner_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(_TOLD.format(owner=owner), [] if actor.user_id is None else [actor.user_id])
        rows = cursor.fetchall()
    return tuple(
        Example(prompt, corrected or sql, "" if corrected else evidence_sql)
        for prompt, sql, evidence_sql, corrected in rows
    )
