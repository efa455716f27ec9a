import json
from datetime import datetime
from pathlib import Path

from apps.api.types import Coverage, EventRow, Evidence, Plan, Reason, Result, VideoInfo

CASES = Path(__file__).with_name("cases")
NOW = datetime.fromisoformat("2026-05-10T09:00:00+09:00")


def _moment(value):
    return datetime.fromisoformat(value) if value else None


VIDEOS = {
    raw["id"]: VideoInfo(**{**raw, "recorded_at": _moment(raw["recorded_at"])})
    for raw in json.loads((CASES / "videos.json").read_text(encoding="utf-8"))
}
EVENTS = {
    raw["id"]: EventRow(**raw)
    for raw in map(json.loads, (CASES / "events.jsonl").read_text(encoding="utf-8").splitlines())
}


def answer_case(case):
    """The arguments of `templated` (but the language) for one entry of answers.toml."""
    events = tuple(EVENTS[i] for i in case.get("events", ()))
    result = case.get("result", {})
    reason = case.get("reason")
    return {
        "plan": Plan(
            kind=case.get("kind", "answer"),
            query=case.get("query"),
            intent=case.get("intent"),
            reason=Reason(**reason) if reason else None,
        ),
        "result": Result(
            columns=tuple(result.get("columns", ())),
            # TOML knows no null: an empty table stands for it
            rows=tuple(tuple(None if c == {} else c for c in row) for row in result.get("rows", ())),
            truncated=result.get("truncated", False),
        ),
        "evidence": Evidence(events, case.get("count", len(events))),
        "coverage": tuple(
            Coverage(**{"from_" if key == "from" else key: value for key, value in each.items()})
            for each in case.get("coverage", ())
        ),
        "videos": tuple(VIDEOS[i] for i in case.get("videos", [11])),
        "now": NOW,
        "question": case.get("question", ""),
    }
