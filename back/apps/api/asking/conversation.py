"""What was said before: the conversation that a question belongs to, and the turns that it may point at."""

from apps.api.asking.question import Turn
from apps.api.types import EventRow
from apps.db.access import Actor
from apps.db.models import Conversation, Event, Exchange

TURNS = 6
EVENTS_PER_TURN = 20
BLOCKED = ("guardrail", "unsafe")
_FIELDS = tuple(EventRow.__dataclass_fields__)


class NoSuchConversation(Exception):
    """Not there, or somebody else's."""


def conversations_of(actor: Actor):
    """Its own, for staff too: what somebody asked is theirs."""
    return Conversation.objects.filter(owner=actor.user_id)


def find_conversation(actor: Actor, conversation_id: str | None) -> Conversation | None:
    if conversation_id is None:
        return None
    found = conversations_of(actor).filter(pk=conversation_id).first()
    if found is None:
        raise NoSuchConversation
    return found


def turns_of(conversation: Conversation | None, *, video_ids: tuple[int, ...]) -> tuple[Turn, ...]:
    """The last turns, oldest first; evidence only of what may still be seen."""
    if conversation is None:
        return ()
    # What was blocked is not handed to a model again with the next question.
    kept = Exchange.Outcome.ANSWERED, Exchange.Outcome.REFUSED, Exchange.Outcome.ASKED_BACK
    latest = list(
        conversation.exchanges.filter(outcome__in=kept)
        .exclude(error__in=BLOCKED)
        .order_by("-created_at", "-id")
        .values("prompt", "now", "response", "query", "sql", "evidence")[:TURNS]
    )
    latest.reverse()
    ids = {i for exchange in latest for i in exchange["evidence"][:EVENTS_PER_TURN]}
    events = _events(ids, video_ids)
    return tuple(
        Turn(
            prompt=exchange["prompt"],
            now=exchange["now"],
            response=exchange["response"],
            query=exchange["query"],
            sql=exchange["sql"],
            evidence=tuple(events[i] for i in exchange["evidence"][:EVENTS_PER_TURN] if i in events),
        )
        for exchange in latest
    )


def _events(ids: set[int], video_ids: tuple[int, ...]) -> dict[int, EventRow]:
    if not ids:
        return {}
    rows = Event.objects.filter(pk__in=ids, video__in=video_ids).values(*_FIELDS)
    return {row["id"]: EventRow(**row) for row in rows}
