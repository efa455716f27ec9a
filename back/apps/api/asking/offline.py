"""The offline engine, over HTTP: reads a question by rules, and says when it is not sure."""

import json
import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Self
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from apps.api.asking.engine import EngineFailed, Found, Mistake, Planned, Said, Spent
from apps.api.asking.question import Question, Scoped, Turn
from apps.api.types import Engine, Plan, PlanKind, Reason

SECONDS = 5.0
MOST_BYTES = 4 * 1024 * 1024


_HEADERS = {"Content-Type": "application/json"}


@lru_cache(maxsize=1)
def _connections(url: str) -> urllib3.HTTPConnectionPool:
    """One per process; what it opens is kept and shared by its threads."""
    timeout = urllib3.Timeout(connect=1.0, read=SECONDS)
    return urllib3.connection_from_url(url, maxsize=256, retries=False, timeout=timeout)


def forget_connections() -> None:
    """Closes them; the next question opens another."""
    if _connections.cache_info().currsize:
        _connections(settings.TEXT2SQL_URL).close()
    _connections.cache_clear()


class OfflineEngine:
    name: Engine = "text2sql"
    learns = False
    phrases = False
    unsettled = Spent()

    def plan(self, question: Question, *, mistakes: tuple[Mistake, ...], cancel: threading.Event) -> Planned:
        body = json.dumps(_request(question), ensure_ascii=False).encode()
        try:
            try:
                status, answer = _ask(body)
            except urllib3.exceptions.ProtocolError:
                # The service may have started anew since this connection was last used.
                status, answer = _ask(body)
        except urllib3.exceptions.HTTPError as error:
            raise EngineFailed("text2sql_unreachable", type(error).__name__, out_of_reach=True) from error
        if status != 200:
            raise EngineFailed("text2sql_failed", f"status {status}", out_of_reach=status >= 500)
        try:
            return Planned(_plan(_Reply.model_validate_json(answer)))
        except ValidationError as error:
            raise EngineFailed("text2sql_failed", "an answer that cannot be read") from error

    def phrase(
        self,
        question: Question,
        found: Found,
        *,
        complaints: tuple[str, ...],
        cancel: threading.Event,
        live: bool,
    ) -> Iterator[str | Said]:
        raise EngineFailed("text2sql_does_not_phrase")


def _ask(body: bytes) -> tuple[int, bytes]:
    """→ (status, answer); bounded in size, and in time however slowly it drips."""
    until = time.monotonic() + SECONDS
    url = settings.TEXT2SQL_URL
    path = f"{urlsplit(url).path.rstrip('/')}/text2sql"
    answer = bytearray()
    response = _connections(url).urlopen(
        "POST", path, body, _HEADERS, redirect=False, preload_content=False, decode_content=False
    )
    try:
        while chunk := response.read1(65536):
            answer += chunk
            if len(answer) > MOST_BYTES:
                raise EngineFailed("text2sql_failed", "an answer without end")
            if time.monotonic() > until:
                raise EngineFailed("text2sql_unreachable", "an answer that drips", out_of_reach=True)
    except BaseException:
        response.close()  # what is left of the answer is nobody's to read
        raise
    finally:
        response.release_conn()
    return response.status, bytes(answer)


class _Coverage(BaseModel):
    video_id: int
    from_: float = Field(alias="from")
    to: float
    analyzed_until: float
    complete: bool


class _Query(BaseModel):
    """Of the reading, what the pipeline itself looks at."""

    model_config = ConfigDict(extra="allow")

    coverage: list[_Coverage] | None = None
    understood: str | None = None


class _Reason(BaseModel):
    code: str
    text: str | None = None


class _Reply(BaseModel):
    kind: PlanKind
    sql: str | None = None
    evidence_sql: str | None = None
    reason: _Reason | None = None
    query: _Query | None = None

    @model_validator(mode="after")
    def _an_answer_has_sql(self) -> Self:
        if self.kind == "answer" and not self.sql:
            raise ValueError("an answer without SQL")
        return self


def _plan(reply: _Reply) -> Plan:
    return Plan(
        kind=reply.kind,
        sql=reply.sql or "",
        evidence_sql=reply.evidence_sql or "",
        reason=Reason(reply.reason.code, reply.reason.text or "") if reply.reason else None,
        query=reply.query.model_dump(by_alias=True, exclude_unset=True) if reply.query else None,
        engine="text2sql",
    )


def _request(question: Question) -> dict:
    return {
        "prompt": question.prompt,
        "videos": [_video(scoped) for scoped in question.scope],
        "video_id": question.video_id,
        "now": question.now.isoformat(),
        "history": [_turn(turn) for turn in question.history],
    }


def _video(scoped: Scoped) -> dict:
    video = scoped.video
    return {
        "id": video.id,
        "name": video.name,
        "camera": video.camera,
        "site": video.site,
        "duration": video.duration,
        "recorded_at": video.recorded_at.isoformat() if video.recorded_at else None,
        "timezone": video.timezone,
        "status": video.status,
        "analyzed_until": video.analyzed_until,
        "locations": scoped.locations,
        "actions": scoped.actions,
    }


def _turn(turn: Turn) -> dict:
    return {
        "prompt": turn.prompt,
        "now": turn.now.isoformat() if turn.now else None,
        "query": turn.query,
        "evidence": [
            {"id": e.id, "video_id": e.video_id, "timestamp": e.timestamp, "track_id": e.track_id}
            for e in turn.evidence
        ],
    }
