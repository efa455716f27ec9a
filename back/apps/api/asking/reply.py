"""The reply of POST /api/prompt/, from what the steps found."""

from dataclasses import asdict
from typing import Any

from apps.api.asking.coverage import overall
from apps.api.asking.engine import Found, Spent
from apps.api.asking.phrasing import Told
from apps.api.types import EventRow

_EVENT_FIELDS = tuple(EventRow.__dataclass_fields__)


def reply_of(
    found: Found, told: Told, *, video_id: int | None, spent: Spent, fallback_reason: str | None
) -> dict[str, Any]:
    """All but what belongs to this one asking: its ids, its timings, whether it came from the cache."""
    answered = found.plan.kind == "answer"
    first = found.evidence.events[0] if found.evidence.events else None
    return {
        "response": told.phrased.text,
        "timestamp": first.timestamp if first else None,
        "event_id": first.id if first else None,
        "kind": found.plan.kind,
        "video_id": first.video_id if first else video_id,
        "events": [event_out(event) for event in found.evidence.events],
        "event_count": found.evidence.count,
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
