"""A modest mind for work by hand: it plans simple questions and words the evidence, without any model.

It reads what any prompt of ours must hold: the question, the JSON schema of the plan, the events as JSON. It
knows event types and spans of minutes, and no more; the offline engine is the one to ask for the rest.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llm.schemas import json_in
from llm.standin.answers import asked_tool
from llm.standin.script import Answer, Recorded, Reply
from semantics import VOCABULARY

COLUMNS = (
    "id, video_id, timestamp, end_timestamp, event_type, action_detected, location, age, gender, "
    "confidence, track_id, description"
)
LISTED = 5

_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.S)
_SPANS = (
    re.compile(r"(\d+)\s*분\s*(?:에서|부터|~|-)\s*(\d+)\s*분"),
    re.compile(r"(?:between|from)\s+(?:minutes?\s+)?(\d+)\s+(?:and|to)\s+(?:minutes?\s+)?(\d+)", re.I),
    re.compile(r"minutes?\s+(\d+)\s*(?:-|to|and)\s*(\d+)", re.I),
)
_MINUTE = re.compile(r"(\d+)\s*분(?!\s*\d*\s*초)(?:에|대|쯤)|(?:at|in) minute (\d+)", re.I)
_COUNT = re.compile(r"몇\s*(?:번|건|개|차례)|how many", re.I)
_FIRST = re.compile(r"처음|첫|최초|\bfirst\b", re.I)
_LAST = re.compile(r"마지막|최근|\b(?:last|latest)\b", re.I)
_HANGUL = re.compile(r"[가-힣]")


def mind(request: Recorded) -> Answer | None:
    if request.operation not in ("Converse", "ConverseStream"):
        return None
    asked = _asked(request.body)
    schema = _schema(request.body)
    if schema is not None:
        return Reply(data=fitted(plan(_question(asked)), schema))
    return Reply(text=phrase(_question(asked), _events(asked)))


@dataclass(frozen=True, slots=True)
class Plan:
    kind: str
    sql: str
    evidence_sql: str
    reason: str


def plan(question: str) -> Plan:
    where = " AND ".join((*_type_condition(question), *_span_condition(question)))
    scope = f" WHERE {where}" if where else ""
    listing = f"SELECT {COLUMNS} FROM db_event{scope} ORDER BY video_id, timestamp"  # noqa: S608
    if not where and not re.search("이벤트|event|장면|무슨 일|what happened", question, re.I):
        return Plan(
            "clarification", "", "", "무엇을 찾을까요?" if _HANGUL.search(question) else "What to look for?"
        )
    if _COUNT.search(question):
        return Plan("answer", f"SELECT COUNT(*) AS count FROM db_event{scope}", listing, "")  # noqa: S608
    if _FIRST.search(question):
        listing = f"{listing} LIMIT 1"
    elif _LAST.search(question):
        listing = listing.replace("ORDER BY video_id, timestamp", "ORDER BY timestamp DESC LIMIT 1")
    return Plan("answer", listing, listing, "")


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


def phrase(question: str, events: list[Mapping[str, Any]]) -> str:
    korean = bool(_HANGUL.search(question))
    if not events:
        return (
            "찾은 범위에는 그런 이벤트가 없습니다."
            if korean
            else "There is no such event in what was searched."
        )
    times = [_time(float(event["timestamp"]), korean) for event in events[:LISTED]]
    more = len(events) - len(times)
    if korean:
        rest = f" 그 밖에 {more}건이 더 있습니다." if more else ""
        return f"네, {', '.join(times)}에 {_name(events[0], korean)} 이벤트가 있었습니다.{rest}"
    rest = f" There are {more} more." if more else ""
    return f"Yes: {_name(events[0], korean)} at {', '.join(times)}.{rest}"


def _time(seconds: float, korean: bool) -> str:
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes}분 {left}초" if korean else f"{minutes}:{left:02d}"


def _name(event: Mapping[str, Any], korean: bool) -> str:
    code = str(event.get("event_type", ""))
    words = next((known.words for known in VOCABULARY.event_types if known.code == code), None)
    if words is None:
        return "해당" if korean else "an event"
    return words.ko[0] if korean else words.en[0]


def _asked(body: Mapping[str, Any]) -> str:
    last = body["messages"][-1]["content"]
    texts = (
        block.get("text") or block.get("guardContent", {}).get("text", {}).get("text", "") for block in last
    )
    return "\n".join(texts)


def _question(asked: str) -> str:
    marked = _QUESTION.findall(asked)
    return str(marked[-1]) if marked else asked


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """From the output format, the forced tool, or the words that ask for JSON."""
    text_format = body.get("outputConfig", {}).get("textFormat", {})
    if written := text_format.get("structure", {}).get("jsonSchema", {}).get("schema"):
        return dict(json.loads(written))
    if asked_tool(body):
        return dict(body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"])
    last = next((part["text"] for part in reversed(body.get("system", [])) if "text" in part), "")
    if "valid by this schema" in last:
        return dict(json_in(last))
    return None


def _events(asked: str) -> list[Mapping[str, Any]]:
    try:
        return list(_dicts_with_a_time(json_in(asked)))
    except ValueError:
        return []


def _dicts_with_a_time(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("timestamp"), (int, float)):
            yield value
        else:
            for inner in value.values():
                yield from _dicts_with_a_time(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts_with_a_time(inner)
