"""Step 9: the exchange as it was, for the audit, the history and the examples."""

import json
import logging
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError, connection
from django.db.models import Model
from django.utils import timezone

from apps.api.asking.budget import counted
from apps.api.asking.cache import Kept
from apps.api.asking.engine import Spent
from apps.api.asking.question import Question
from apps.db.access import Actor
from apps.db.models import Conversation, Exchange, User, Video
from config.logging import request_id

logger = logging.getLogger(__name__)

OUTCOMES = {
    "answer": Exchange.Outcome.ANSWERED,
    "refusal": Exchange.Outcome.REFUSED,
    "clarification": Exchange.Outcome.ASKED_BACK,
}
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Written:
    conversation_id: str
    exchange_id: str


def record(
    question: Question,
    *,
    actor: Actor,
    conversation: Conversation | None,
    kept: Kept | None = None,
    **became: Any,
) -> Written:
    """What `became` of the question is what _write takes; what is to be `kept` goes into the cache with it.

    An answer that was paid for is not lost with a connection: it is written once more, on a fresh one. Nor is
    it lost with the cache.
    """
    became = {"actor": actor, "conversation": conversation, "exchange_id": uuid.uuid4()} | became
    # Inside a transaction a failing cache would take the exchange down with it.
    beside = kept.beside() if kept and not connection.in_atomic_block else None
    if kept and not beside:
        kept.keep()
    if beside:
        try:
            return _written(question, beside=beside, **became)
        except ProgrammingError as error:  # the cache's table is gone, or out of reach
            logger.warning("the cache failed", extra={"why": str(error)[:200]})
    return _written(question, **became)


def _written(question: Question, **became: Any) -> Written:
    try:
        return _write_what_is_there(question, **became)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
    if (told := Exchange.objects.filter(pk=became["exchange_id"]).first()) is not None:
        return Written(str(told.conversation_id), str(told.pk))  # only the word of the commit was lost
    return _write_what_is_there(question, **became)


def _write_what_is_there(
    question: Question, *, actor: Actor, conversation: Conversation | None, **became: Any
) -> Written:
    """A model takes seconds, and the video or the account may be deleted meanwhile: the exchange then stands
    without it."""
    owner_id, video_id = actor.user_id, question.video_id
    try:
        return _write(question, owner_id=owner_id, video_id=video_id, conversation=conversation, **became)
    except IntegrityError:
        return _write(
            question,
            owner_id=_still_there(User, owner_id),
            video_id=_still_there(Video, video_id),
            conversation=conversation,
            **became,
        )


def _still_there(model: type[Model], pk: int | None) -> int | None:
    return pk if model._default_manager.filter(pk=pk).exists() else None


_COLUMNS = tuple(field.attname for field in Exchange._meta.concrete_fields if field.attname != "created_at")
# One statement, so that neither stands without the other. A conversation that was deleted meanwhile is there
# again, under the id that the asker knows it by.
_CONVERSATION = """conversation AS (
      INSERT INTO db_conversation (id, owner_id, video_id, title, updated_at) VALUES (%s, %s, %s, %s, %s)
      ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at
    )"""
_EXCHANGE = f"""
    INSERT INTO db_exchange ({", ".join(f'"{name}"' for name in _COLUMNS)})
    VALUES ({", ".join(["%s"] * len(_COLUMNS))})
"""  # noqa: S608  names of columns


def _write(
    question: Question,
    *,
    exchange_id: uuid.UUID,
    owner_id: int | None,
    video_id: int | None,
    conversation: Conversation | None,
    answer: dict[str, Any] | None,
    query: Any = None,
    evidence_sql: str = "",
    cached: bool = False,
    timings_ms: dict[str, float],
    spent: Spent,
    outcome: str | None = None,
    error: str = "",
    beside: tuple[str, list[Any]] | None = None,
) -> Written:
    """`answer` is the reply, or None where there was none; then `outcome` and `error` say why. `beside` is a
    statement and its values, to go with it.

    Of a refusal or a question back `error` is the reason's code.
    """
    told = answer or {}
    conversation_id = conversation.pk if conversation else uuid.uuid4()
    values = {
        "id": exchange_id,
        "conversation_id": conversation_id,
        "owner_id": owner_id,
        "video_id": video_id,
        "scope": _json(question.video_ids),
        "prompt": question.prompt,
        "language": question.language,
        "now": question.now,
        "kind": told.get("kind") or Exchange.Kind.ANSWER.value,
        "outcome": outcome or OUTCOMES[told["kind"]].value,
        "sql": told.get("sql") or "",
        "evidence_sql": evidence_sql,
        "query": _json(query),
        "evidence": _json([event["id"] for event in told.get("events", ())]),
        "result": _json(told.get("result")),
        "response": told.get("response", ""),
        "engine": told.get("engine") or "",
        "model": told.get("model") or "",
        "prompt_version": settings.PROMPT_VERSION if told.get("engine") == "bedrock" else "",
        "fallback_reason": told.get("fallback_reason") or "",
        "verified": told.get("verified", False),
        "cached": cached,
        "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens,
        "cache_read_tokens": spent.cache_read_tokens,
        "cache_write_tokens": spent.cache_write_tokens,
        "cost_usd": counted(spent),
        "timings_ms": _json(timings_ms),
        "error": error,
        "feedback": "",
        "corrected_sql": "",
        "request_id": request_id.get(),
    }
    began = [conversation_id, owner_id, video_id, question.prompt[:LONGEST_TITLE], timezone.now()]
    statement, kept = beside or ("", [])
    also = f"kept AS ({statement}), " if beside else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {also}{_CONVERSATION} {_EXCHANGE}",
            [*kept, *began, *(values[name] for name in _COLUMNS)],
        )
    return Written(str(conversation_id), str(exchange_id))


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
