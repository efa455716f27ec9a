"""What a model replies to a question: the schema that holds it, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.api.asking.coverage import Span
from apps.api.asking.question import Question
from apps.api.bedrock_service.teaching import INTENT_NAMES
from apps.api.types import Plan, PlanKind, Reason

NAME = "plan"
DESCRIPTION = "The question as SQL, or why there is none."
REASONS: Mapping[PlanKind, tuple[str, ...]] = {
    "answer": (),
    "refusal": (
        *("not_recorded", "identity", "no_wall_clock", "contradiction", "impossible_time"),
        *("unknown_video", "not_a_question", "unsupported_language", "unsafe", "no_videos", "other"),
    ),
    "clarification": ("too_vague", "which_one", "who", "when", "where", "which_video", "other"),
}
LONGEST_SQL = 20_000
LONGEST_REASON = 500
LONGEST_LOOKUP = 1_000
LONGEST_MEANING = 500
_LAST_SECOND = 10_000_000

_MOMENT = {"type": "string", "description": "ISO 8601 with offset"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "reading": {"type": "string", "description": "One sentence: what is looked for, by which rules."},
        "kind": {"type": "string", "enum": list(REASONS)},
        "intent": {"type": "string", "enum": list(INTENT_NAMES)},
        "sql": {"type": "string", "maxLength": LONGEST_SQL},
        "evidence_sql": {"type": "string", "maxLength": LONGEST_SQL},
        "searched": {
            "type": "object",
            "description": "The span that the SQL looks at; an open end is left out.",
            "properties": {
                "from": {"type": "number"},
                "to": {"type": "number"},
                "clock_from": _MOMENT,
                "clock_to": _MOMENT,
                "videos": {"type": "array", "items": {"type": "integer"}},
            },
            "additionalProperties": False,
        },
        "reason_code": {"type": "string", "enum": sorted({*REASONS["refusal"], *REASONS["clarification"]})},
        "reason": {"type": "string", "description": "For the person, in the language of the question."},
        "lookup": {"type": "string", "description": "What to look up in the handbook, if anything."},
        "meaning": {"type": "string", "description": "A scene to look for by its meaning, if any."},
    },
    "required": ["reading", "kind", "sql", "evidence_sql"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class PlanReply:
    plan: Plan
    span: Span
    lookup: str = ""
    meaning: str = ""


def read_reply(data: Mapping[str, Any], *, question: Question, model: str) -> PlanReply:
    """`data` fits the schema; what the schema cannot say is put right here."""
    kind: PlanKind = data["kind"]
    if kind != "answer":
        code = data.get("reason_code") or "other"
        reason = Reason(
            code if code in REASONS[kind] else "other", str(data.get("reason") or "")[:LONGEST_REASON]
        )
        return PlanReply(Plan(kind=kind, reason=reason, engine="bedrock", model=model), Span())
    plan = Plan(
        kind="answer",
        sql=data["sql"].strip(),
        evidence_sql=data["evidence_sql"].strip(),
        intent=data.get("intent"),
        engine="bedrock",
        model=model,
    )
    lookup = str(data.get("lookup") or "").strip()[:LONGEST_LOOKUP]
    meaning = " ".join(str(data.get("meaning") or "").split())[:LONGEST_MEANING]
    return PlanReply(plan, _span(data.get("searched") or {}, question), lookup, meaning)


def _span(searched: Mapping[str, Any], question: Question) -> Span:
    zone = ZoneInfo(question.videos[0].timezone) if question.videos else None
    return Span(
        from_=_seconds(searched.get("from")),
        to=_seconds(searched.get("to")),
        clock_from=_moment(searched.get("clock_from"), zone),
        clock_to=_moment(searched.get("clock_to"), zone),
        videos=tuple(i for i in searched.get("videos") or () if i in question.video_ids),
    )


def _seconds(value: Any) -> float | None:
    return float(value) if value is not None and 0 <= value <= _LAST_SECOND else None


def _moment(value: Any, zone: ZoneInfo | None) -> datetime | None:
    """A span that cannot be read is as if it had not been said: it is the model's word about its SQL."""
    try:
        at = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    if at is None or not 1900 <= at.year <= 2200:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)
