"""Step 2: the same question, of the same scope, on the same data, to the same models: the same answer."""

import hashlib
import json
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.db import connection

from apps.api.asking.question import Question, Turn
from apps.db.cache import TableCache

logger = logging.getLogger(__name__)

SECONDS = 24 * 3600
# Grows when the code that makes answers changes what it would say.
ANSWERS_VERSION = 3


def key_of(question: Question, *, engine: str, given_now: bool) -> str:
    """`given_now`: the asker named the moment; else a question depends on no more than the day that it is."""
    days = sorted({_day(question, video.timezone) for video in question.videos})
    parts = [
        ANSWERS_VERSION,
        settings.VERSION,
        " ".join(unicodedata.normalize("NFC", question.prompt).split()).casefold(),
        question.language,
        question.video_id,
        [(scoped.video.id, scoped.version) for scoped in question.scope],
        question.now.isoformat() if given_now else days,
        [_said(turn) for turn in question.history],
        [[example.question, example.sql, example.evidence_sql] for example in question.examples],
        engine,
        _models() if engine == "bedrock" else None,
    ]
    text = json.dumps(parts, ensure_ascii=False, default=str)
    return f"answer:{hashlib.sha256(text.encode()).hexdigest()}"


def _said(turn: Turn) -> list[Any]:
    """All that an engine is told of it: the same words were read otherwise on another day."""
    return [turn.prompt, turn.response, turn.query, turn.sql, [event.id for event in turn.evidence]]


def _models() -> list[Any]:
    """And what else a model's answer depends on beside the question and the data."""
    llm = settings.LLM
    return [
        llm.models("plan"),
        llm.models("phrase"),
        settings.PROMPT_VERSION,
        llm.knowledge_base_id,
        llm.guardrail_id,
        llm.guardrail_version,
        llm.models("embed"),
        llm.embedding_dimensions,
    ]


def _day(question: Question, timezone: str) -> str:
    return question.now.astimezone(ZoneInfo(timezone)).date().isoformat()


def look_up(key: str) -> dict[str, Any] | None:
    with _failing_alone():
        return cache.get(key)
    return None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is to be kept."""

    key: str
    answer: dict[str, Any]

    def beside(self) -> tuple[str, list[Any]] | None:
        """As a statement of the database that exchanges are written to, where the cache is a table there."""
        backend = caches[DEFAULT_CACHE_ALIAS]
        if not isinstance(backend, TableCache):
            return None
        database, statement, told = backend.setting(self.key, self.answer, SECONDS)
        return (statement, told) if database == connection.alias else None

    def keep(self) -> None:
        with _failing_alone():
            cache.set(self.key, self.answer, SECONDS)


def worth_keeping(answer: dict[str, Any], *, now: datetime, given_now: bool) -> bool:
    """Only what would be answered the same again: whole, verified, and by the engine that was asked."""
    whole = not answer["result"] or not answer["result"]["truncated"]
    sql = f"{answer['sql'] or ''} {answer.get('_evidence_sql') or ''}"
    if not given_now and _reaches_to(now, sql):
        return False
    return whole and answer["verified"] and answer["fallback_reason"] is None


_CLOCK = re.compile(r"\d[T ]\d\d:(\d\d)(?::(\d\d))?")


def _reaches_to(now: datetime, sql: str) -> bool:
    """`In the last hour` is told by a moment that shares its seconds with the question's; the key holds no
    more of it than the day."""
    clocks = [(int(minute), int(second or 0)) for minute, second in _CLOCK.findall(sql)]
    if now.second:
        return any(second == now.second for _, second in clocks)
    return any((minute, second) == (now.minute, 0) for minute, second in clocks)


@contextmanager
def _failing_alone() -> Iterator[None]:
    """A cache that is away, or gone, costs time and no answer."""
    try:
        yield
    except Exception as error:
        logger.warning("the cache failed", extra={"why": f"{type(error).__name__}: {error}"[:200]})
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
