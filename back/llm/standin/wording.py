"""What was found, in a sentence or two: no model's wit, but every moment with its marker."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from llm.standin import read_back
from semantics import VOCABULARY

LISTED = 5
_HANGUL = re.compile(r"[가-힣]")
_UNITS = {"count_events": "건", "count_persons": "명", "count_vehicles": "대", "ratio": "%"}


def korean(text: str) -> bool:
    return bool(_HANGUL.search(text))


def phrase(question: str, asked: str) -> str:
    found = read_back.data(asked, "found")
    if isinstance(found, list):
        parts = [part for part in found if isinstance(part, Mapping)]
        told = {name: value for part in parts for name, value in part.items()}
        language = read_back.words(asked, "language")
        return _found(told, read_back.data(asked, "handbook"), ko=language == "Korean")
    return _events(read_back.events(asked), ko=korean(question))


def _found(told: Mapping[str, Any], handbook: Any, *, ko: bool) -> str:
    intent = str(told.get("asked_for", ""))
    events = [event for event in told.get("events", ()) if isinstance(event, Mapping)]
    if "value" in told:
        values = told["value"] if isinstance(told["value"], list) else [told["value"]]
        unit = _UNITS.get(intent, "") if ko else "%" if intent == "ratio" else ""
        said = ", ".join(f"{_number(value)}{unit}" for value in values if value is not None)
        if said:
            return f"{said}입니다." if ko else f"It is {said}."
        return "알 수 없습니다." if ko else "It is not known."
    if told.get("rows"):
        head = "세면 다음과 같습니다." if ko else "The counts are:"
        lines = [
            f"- {_label(row[0], ko)}: {_number(row[-1])}" for row in told["rows"] if isinstance(row, list)
        ]
        return "\n".join([head, *lines[:10]])
    if not events and isinstance(handbook, list) and handbook:
        return f"문서에는 이렇게 나와 있습니다: {handbook[0]}" if ko else f"The documents say: {handbook[0]}"
    if not events:
        return _nothing(ko)
    moments = [f"{event['moment']}[[e:{event['id']}]]" for event in events[:LISTED]]
    more = int(told.get("event_count", len(events))) - len(moments)
    return _listed(moments, str(events[0].get("kind", "")), more, ko=ko)


def _events(events: list[Mapping[str, Any]], *, ko: bool) -> str:
    if not events:
        return _nothing(ko)
    times = [_time(float(event["timestamp"]), ko) for event in events[:LISTED]]
    code = str(events[0].get("event_type", ""))
    kind = _label(code, ko) if code else ("해당" if ko else "an event")
    return _listed(times, kind, len(events) - len(times), ko=ko)


def _listed(moments: list[str], kind: str, more: int, *, ko: bool) -> str:
    if ko:
        rest = f" 그 밖에 {more}건이 더 있습니다." if more > 0 else ""
        return f"네, {', '.join(moments)}에 {kind} 이벤트가 있었습니다.{rest}"
    rest = f" There are {more} more." if more > 0 else ""
    return f"Yes: {kind} at {', '.join(moments)}.{rest}"


def _nothing(ko: bool) -> str:
    return "찾은 범위에는 그런 이벤트가 없습니다." if ko else "There is no such event in what was searched."


def _time(seconds: float, ko: bool) -> str:
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes}분 {left}초" if ko else f"{minutes}:{left:02d}"


def _label(value: Any, ko: bool) -> str:
    known = next(_words(str(value), ko), None)
    if known:
        return known
    if value in (None, ""):
        return "알 수 없음" if ko else "unknown"
    return str(value)


def _words(code: str, ko: bool) -> Iterator[str]:
    named = [(known.code, known.words) for known in VOCABULARY.event_types]
    named += [(known.code, known.words) for known in VOCABULARY.genders if known.words.ko]
    yield from (words.ko[0] if ko else words.en[0] for known, words in named if known == code)


def _number(value: Any) -> str:
    return f"{value:,.1f}".removesuffix(".0") if isinstance(value, (int, float)) else str(value)
