"""What kind of result this is, told from its columns, its rows and the evidence, for plans without a reading.

Column names only help to decide; they are never shown."""

import re
from dataclasses import dataclass
from typing import Any

from apps.api.types import Evidence, Result
from semantics import VOCABULARY

_TYPES = frozenset(t.code for t in VOCABULARY.event_types)
_GENDERS = frozenset(g.code for g in VOCABULARY.genders)
EVENT_INTENTS = frozenset(
    {"existence", "when", "where", "list", "who", "first", "last", "nth", "extreme"}
    | {"sequence", "absence", "path", "summary"}
)
_ROW_INTENTS = frozenset({"grouping", "most_frequent", "comparison"})
_VALUE_INTENTS = frozenset(
    {"count_events", "count_persons", "count_vehicles", "ratio", "average", "total", "attribute"}
)
_GROUP_NAMES = (
    ("type", r"type"),
    ("gender", r"gender|sex"),
    ("age_decade", r"decade|age"),
    ("hour", r"hour"),
    ("minute", r"min"),
    ("date", r"date|day"),
    ("camera", r"camera"),
    ("site", r"site"),
    ("place", r"location|place"),
    ("severity", r"severity"),
    ("video", r"video|name"),
)


_MEASURES = {
    "db_event.age": "age",
    "db_event.gender": "gender",
    "db_event.confidence": "confidence",
    "db_event.duration": "duration",
    "db_event.timestamp": "duration",
    "db_event.end_timestamp": "duration",
    "db_video.duration": "duration",
    "db_video.analyzed_until": "duration",
}


@dataclass(frozen=True, slots=True)
class Guess:
    intent: str
    group_by: str | None = None
    measure: str | None = None
    counted: str = "events"


def infer(*, result: Result, evidence: Evidence, hint: str | None) -> Guess:
    columns = [name.lower() for name in result.columns]
    whole_events = "id" in columns or "event_id" in columns or {"timestamp", "event_type"} <= set(columns)
    if whole_events or not columns or (not result.rows and not evidence.count):
        return Guess(hint if hint in EVENT_INTENTS else "list")
    if len(columns) == 2 and result.rows and all(is_number(row[1]) for row in result.rows):
        if not _counts(result, 1):
            return Guess("table")
        label = columns[0]
        by = group_of(label, [row[0] for row in result.rows])
        few = "most_frequent" if len(result.rows) == 1 else "grouping"
        return Guess(
            hint if hint in _ROW_INTENTS else few, group_by=by, counted=_counted_by(result, 1, columns[1])
        )
    if len(columns) == 1 and result.rows:
        return _single(columns[0], result, evidence, hint)
    if evidence.count:
        return Guess(hint if hint in EVENT_INTENTS else "list")
    return Guess("table")


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def group_of(column: str, labels: list[Any]) -> str | None:
    known = {label for label in labels if label is not None}
    if known and known <= _TYPES:
        return "type"
    if known and known <= _GENDERS:
        return "gender"
    return next((by for by, pattern in _GROUP_NAMES if re.search(pattern, column)), None)


def _counts(result: Result, at: int) -> bool:
    """Whether a column says how many there are; where the guard said nothing, it is taken to."""
    return not result.meanings or result.meanings[at].kind == "count"


def measure_of(result: Result, at: int) -> str | None:
    """In which unit a column is told, by what it holds."""
    meaning = result.meanings[at] if at < len(result.meanings) else None
    if meaning is None or meaning.kind not in ("column", "figure"):
        return None
    return _MEASURES.get(meaning.column)


def _counted_by(result: Result, at: int, column: str) -> str:
    if at < len(result.meanings) and result.meanings[at].kind == "count":
        of = result.meanings[at].column
        if of == "db_event.track_id":
            return "vehicles" if _counted(column) == "vehicles" else "persons"
        if not of:
            return "events"
    return _counted(column)


def _counted(column: str) -> str:
    if re.search(r"vehicle|car\b|cars", column):
        return "vehicles"
    return "persons" if re.search(r"person|people|track|distinct|visitor", column) else "events"


def _measure(column: str) -> str | None:
    for measure, pattern in (
        ("age", r"age(?!.*dur)"),
        ("duration", r"dur|length|seconds|last"),
        ("confidence", r"conf"),
    ):
        if re.search(pattern, re.sub(r"average|percentage|coverage", "", column)):
            return measure
    return None


def _single(column: str, result: Result, evidence: Evidence, hint: str | None) -> Guess:
    value, measure = result.rows[0][0], measure_of(result, 0) or _measure(column)
    meaning = result.meanings[0] if result.meanings else None
    if meaning is not None and len(result.rows) == 1 and (is_number(value) or value is None):
        if meaning.kind == "count":
            counted = _counted_by(result, 0, column)
            return Guess(f"count_{counted}")
        if meaning.column.startswith("db_video."):
            return Guess("table")  # a property of videos, and no event's
        if meaning.kind == "figure" and measure:
            kind = {"avg": "average", "sum": "total"}.get(meaning.by, "attribute")
            return Guess(kind if kind != "total" or measure == "duration" else "attribute", measure=measure)
        if meaning.kind == "column":
            return Guess("attribute", measure=measure)
    if hint in _VALUE_INTENTS:
        return Guess(hint, measure=measure)
    if len(result.rows) > 1 or not (is_number(value) or value is None):
        return Guess("attribute", measure=measure or group_of(column, [row[0] for row in result.rows]))
    if re.search(r"ratio|percent|pct|share|rate", column):
        return Guess("ratio")
    if re.search(r"avg|average|mean", column):
        return Guess("average", measure=measure)
    if re.search(r"sum|total", column) and measure == "duration":
        return Guess("total", measure=measure)
    counted = _counted(column)
    if counted != "events":
        return Guess(f"count_{counted}")
    if re.search(r"count|cnt|\bn\b|num|total|events?$", column) or value == evidence.count:
        return Guess("count_events")
    return Guess("attribute", measure=measure)
