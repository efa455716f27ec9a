"""What the model is asked to fill in, and the reading of what it filled in, which is checked again."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from apps.videos.detectors.events import Box, DetectedEvent, rounded
from apps.videos.detectors.window import Window
from semantics import VOCABULARY

SOURCE = "claude"
MOST_EVENTS = 20

_TYPES = [event_type.code for event_type in VOCABULARY.event_types]
_GENDERS = [gender.code for gender in VOCABULARY.genders]
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_FIELDS: dict[str, Any] = {
    "start": {"type": "number"},
    "end": {"type": ["number", "null"]},
    "event_type": {"type": "string", "enum": _TYPES},
    "person": {"type": ["string", "null"]},
    "action_ko": {"type": "string"},
    "description_ko": {"type": "string"},
    "description_en": {"type": "string"},
    "location": {"type": "string"},
    "age": {"type": ["integer", "null"], "minimum": 0, "maximum": 120},
    "age_confidence": _SHARE,
    "gender": {"type": "string", "enum": _GENDERS},
    "gender_confidence": _SHARE,
    "confidence": _SHARE,
    "box": {"type": ["array", "null"], "items": _SHARE, "minItems": 4, "maxItems": 4},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["events"],
    "properties": {
        "events": {
            "type": "array",
            "maxItems": MOST_EVENTS,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(_FIELDS),
                "properties": _FIELDS,
            },
        }
    },
}

# Below this an estimate is a guess: kept in the attributes, not where a question would count it.
_SURE_ENOUGH = 0.5


def events_in(data: Any, window: Window) -> Iterator[DetectedEvent]:
    """The model's answer is untrusted: times are held to the window, texts to a length, the rest left out."""
    entries = data.get("events") if isinstance(data, Mapping) else None
    for entry in (entries if isinstance(entries, list) else [])[:MOST_EVENTS]:
        if isinstance(entry, Mapping) and entry.get("event_type") in _TYPES:
            event = _event(entry, window)
            if event is not None:
                yield event


def _event(entry: Mapping[str, Any], window: Window) -> DetectedEvent | None:
    start, end = _number(entry.get("start")), _number(entry.get("end"))
    if start is None or not window.start - 1 <= start <= window.end + 1:
        return None
    start = min(max(start, window.start), window.end)
    if end is not None:
        end = min(max(end, start), window.end)
    age, age_confidence = _number(entry.get("age")), _share(entry.get("age_confidence"))
    gender, gender_confidence = entry.get("gender"), _share(entry.get("gender_confidence"))
    attributes: dict[str, Any] = {"description_en": _text(entry.get("description_en"), 1000)}
    if age is not None and 0 <= age <= 120:
        attributes |= {"age_estimate": round(age), "age_confidence": age_confidence}
    if gender in _GENDERS and gender != "unknown":
        attributes |= {"gender_estimate": gender, "gender_confidence": gender_confidence}
    if entry.get("person"):
        attributes["person"] = _text(entry["person"], 20)
    return DetectedEvent(
        timestamp=round(start, 2),
        end_timestamp=None if end is None or end <= start else round(end, 2),
        event_type=entry["event_type"],
        action_detected=_text(entry.get("action_ko"), 200),
        location=_text(entry.get("location"), 200),
        age=attributes.get("age_estimate") if age_confidence >= _SURE_ENOUGH else None,
        gender=attributes.get("gender_estimate", "unknown")
        if gender_confidence >= _SURE_ENOUGH
        else "unknown",
        confidence=_share(entry.get("confidence")),
        description=_text(entry.get("description_ko"), 2000),
        bbox=_box(entry.get("box")),
        attributes=attributes,
        source=SOURCE,
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _share(value: Any) -> float:
    return round(min(1.0, max(0.0, _number(value) or 0.0)), 3)


def _text(value: Any, longest: int) -> str:
    return value.replace("\0", "").strip()[:longest] if isinstance(value, str) else ""


def _box(value: Any) -> Box | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    numbers = [_number(part) for part in value]
    if any(part is None or not 0 <= part <= 1 for part in numbers):
        return None
    left, top, width, height = (part for part in numbers if part is not None)
    box = rounded((left, top, width, height))
    return box if box[2] > 0 and box[3] > 0 else None
