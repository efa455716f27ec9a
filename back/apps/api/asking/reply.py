"""The reply of POST /api/prompt/, from what the steps found."""

from dataclasses import asdict
from typing import Any

from apps.api.asking.coverage import overall
from apps.api.asking.engine import Found, Spent
from apps.api.asking.phrasing import Told
from apps.api.asking.similar import resting_on
from apps.api.types import EventRow, Evidence

_EVENT_FIELDS = tuple(EventRow.__dataclass_fields__)


def reply_of(
    found: Found, told: Told, *, video_id: int | None, spent: Spent, fallback_reason: str | None
) -> dict[str, Any]:
    """All but what belongs to this one asking: its ids, its timings, whether it came from the cache."""
    answered = found.plan.kind == "answer"
    evidence = resting_on(found, told.phrased.citations)
    first = evidence.events[0] if evidence.events else None
    return {
        "response": told.phrased.text,
        "timestamp": first.timestamp if first else None,
        "event_id": first.id if first else None,
        "kind": found.plan.kind,
        "video_id": first.video_id if first else video_id,
        "events": [event_out(event) for event in evidence.events],
        "event_count": evidence.count,
        "similar": _similar_out(found, evidence),
        "result": result_out(found) if answered else None,
        "citations": [asdict(citation) for citation in told.phrased.citations],
        "coverage": overall(found.coverage),
        "sql": found.plan.sql or None,
        "engine": found.plan.engine,
        "model": told.model or found.plan.model,
        "fallback_reason": fallback_reason,
        "verified": told.verified,
        "usage": usage_out(spent),
        "understood": (found.plan.query or {}).get("understood") or None,
    }


def _similar_out(found: Found, evidence: Evidence) -> list[dict[str, Any]]:
    """Which of the events were found by their meaning, and how like they are to what was asked for."""
    if found.similar is None:
        return []
    by_columns = {event.id for event in found.evidence.events}
    return [
        {"event_id": event.id, "likeness": round(found.similar.likeness[event.id], 3)}
        for event in evidence.events
        if event.id not in by_columns
    ]


def event_out(event: EventRow) -> dict[str, Any]:
    # Not asdict, which copies each value deeply: a long answer has a hundred events.
    out = {name: getattr(event, name) for name in _EVENT_FIELDS}
    out["occurred_at"] = event.occurred_at.isoformat() if event.occurred_at else None
    return out


def result_out(found: Found) -> dict[str, Any]:
    result = found.result
    return {
        "columns": list(result.columns),
        "rows": [list(row) for row in result.rows],
        "truncated": result.truncated,
    }


def usage_out(spent: Spent) -> dict[str, Any]:
    return {
        "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens,
        "cache_read_tokens": spent.cache_read_tokens,
        "cost_usd": None if spent.cost_usd is None else float(spent.cost_usd),
    }
