"""Answers that are rows of a label and a number, and whatever table a model's SQL may bring."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.api.phrase import describe
from apps.api.phrase.infer import is_number, measure_of
from apps.api.phrase.kinds.values import figure, measured
from apps.api.phrase.reading import moment
from apps.api.phrase.rich import Rich, join
from apps.api.phrase.telling import Telling
from semantics import VOCABULARY

MOST_ROWS = 20
_TYPES = frozenset(t.code for t in VOCABULARY.event_types)
_GENDERS = frozenset(g.code for g in VOCABULARY.genders)
_GROUPS = frozenset(g.code for g in VOCABULARY.event_groups)
_COMPARED = {"age": "age_decade", "time": None, "group": None}


def label(t: Telling, by: str | None, value: Any, *, several: bool = False) -> str:
    """A cell of a grouping as a person reads it."""
    if value is None or value == "":
        return t.say("grouping.unknown").text
    number = figure(value)
    if by == "type" and value in _TYPES:
        return t.voice.kind(value, several=several)
    if by == "gender" and value in _GENDERS:
        return t.voice.gender(value, several=True)
    if number is not None and number == int(number):
        whole = int(number)
        if by == "age_decade":
            return t.voice.decade(whole)
        if by == "hour" and 0 <= whole < 24:
            return t.voice.hour(whole)
        if by == "minute":
            return t.voice.minute(whole)
        if by == "severity" and whole in (0, 1, 2):
            return t.say(f"severity.level_{whole}").text
        if by == "video" and t.video(whole):
            return t.video_name(whole)
    if number is not None and not isinstance(value, str):
        return t.voice.number(number, places=2)
    if by == "date" and (day := _date(value)):
        return t.voice.day(day, t.today(t.videos[0].timezone if t.videos else "UTC"))
    return cell(t, value)


def cell(t: Telling, value: Any) -> str:
    if isinstance(value, bool):
        return t.say(f"truth.{'yes' if value else 'no'}").text
    if isinstance(value, int | float):
        return t.voice.number(value, places=2)
    if value in _TYPES:
        return t.voice.kind(value)
    if value in _GENDERS:
        return t.voice.gender(value)
    if value in _GROUPS:
        return t.say(f"group.{value}").text
    if at := moment(value) if not isinstance(value, str) or "T" in value else None:
        zone = t.videos[0].timezone if t.videos else "UTC"
        return t.clock(at.astimezone(ZoneInfo(zone)) if at.tzinfo else at, with_day=True, zone=zone)
    return t.quoted(str(value))


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _pairs(t: Telling, by: str | None) -> list[tuple[str, float]]:
    return [(label(t, by, row[0]), figure(row[-1]) or 0.0) for row in t.result.rows if len(row) >= 2]


def _unit(t: Telling, n: float) -> Rich:
    return t.say(f"unit.{t.reading.counted}", n=t.voice.number(n))


def _told(t: Telling) -> dict[str, Any]:
    by = t.reading.group_by or "other"
    named = {"dimension": t.say(f"dimension.{by}"), "by": t.say(f"by.{by}")}
    return {"scope": describe.scope(t), "what": describe.what(t), **named}


def grouping(t: Telling) -> Rich:
    pairs = _pairs(t, t.reading.group_by)
    shown = [Rich("\n- ") + t.say("grouping.row", label=name, n=_unit(t, n)) for name, n in pairs[:MOST_ROWS]]
    if rest := len(pairs) - len(shown):
        shown.append(Rich("\n- ") + t.say("grouping.rest", count=t.voice.number(rest)))
    return t.say("grouping.head", **_told(t)) + join("", shown)


def most_frequent(t: Telling) -> Rich:
    """The top, all ties included; rows below the top, which a model's SQL may bring along, are left out."""
    pairs = _pairs(t, t.reading.group_by)
    fewest = t.reading.order == "fewest"
    top = (min if fewest else max)(n for _, n in pairs)
    names = [name for name, n in pairs if n == top]
    key = f"most.{'fewest_' if fewest else ''}{'one' if len(names) == 1 else 'ties'}"
    return t.say(key, label=t.voice.all_of(names), n=_unit(t, top), **_told(t))


def comparison(t: Telling) -> Rich:
    asked = t.reading.compare.get("by") or t.reading.group_by
    by = _COMPARED.get(asked, asked) if asked else None
    said = {side.get("label"): side.get("said") for side in t.reading.compare.get("sides") or ()}
    plain = asked in _COMPARED
    pairs = [
        (
            t.quoted(said[row[0]]) if plain and said.get(row[0]) else label(t, by, row[0], several=True),
            figure(row[-1]) or 0.0,
        )
        for row in t.result.rows
        if len(row) >= 2
    ]
    pairs.sort(key=lambda pair: -pair[1])
    scope, labels = describe.scope(t), t.voice.all_of([name for name, _ in pairs])
    if not pairs or pairs[0][1] == 0:
        return t.say("comparison.none", scope=scope, labels=labels)
    (larger, n), rest = pairs[0], pairs[1:]
    if rest and rest[-1][1] == n:
        return t.say("comparison.tie", scope=scope, labels=labels, n=_unit(t, n))
    if len(rest) == 1:
        smaller, m = rest[0]
        return t.say(
            "comparison.larger", scope=scope, larger=larger, smaller=smaller, n=_unit(t, n), m=_unit(t, m)
        )
    top = [name for name, each in pairs if each == n]
    others = [t.say("comparison.other", label=name, n=_unit(t, each)) for name, each in pairs if each != n]
    told = {"scope": scope, "larger": t.voice.all_of(top), "n": _unit(t, n), "others": join(", ", others)}
    return t.say("comparison.several" if others else "comparison.alone", **told)


def _in_unit(t: Telling, at: int, value: Any) -> str:
    """1,800 of a video's length are 30 minutes, not 1,800 of anything."""
    measure = measure_of(t.result, at)
    if measure and is_number(value):
        return measured(t, measure, value)
    return cell(t, value)


def table(t: Telling) -> Rich:
    """Rows of a shape that nobody foresaw: their cells, one row a line. Ids are no news to a person."""
    shown_columns = [
        i
        for i, name in enumerate(t.result.columns)
        if not (name.lower() == "id" or name.lower().endswith("_id"))
    ]
    rows = [
        join(", ", [_in_unit(t, i, row[i]) for i in shown_columns if row[i] is not None])
        for row in t.result.rows
    ]
    rows = [row for row in rows if row]
    if not rows:
        return t.say("attribute.none", scope=describe.scope(t), what=describe.what(t))
    if len(rows) == 1:
        return t.say("table.single", row=rows[0])
    lines = [Rich("\n- ") + row for row in rows[:MOST_ROWS]]
    if rest := len(rows) - len(lines):
        lines.append(Rich("\n- ") + t.say("table.rest", count=t.voice.number(rest)))
    return t.say("table.head") + join("", lines)
