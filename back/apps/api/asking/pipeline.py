"""The way of a question, in one straight line; each step is a file of this folder.

`ask` yields what happens on the way (for the stream) and ends with the reply.
"""

import logging
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from apps.api.asking import cache
from apps.api.asking.budget import over_budget
from apps.api.asking.conversation import find_conversation, turns_of
from apps.api.asking.engine import AskingEngine, Ledger, QuestionCancelled, Spent
from apps.api.asking.examples import examples_of
from apps.api.asking.language import language_of
from apps.api.asking.offline import OfflineEngine
from apps.api.asking.phrasing import Piece, Told, tell
from apps.api.asking.planning import NobodyCould, find_out
from apps.api.asking.question import Question
from apps.api.asking.record import record
from apps.api.asking.reply import reply_of, usage_out
from apps.api.asking.running import ReaderAway
from apps.api.asking.scope import scope_of
from apps.api.types import EventRow, Language
from apps.db.access import Actor
from apps.db.models import Conversation, Exchange
from apps.db.shared.release import release_connection

logger = logging.getLogger("playhead.prompt")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, checked for its form."""

    prompt: str
    actor: Actor
    video_id: int | None = None
    conversation_id: str | None = None
    language: Language | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    name: str


@dataclass(frozen=True, slots=True)
class SqlReady:
    sql: str


@dataclass(frozen=True, slots=True)
class EventsReady:
    events: tuple[EventRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The end: the whole reply."""

    reply: dict[str, Any]


Happening = Stage | SqlReady | EventsReady | Piece | Answer


class CouldNotAnswer(Exception):
    """Every engine failed; the exchange is recorded all the same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def milliseconds() -> float:
    return time.perf_counter() * 1000


def ask(
    asked: Asked, *, cancel: threading.Event | None = None, live: bool = True
) -> Generator[Happening, None, None]:
    """`live`: somebody looks on, and gets text as it comes.

    Raises NoSuchVideo, TooManyVideos, NoSuchConversation, CouldNotAnswer or QuestionCancelled."""
    began = milliseconds()
    cancel = cancel or threading.Event()
    yield Stage("scope")
    question, conversation = _question(asked)
    engines, fallback_reason = _engines(asked.actor)
    given_now = asked.now is not None
    key = cache.key_of(question, engine=engines[0].name, given_now=given_now)
    if (known := cache.look_up(key)) is not None:
        yield Answer(_from_cache(known, question, asked.actor, conversation, began))
        return
    yield from _work(
        question, asked.actor, conversation, engines, fallback_reason, key, given_now, cancel, began, live
    )


def look_for(asked: Asked) -> None:
    """Before a stream begins, whose status then cannot be changed. Raises NoSuchVideo, TooManyVideos or
    NoSuchConversation."""
    conversation = find_conversation(asked.actor, asked.conversation_id)
    of_conversation = conversation.video_id if conversation is not None else None
    scope_of(asked.actor, video_id=asked.video_id or of_conversation)


def _question(asked: Asked) -> tuple[Question, Conversation | None]:
    conversation = find_conversation(asked.actor, asked.conversation_id)
    video_id = asked.video_id
    if video_id is None and conversation is not None:
        video_id = conversation.video_id
    scope = scope_of(asked.actor, video_id=video_id)
    ids = tuple(scoped.video.id for scoped in scope)
    question = Question(
        prompt=asked.prompt,
        language=asked.language or language_of(asked.prompt),
        now=asked.now or timezone.now(),
        scope=scope,
        video_id=video_id,
        history=turns_of(conversation, video_ids=ids),
        examples=examples_of(asked.actor) if settings.USE_BEDROCK else (),
    )
    return question, conversation


def _engines(actor: Actor) -> tuple[Sequence[AskingEngine], str | None]:
    """In the order to try them, and why it is not Claude's turn although it is to be used."""
    offline = OfflineEngine()
    if not settings.USE_BEDROCK:
        return [offline], None
    if over_budget(actor):
        return [offline], "over_budget"
    from apps.api.bedrock_service.asking import ClaudeEngine  # boto3 is slow to import, and not always needed

    return [ClaudeEngine(), offline], None


def _work(
    question: Question,
    actor: Actor,
    conversation: Conversation | None,
    engines: Sequence[AskingEngine],
    fallback_reason: str | None,
    key: str,
    given_now: bool,
    cancel: threading.Event,
    began: float,
    live: bool,
) -> Iterator[Happening]:
    ledger = Ledger()
    if engines[0].phrases:
        release_connection()
    try:
        yield Stage("plan")
        worked = find_out(
            question,
            engines=engines,
            fallback_reason=fallback_reason,
            ledger=ledger,
            cancel=cancel,
            clock=milliseconds,
        )
        found = worked.found
        if found.plan.sql:
            yield SqlReady(found.plan.sql)
            yield EventsReady(found.evidence.events, found.evidence.count)
        yield Stage("phrase")
        told = None
        for part in tell(
            question, found, engine=worked.engine, ledger=ledger, cancel=cancel, clock=milliseconds, live=live
        ):
            if isinstance(part, Told):
                told = part
            else:
                yield part
        assert told is not None
    except NobodyCould as error:
        _record_failure(question, actor, conversation, "failed", error.code, ledger, began)
        raise CouldNotAnswer(error.code) from error
    except (QuestionCancelled, GeneratorExit):
        for engine in engines:
            ledger.add(engine.unsettled)
        _record_failure(question, actor, conversation, "abandoned", "cancelled", ledger, began)
        raise
    except Exception as error:
        code = "reader_away" if isinstance(error, ReaderAway) else type(error).__name__
        try:
            _record_failure(question, actor, conversation, "failed", code, ledger, began)
        except DatabaseError:
            logger.exception("a failed question could not be recorded")
        raise
    timings = {
        "plan": round(worked.plan_ms, 1),
        "run": round(worked.run_ms, 1),
        "phrase": round(told.phrase_ms, 1),
        "verify": round(told.verify_ms, 1),
        "total": round(milliseconds() - began, 1),
    }
    answer = reply_of(
        found, told, video_id=question.video_id, spent=ledger.total, fallback_reason=worked.fallback_reason
    )
    evidence_sql, query = found.plan.evidence_sql, found.plan.query
    reason = found.plan.reason.code if found.plan.reason else ""
    emergency = told.phrased.source == "template" and worked.engine.phrases and found.plan.kind == "answer"
    # What a replica has not got yet, or has no vector yet, may be there a minute later.
    complete = found.current and (found.similar is None or found.similar.whole)
    again = answer | {"_query": query, "_evidence_sql": evidence_sql, "_reason": reason}
    kept = None
    if complete and not emergency and cache.worth_keeping(again, now=question.now, given_now=given_now):
        kept = cache.Kept(key, again)
    written = record(
        question, actor=actor, conversation=conversation, kept=kept, answer=answer, query=query,
        evidence_sql=evidence_sql, timings_ms=timings, spent=ledger.total, error=reason,
    )  # fmt: skip
    _log(question, answer, timings, cached=False)
    yield Answer(_finished(answer, written, timings, cached=False))


def _from_cache(
    known: dict[str, Any], question: Question, actor: Actor, conversation: Conversation | None, began: float
) -> dict[str, Any]:
    query, evidence_sql, reason = known.pop("_query"), known.pop("_evidence_sql"), known.pop("_reason")
    answer = known | {"usage": usage_out(Spent())}
    timings = {
        "plan": 0.0,
        "run": 0.0,
        "phrase": 0.0,
        "verify": 0.0,
        "total": round(milliseconds() - began, 1),
    }
    written = record(
        question, actor=actor, conversation=conversation, answer=answer, query=query,
        evidence_sql=evidence_sql, cached=True, timings_ms=timings, spent=Spent(), error=reason,
    )  # fmt: skip
    _log(question, answer, timings, cached=True)
    return _finished(answer, written, timings, cached=True)


def _finished(answer: dict[str, Any], written, timings: dict[str, float], *, cached: bool) -> dict[str, Any]:
    return answer | {
        "cached": cached,
        "conversation_id": written.conversation_id,
        "exchange_id": written.exchange_id,
        "timings_ms": timings,
    }


def _record_failure(
    question: Question,
    actor: Actor,
    conversation: Conversation | None,
    outcome: str,
    code: str,
    ledger: Ledger,
    began: float,
) -> None:
    timings = {"total": round(milliseconds() - began, 1)}
    record(
        question, actor=actor, conversation=conversation, answer=None, timings_ms=timings, spent=ledger.total,
        outcome=Exchange.Outcome(outcome), error=code,
    )  # fmt: skip
    logger.warning("question %s", outcome, extra={"code": code, "ms": timings["total"]})


def _log(question: Question, answer: dict[str, Any], timings: dict[str, float], *, cached: bool) -> None:
    extra = {
        "kind": answer["kind"], "engine": answer["engine"], "model": answer["model"],
        "fallback_reason": answer["fallback_reason"], "verified": answer["verified"], "cached": cached,
        "events": answer["event_count"], "videos": len(question.scope), "ms": timings["total"],
        "cost_usd": answer["usage"]["cost_usd"],
    }  # fmt: skip
    if settings.LOG_PROMPTS:
        extra["prompt"] = question.prompt
    logger.info("question answered", extra=extra)
