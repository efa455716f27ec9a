"""Answers that are one figure."""

import math
from typing import Any

from apps.api.phrase import describe
from apps.api.phrase.infer import is_number
from apps.api.phrase.rich import Rich, join
from apps.api.phrase.stored import clean
from apps.api.phrase.telling import SPELLED_OUT, Telling

MOST_VALUES = 10


def figure(value: Any) -> float | None:
    """A number out of a cell; PostgreSQL's numeric may arrive as text."""
    if not is_number(value) and not isinstance(value, str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _value(t: Telling) -> float | None:
    return figure(t.result.rows[0][-1]) if t.result.rows and t.result.rows[0] else None


def count_events(t: Telling) -> Rich:
    value = _value(t)
    count = t.count if value is None else int(value)
    told = {"scope": describe.scope(t), "what": describe.what(t), "count": t.voice.number(count)}
    if not count:
        return t.say("count.events_none", **told)
    if len(t.events) == count <= SPELLED_OUT:
        return t.say("count.events_at", moments=t.moments(), **told)
    return t.say("count.events", **told)


def count_others(t: Telling) -> Rich:
    kind, count = t.reading.intent.removeprefix("count_"), int(_value(t) or 0)
    key = f"count.{kind}" if count else f"count.{kind}_none"
    return t.say(key, scope=describe.scope(t), what=describe.what(t), count=t.voice.number(count))


def ratio(t: Telling) -> Rich:
    value = _value(t)
    whole = describe.what(t)
    if value is None:
        return t.say("ratio.none", scope=describe.scope(t), whole=whole)
    percent = t.voice.number(value)
    if when := describe.span_of(t, t.reading.part_offset, t.reading.part_clock):
        return t.say("ratio.time", scope=describe.scope(t), whole=whole, span=when, percent=percent)
    if not t.reading.part:
        return t.say("ratio.plain", percent=percent)
    # The matching side is asked for beside the filters of the whole: what it adds is what names it.
    own = {name: it for name, it in t.reading.part.items() if it and it != t.reading.filters.get(name)}
    part = describe.what(t, own)
    return t.say("ratio.value", scope=describe.scope(t), whole=whole, part=part, percent=percent)


def measured(t: Telling, measure: str | None, value: Any) -> str:
    """A value in the unit of what was measured: 26.4세, 1분 52초, 94%, 여성."""
    if measure == "gender":
        return t.voice.gender(str(value))
    number = figure(value)
    if number is None:
        return t.quoted(str(value))
    if measure == "age":
        return t.voice.age(number)
    if measure == "duration":
        return t.voice.length(number)
    if measure == "confidence":
        return f"{t.voice.number(100 * number)}%"
    return t.voice.number(number, places=2)


def average(t: Telling) -> Rich:
    value, measure = _value(t), t.reading.measure
    told = {"scope": describe.scope(t), "what": describe.what(t)}
    if value is None:
        return t.say("average.none", **told)
    known = measure if measure in ("age", "duration", "confidence") else "figure"
    return t.say(f"average.{known}", value=measured(t, measure, value), **told)


def total(t: Telling) -> Rich:
    value = _value(t)
    told = {"scope": describe.scope(t), "what": describe.what(t)}
    if value is None:
        return t.say("total.none", **told)
    return t.say("total.value", value=t.voice.length(value), **told)


def attribute(t: Telling) -> Rich:
    """The distinct values of one property of the events."""
    from apps.api.phrase.kinds.rows import label

    measure = t.reading.measure
    cells = [row[0] for row in t.result.rows if row and row[0] is not None and clean(str(row[0]))]
    told = {"scope": describe.scope(t), "what": describe.what(t)}
    if not cells:
        return t.say("attribute.none", **told)
    known = measure if measure in ("age", "gender", "duration", "confidence") else "figure"
    say = measured if known != "figure" else label
    values = join(", ", [say(t, measure, cell) for cell in cells[:MOST_VALUES]])
    more = len(cells) - MOST_VALUES
    rest = t.say("attribute.rest", count=more) if more > 0 else Rich()
    return t.say(f"attribute.{known}", values=values, **told) + rest
