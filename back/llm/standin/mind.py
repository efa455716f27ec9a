"""A mind for work by hand: questions planned by the offline engine, what was found worded without a model.

It reads what a prompt of ours holds: the videos, the question, the JSON schema of the plan, what was found. A
prompt without videos is planned from its event types and spans of minutes alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llm.standin import read_back, wording
from llm.standin.script import Answer, Recorded, Reply
from semantics import VOCABULARY

COLUMNS = (
    "id, video_id, timestamp, end_timestamp, event_type, action_detected, location, age, gender, "
    "confidence, track_id, description"
)

_SPANS = (
    re.compile(r"(\d+)\s*분\s*(?:에서|부터|~|-)\s*(\d+)\s*분"),
    re.compile(r"(?:between|from)\s+(?:minutes?\s+)?(\d+)\s+(?:and|to)\s+(?:minutes?\s+)?(\d+)", re.I),
    re.compile(r"minutes?\s+(\d+)\s*(?:-|to|and)\s*(\d+)", re.I),
)
_MINUTE = re.compile(r"(\d+)\s*분(?!\s*\d*\s*초)(?:에|대|쯤)|(?:at|in) minute (\d+)", re.I)
_COUNT = re.compile(r"몇\s*(?:번|건|개|차례)|how many", re.I)
_FIRST = re.compile(r"처음|첫|최초|\bfirst\b", re.I)
_LAST = re.compile(r"마지막|최근|\b(?:last|latest)\b", re.I)


def mind(request: Recorded) -> Answer | None:
    if request.operation not in ("Converse", "ConverseStream"):
        return None
    asked = read_back.asked(request.body)
    schema = read_back.schema(request.body)
    question = read_back.question(asked)
    if schema is None:
        return Reply(text=wording.phrase(question, asked))
    videos = read_back.data(asked, "videos")
    if not isinstance(videos, list):
        return Reply(data=fitted(plan(question), schema))
    return Reply(data=fitted(_by_the_offline_engine(question, asked, videos), schema))


@dataclass(frozen=True, slots=True)
class Plan:
    kind: str
    sql: str
    evidence_sql: str
    reason: str = ""
    reason_code: str | None = None
    intent: str | None = None
    searched: Mapping[str, Any] | None = None


def _by_the_offline_engine(question: str, asked: str, videos: list[Mapping[str, Any]]) -> Plan:
    from text2sql.contract import Question  # its dictionary takes a moment to load
    from text2sql.engine import reply

    listed = [
        {**video, "locations": video.get("places", ()), "recorded_at": video.get("recorded_from")}
        for video in videos
        if "id" in video
    ]
    read = Question(
        prompt=question,
        videos=listed,
        now=(read_back.words(asked, "now").split(" ") or [""])[0] or None,
        history=[
            {"prompt": turn["question"], "evidence": turn.get("evidence")}
            for turn in read_back.data(asked, "history") or ()
        ],
    )
    made = reply(
        prompt=read.prompt,
        videos=tuple(video.video() for video in read.videos),
        chosen=listed[0]["id"] if len(listed) == 1 else None,
        now=read.moment(),
        history=read.turns(),
    )
    if made.query is None or made.kind != "answer":
        reason = made.reason
        return Plan(made.kind, "", "", reason.text if reason else "", reason.code if reason else None)
    span, clock = made.query.offset, made.query.clock
    ends = {
        "from": span.from_ if span else None,
        "to": span.to if span else None,
        "clock_from": clock.from_ if clock else None,
        "clock_to": clock.to if clock else None,
    }
    return Plan(
        "answer",
        made.sql or "",
        _evidence(made.sql or "", made.evidence_sql or ""),
        intent=made.query.intent.value,
        searched={name: end for name, end in ends.items() if end is not None},
    )


def _evidence(sql: str, evidence_sql: str) -> str:
    """Where the rows are the events themselves the prompt wants none."""
    same = sql.partition(" FROM ")[2] == evidence_sql.partition(" FROM ")[2]
    return "" if same and sql.startswith("SELECT e.id, ") else evidence_sql


def plan(question: str) -> Plan:
    where = " AND ".join((*_type_condition(question), *_span_condition(question)))
    scope = f" WHERE {where}" if where else ""
    listing = f"SELECT {COLUMNS} FROM db_event{scope} ORDER BY video_id, timestamp"  # noqa: S608
    if not where and not re.search("이벤트|event|장면|무슨 일|what happened", question, re.I):
        return Plan(
            "clarification", "", "", "무엇을 찾을까요?" if wording.korean(question) else "What to look for?"
        )
    if _COUNT.search(question):
        return Plan("answer", f"SELECT COUNT(*) AS count FROM db_event{scope}", listing)  # noqa: S608
    if _FIRST.search(question):
        listing = f"{listing} LIMIT 1"
    elif _LAST.search(question):
        listing = listing.replace("ORDER BY video_id, timestamp", "ORDER BY timestamp DESC LIMIT 1")
    return Plan("answer", listing, listing)


def _type_condition(question: str) -> Iterator[str]:
    lowered = question.casefold()
    for group in VOCABULARY.event_groups:
        words = [*group.words.ko, *group.words.en]
        if not group.only_alone and group.severity and any(word in lowered for word in words):
            yield f"severity IN ({', '.join(map(str, sorted(group.severity)))})"
            return
    found = sorted({event.code for event in VOCABULARY.event_types if _names(event.words, lowered)})
    if found:
        yield f"event_type IN ({', '.join(repr(code) for code in found)})"


def _names(words: Any, lowered: str) -> bool:
    # A verb by its stem (훔치…); one syllable alone tells nothing.
    korean = (word[:-1] if word.endswith("다") else word for word in words.ko)
    return any(len(stem) > 1 and stem in lowered for stem in korean) or any(
        re.search(rf"\b{re.escape(word)}", lowered) for word in words.en
    )


def _span_condition(question: str) -> Iterator[str]:
    for pattern in _SPANS:
        if match := pattern.search(question):
            yield f"timestamp >= {int(match[1]) * 60} AND timestamp <= {int(match[2]) * 60}"
            return
    if match := _MINUTE.search(question):
        minute = int(match[1] or match[2])
        yield f"timestamp >= {minute * 60} AND timestamp < {minute * 60 + 60}"


def fitted(made: Plan, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's fields that the schema has, and something harmless for the others that it requires."""
    data: dict[str, Any] = {}
    for name, rule in schema.get("properties", {}).items():
        value = getattr(made, name, None)
        if value is not None and (not rule.get("enum") or value in rule["enum"]):
            data[name] = value
        elif name in schema.get("required", ()):
            data[name] = _harmless(rule)
    return data


def _harmless(rule: Mapping[str, Any]) -> Any:
    if rule.get("enum"):
        return rule["enum"][0]
    kind = rule.get("type")
    if isinstance(kind, list):
        kind = "null" if "null" in kind else kind[0]
    return {"string": "", "array": [], "object": {}, "integer": 0, "number": 0, "boolean": False}.get(
        str(kind)
    )
