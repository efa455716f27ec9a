"""The offline engine, over HTTP: reads a question by rules, and says when it is not sure."""

import threading
from collections.abc import Iterator
from functools import lru_cache

import httpx
from django.conf import settings

from apps.api.asking.engine import EngineFailed, Found, Mistake, Planned, Said
from apps.api.asking.question import Question, Scoped, Turn
from apps.api.types import Engine, Plan, Reason

SECONDS = 5.0


@lru_cache(maxsize=1)
def client() -> httpx.Client:
    """One per process; connections are kept and shared by its threads."""
    return httpx.Client(
        timeout=httpx.Timeout(SECONDS, connect=1.0),
        limits=httpx.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=60),
        trust_env=False,
    )


class OfflineEngine:
    name: Engine = "text2sql"
    learns = False
    phrases = False

    def plan(self, question: Question, *, mistakes: tuple[Mistake, ...], cancel: threading.Event) -> Planned:
        body = _request(question)
        try:
            response = client().post(f"{settings.TEXT2SQL_URL}/text2sql", json=body)
        except httpx.HTTPError as error:
            raise EngineFailed("text2sql_unreachable", type(error).__name__, out_of_reach=True) from error
        if response.status_code != 200:
            away = response.status_code >= 500
            raise EngineFailed("text2sql_failed", f"status {response.status_code}", out_of_reach=away)
        try:
            return Planned(_plan(response.json()))
        except (ValueError, KeyError, TypeError) as error:
            raise EngineFailed("text2sql_failed", "an answer that cannot be read") from error

    def phrase(
        self, question: Question, found: Found, *, complaints: tuple[str, ...], cancel: threading.Event
    ) -> Iterator[str | Said]:
        raise EngineFailed("text2sql_does_not_phrase")


def _plan(reply: dict) -> Plan:
    reason = reply.get("reason")
    return Plan(
        kind=reply["kind"],
        sql=reply.get("sql") or "",
        evidence_sql=reply.get("evidence_sql") or "",
        reason=Reason(reason["code"], reason.get("text") or "") if reason else None,
        query=reply.get("query"),
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
        "query": turn.query,
        "evidence": [
            {"id": e.id, "video_id": e.video_id, "timestamp": e.timestamp, "track_id": e.track_id}
            for e in turn.evidence
        ],
    }
