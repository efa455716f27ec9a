"""Facts as filters."""

from dataclasses import replace

from text2sql.query import Bounds, Filters
from text2sql.reader.draft import Draft, Fact
from text2sql.semantics_rows import GROUPS

FILTERS = ("type", "group", "gender", "age", "place", "word", "track", "confidence", "duration", "events")


def filters_of(facts: list[Fact], draft: Draft, *, negated: bool = False) -> Filters:
    mine = [fact for fact in facts if fact.negated == negated and fact.kind in FILTERS]
    types = [fact.value for fact in mine if fact.kind == "type"]
    groups = [fact.value for fact in mine if fact.kind == "group"]
    severities: set[int] | None = None
    for code in groups:
        group = GROUPS[code]
        if group.severity is None:
            types += sorted(group.types)
        elif code != "every":
            if severities is None:
                severities = set(group.severity)
            elif code == "incident" or severities == {1, 2}:  # 심각한 사건, dangerous incident
                severities &= set(group.severity)
            else:
                severities = severities & set(group.severity) or severities | set(group.severity)
    return Filters(
        types=_unique(types),
        severities=tuple(sorted(severities or ())),
        group=next((code for code in groups if code != "every"), None),
        genders=_unique(f.value for f in mine if f.kind == "gender"),
        ages=_unique(f.value for f in mine if f.kind == "age"),
        places=_unique(f.value for f in mine if f.kind == "place"),
        words=_unique(f.value for f in mine if f.kind == "word"),
        tracks=_unique(f.value for f in mine if f.kind == "track"),
        event_ids=next((f.value for f in mine if f.kind == "events"), ()),
        confidence=_both([f.value for f in mine if f.kind == "confidence"]),
        duration=_both([f.value for f in mine if f.kind == "duration"]),
    )


def _unique(values):  # type: ignore[no-untyped-def]
    return tuple(dict.fromkeys(values))


def _both(bounds: list[Bounds]) -> Bounds | None:
    if not bounds:
        return None
    result = bounds[0]
    for other in bounds[1:]:
        if other.from_ is not None:
            result = replace(result, from_=other.from_, from_inclusive=other.from_inclusive)
        if other.to is not None:
            result = replace(result, to=other.to, to_inclusive=other.to_inclusive)
    return result
