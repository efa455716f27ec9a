"""The three calls for the shell, without a request: text to SQL, events to words, the knowledge base."""

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, overload

from django.conf import settings
from django.utils import timezone

from apps.api.asking.engine import Found, Ledger, Mistake, Planned, Said, Spent
from apps.api.asking.evidence import MOST_COUNTED, MOST_EVIDENCE
from apps.api.asking.language import language_of
from apps.api.asking.phrasing import Piece, Told, tell
from apps.api.asking.planning import REPAIRS
from apps.api.asking.question import Question
from apps.api.asking.running import MOST_ROWS
from apps.api.asking.scope import scope_of
from apps.api.bedrock_service.asking import ClaudeEngine
from apps.api.bedrock_service.errors import BedrockError, helpful_errors
from apps.api.bedrock_service.given_events import event_rows, video_of
from apps.api.guard import RefusedSql, check
from apps.api.types import Citation, Evidence, Language, Plan, PlanKind, Result
from apps.db.access import EVERYBODY
from llm.bedrock.knowledge import Passage, retrieve


@dataclass(frozen=True, slots=True)
class TextToSql:
    """`sql` and `evidence_sql` as the guard wrote them anew, which may run; empty unless `kind` is answer."""

    kind: PlanKind
    sql: str
    evidence_sql: str
    intent: str | None
    reason_code: str | None
    reason: str
    model: str | None
    usage: Spent
    cost_usd: Decimal | None
    tries: int
    lookup: str = ""
    """What the question asks of the documents, and by its meaning of the events; there may be no SQL then."""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class TimelineResponse:
    """`verified`: every time, number and age of the text was traced to the events."""

    text: str
    citations: tuple[Citation, ...]
    verified: bool
    source: Literal["model", "template"]
    model: str | None
    usage: Spent
    cost_usd: Decimal | None

    def __str__(self) -> str:
        return self.text


class BedrockService:
    """Raises BedrockError, whose message says what AWS said and what to do."""

    def text_to_sql(
        self,
        prompt: str,
        video_id: int | None = None,
        *,
        now: datetime | None = None,
        language: Language | None = None,
    ) -> TextToSql:
        """Over every video, or one; nothing is run. NoSuchVideo for a video that is not there."""
        question = Question(
            prompt=prompt,
            language=language or language_of(prompt),
            now=now or timezone.now(),
            scope=scope_of(EVERYBODY, video_id=video_id),
            video_id=video_id,
        )
        engine, spent = ClaudeEngine(), Spent()
        mistakes: tuple[Mistake, ...] = ()
        with helpful_errors():
            while True:
                planned = engine.plan(question, mistakes=mistakes, cancel=threading.Event())
                spent += planned.spent
                try:
                    plan = _checked(planned)
                except _Refused as refused:
                    if len(mistakes) >= REPAIRS:
                        message = f"The model wrote SQL that is not allowed, {REPAIRS + 1} times: {refused}"
                        raise BedrockError(message, code="sql_refused") from refused
                    mistakes = (*mistakes, Mistake(refused.sql, str(refused)))
                else:
                    break
        return TextToSql(
            kind=plan.kind,
            sql=plan.sql,
            evidence_sql=plan.evidence_sql,
            intent=plan.intent,
            reason_code=plan.reason.code if plan.reason else None,
            reason=plan.reason.text if plan.reason else "",
            model=plan.model,
            usage=spent,
            cost_usd=spent.cost_usd,
            tries=len(mistakes) + 1,
            lookup=planned.lookup,
            meaning=planned.meaning,
        )

    @overload
    def format_timeline_response(
        self, prompt: str, events: Iterable[Any], video_name: str = "", *, stream: Literal[False] = False,
        language: Language | None = None,
    ) -> TimelineResponse: ...  # fmt: skip

    @overload
    def format_timeline_response(
        self, prompt: str, events: Iterable[Any], video_name: str = "", *, stream: Literal[True],
        language: Language | None = None,
    ) -> Iterator[str | TimelineResponse]: ...  # fmt: skip

    def format_timeline_response(
        self,
        prompt: str,
        events: Iterable[Any],
        video_name: str = "",
        *,
        stream: bool = False,
        language: Language | None = None,
    ) -> TimelineResponse | Iterator[str | TimelineResponse]:
        """`events`: dicts, model instances or rows with the columns of db_event; `timestamp` is the least.

        With `stream` pieces of text as they come, and last the TimelineResponse that stands: where a claim
        could not be traced it is another text than the pieces.
        """
        told = _told(prompt, events, video_name, language or language_of(prompt), live=stream)
        if stream:
            return told
        *_, last = told
        assert isinstance(last, TimelineResponse)
        return last

    def retrieve_from_knowledge_base(self, query: str, limit: int = 5) -> list[Passage]:
        """The nearest passages, best first: `text`, `score`, `source`, `metadata`."""
        with helpful_errors():
            return list(retrieve(settings.LLM, query=query, limit=limit))


class _Refused(Exception):
    def __init__(self, refusal: RefusedSql, sql: str) -> None:
        super().__init__(str(refusal))
        self.sql = sql


def _checked(planned: Planned) -> Plan:
    plan = planned.plan
    if plan.kind != "answer" or (not plan.sql and (planned.lookup or planned.meaning)):
        return plan
    sql = _may_run(plan.sql, MOST_ROWS)
    return replace(
        plan,
        sql=sql,
        evidence_sql=_may_run(plan.evidence_sql, MOST_COUNTED) if plan.evidence_sql else "",
    )


def _may_run(sql: str, most: int) -> str:
    try:
        return check(sql, max_rows=most).sql
    except RefusedSql as refusal:
        raise _Refused(refusal, sql) from refusal


class _LoudEngine(ClaudeEngine):
    """In a shell a failure is told; the pipeline would go on with its templates."""

    def phrase(self, question: Question, found: Found, **kwargs: Any) -> Iterator[str | Said]:
        with helpful_errors():
            yield from super().phrase(question, found, **kwargs)


def _told(
    prompt: str, events: Iterable[Any], video_name: str, language: Language, *, live: bool
) -> Iterator[str | TimelineResponse]:
    rows = event_rows(events)
    shown = rows[:MOST_EVIDENCE]
    question = Question(
        prompt=prompt, language=language, now=timezone.now(), scope=tuple(video_of(shown, video_name))
    )
    found = Found(Plan(kind="answer", intent="list", engine="bedrock"), Result(), Evidence(shown, len(rows)))
    ledger = Ledger()
    parts = tell(
        question,
        found,
        engine=_LoudEngine(),
        ledger=ledger,
        cancel=threading.Event(),
        clock=lambda: time.perf_counter() * 1000,
        live=live,
    )
    for part in parts:
        if isinstance(part, Piece):
            yield part.text
        else:
            yield _response(part, ledger.total)


def _response(told: Told, spent: Spent) -> TimelineResponse:
    return TimelineResponse(
        text=told.phrased.text,
        citations=told.phrased.citations,
        verified=told.verified,
        source=told.phrased.source,
        model=told.model,
        usage=spent,
        cost_usd=spent.cost_usd,
    )
