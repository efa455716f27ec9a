"""What was asked, as far as phrasing needs it: from the offline engine's typed reading where there is one,
else from the shape of the result. Tolerant: an unknown or missing field is as if it had not been asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.api.phrase.infer import infer
from apps.api.types import Evidence, Plan, Result, Searched

# A reading less certain than UNSURE_BELOW is said back before the answer. (The engine does not answer at all
# below its own, lower, threshold.)
UNSURE_BELOW = 0.8

Dict = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    intent: str
    asks: str = ""
    filters: Dict = field(default_factory=dict)
    excluded: Dict = field(default_factory=dict)
    part: Dict = field(default_factory=dict)
    part_offset: Dict = field(default_factory=dict)
    part_clock: Dict = field(default_factory=dict)
    person_of: Dict = field(default_factory=dict)
    offset: Dict | None = None
    clock: Dict | None = None
    order: str = "time"
    limit: int | None = None
    nth: int | None = None
    extreme: Dict = field(default_factory=dict)
    group_by: str | None = None
    counted: str = "events"
    measure: str | None = None
    compare: Dict = field(default_factory=dict)
    sequence: Dict = field(default_factory=dict)
    videos: tuple[int, ...] = ()
    without_clock: tuple[int, ...] = ()
    understood: str = ""
    certainty: float = 1.0
    guessed: bool = False  # from the shape of the result: what was looked for is not known

    @property
    def unsure(self) -> bool:
        return bool(self.understood) and self.certainty < UNSURE_BELOW


def read(*, plan: Plan, result: Result, evidence: Evidence) -> Reading:
    query = plan.query if isinstance(plan.query, Mapping) else {}
    if not query.get("intent"):
        guess = infer(result=result, evidence=evidence, hint=plan.intent)
        return Reading(
            intent=guess.intent,
            group_by=guess.group_by,
            measure=guess.measure,
            counted=guess.counted,
            guessed=True,
        )
    return Reading(
        intent=str(query["intent"]),
        asks=str(query.get("asks") or ""),
        filters=_mapping(query.get("filters")),
        excluded=_mapping(query.get("not")),
        part=_mapping(query.get("part")),
        part_offset=_mapping(query.get("part_offset")),
        part_clock=_mapping(query.get("part_clock")),
        person_of=_mapping(query.get("person_of")),
        offset=query.get("offset"),
        clock=query.get("clock"),
        order=str(query.get("order") or "time"),
        limit=query.get("limit"),
        nth=query.get("nth"),
        extreme=_mapping(query.get("extreme")),
        group_by=query.get("group_by"),
        counted=str(query.get("counted") or "events"),
        measure=query.get("measure"),
        compare=_mapping(query.get("compare")),
        sequence=_mapping(query.get("sequence")),
        videos=tuple(query.get("videos") or ()),
        without_clock=tuple(query.get("without_clock") or ()),
        understood=str(query.get("understood") or ""),
        certainty=float(query.get("certainty", 1.0)),
    )


def searched(*, plan: Plan) -> Searched:
    """What an answer to this plan may speak of without a row to show for it."""
    query = plan.query if isinstance(plan.query, Mapping) else {}
    every = list(_filters_of(query))
    spans: list[tuple[Any, Any]] = []
    for offset in (_mapping(query.get("offset")), _mapping(query.get("part_offset"))):
        spans += [(offset.get("from"), offset.get("to"))] if offset else []
        if offset.get("anchor") == "end":
            spans.append((offset.get("anchor_from"), offset.get("anchor_to")))
    spans += [(c.get("from"), c.get("to")) for c in query.get("coverage") or ()]
    lasting = [_mapping(f.get("duration")) for f in every]
    spans += [
        (0.0, bounds.get(end)) for bounds in lasting for end in ("from", "to") if bounds.get(end) is not None
    ]
    if (within := _mapping(query.get("sequence")).get("within")) is not None:
        spans.append((0.0, within))
    windows: list[Dict] = []
    for clock in (_mapping(query.get("clock")), _mapping(query.get("part_clock"))):
        windows += [clock, *(clock.get("windows") or ())] if clock else []
    ages = [(a.get("from"), a.get("to")) for f in every for a in f.get("ages") or ()]
    figures = [query.get("limit"), query.get("nth")]
    figures += [_mapping(f.get("confidence")).get(end) for f in every for end in ("from", "to")]
    return Searched(
        spans=tuple(spans),
        clock=tuple((moment(w.get("from")), moment(w.get("to"))) for w in windows),
        ages=tuple(ages),
        texts=tuple(_said(query)),
        any_of=tuple(_mapping(query.get("filters")).get("types") or ()),
        codes=tuple(_codes(every)),
        figures=tuple(float(f) for f in figures if isinstance(f, int | float)),
    )


def moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _mapping(value: Any) -> Dict:
    return value if isinstance(value, Mapping) else {}


def _filters_of(query: Dict) -> Iterator[Dict]:
    for name in ("filters", "not", "part", "person_of"):
        yield _mapping(query.get(name))
    for name in ("first", "then"):
        yield _mapping(_mapping(query.get("sequence")).get(name))
    for side in _mapping(query.get("compare")).get("sides") or ():
        yield _mapping(side.get("filters"))


def _codes(every: list[Dict]) -> Iterator[str]:
    for index, filters in enumerate(every):
        yield from filters.get("genders") or ()
        yield from (
            (filters.get("types") or ()) if index else ()
        )  # the main filter's are those of the evidence


def _said(value: Any) -> Any:
    """Every `said`, `label`, track and understanding in the reading, wherever it stands."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("said", "label", "understood") and isinstance(item, str):
                yield item
            elif key in ("tracks", "matched"):
                yield from (str(each) for each in item or ())
            else:
                yield from _said(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _said(item)
