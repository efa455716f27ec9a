"""Asks the product a question as a person would: POST /api/prompt/, in this process."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rest_framework.test import APIClient

from apps.evals.question_sets import Question

Kind = Literal["answer", "refusal", "clarification", "failure"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back, as far as it is judged or reported. A `failure` is a reply that is no reply."""

    kind: Kind
    event_ids: tuple[int, ...] = ()
    event_count: int = 0
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    # Whether what was searched lies in the recording and has been analysed; None where nothing says.
    complete: bool | None = None
    response: str = ""
    sql: str | None = None
    verified: bool = False
    cached: bool = False
    engine: str | None = None
    model: str | None = None
    fallback_reason: str | None = None
    latency_ms: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


class Asker(Protocol):
    def __call__(self, question: Question) -> Outcome: ...


class AppAsker:
    """Through the view, the plan, the guard and the reader; earlier questions are asked first."""

    def __init__(self, user) -> None:
        self._client = APIClient(raise_request_exception=False)
        self._client.force_authenticate(user)

    def __call__(self, question: Question) -> Outcome:
        conversation_id = None
        for earlier in question.history:
            reply = self._post(question, earlier, conversation_id)
            if reply.status_code != 200:
                return _failure(reply, 0.0)
            conversation_id = reply.json()["conversation_id"]
        started = time.perf_counter()
        reply = self._post(question, question.question, conversation_id)
        latency_ms = (time.perf_counter() - started) * 1000
        if reply.status_code != 200:
            return _failure(reply, latency_ms)
        return outcome_of(reply.json(), latency_ms=latency_ms)

    def _post(self, question: Question, prompt: str, conversation_id: str | None):
        body = {
            "prompt": prompt,
            "video_id": question.video_id,
            "conversation_id": conversation_id,
            "now": question.now,
        }
        given = {name: value for name, value in body.items() if value is not None}
        return self._client.post("/api/prompt/", given, format="json")


def _failure(reply, latency_ms: float) -> Outcome:
    is_json = reply.headers.get("Content-Type", "").startswith("application/json")
    text = reply.content.decode(errors="replace")[:500] if is_json else reply.reason_phrase
    return Outcome(kind="failure", response=f"{reply.status_code}: {text}", latency_ms=latency_ms)


def outcome_of(reply: Mapping[str, Any], *, latency_ms: float) -> Outcome:
    result, usage = reply["result"] or {}, reply["usage"] or {}
    return Outcome(
        kind=reply["kind"],
        event_ids=tuple(event["id"] for event in reply["events"]),
        event_count=reply["event_count"],
        columns=tuple(result.get("columns", ())),
        rows=tuple(tuple(row) for row in result.get("rows", ())),
        complete=reply["coverage"]["complete"] if reply["coverage"] else None,
        response=reply["response"],
        sql=reply["sql"],
        verified=reply["verified"],
        cached=reply["cached"],
        engine=reply["engine"],
        model=reply["model"],
        fallback_reason=reply["fallback_reason"],
        latency_ms=latency_ms,
        input_tokens=usage.get("input_tokens") or 0,
        output_tokens=usage.get("output_tokens") or 0,
        cost_usd=float(usage.get("cost_usd") or 0),
    )
