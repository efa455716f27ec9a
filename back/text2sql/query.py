"""The typed reading of a question: what was asked, of which events, and how sure the reader is of it.

`Query.to_dict()` is the `query` member of the service's reply. It is a contract: the answer templates and the
evaluator read it. Fields are added, never renamed; a value that was not asked for is null or empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal

Language = Literal["ko", "en"]


class Intent(StrEnum):
    """What the SQL returns: events (whole rows, `id` first), one `value`, or rows of (`label`, `n`)."""

    # events
    EXISTENCE = "existence"  # is there any: the events
    WHEN = "when"  # when: the events
    WHERE = "where"  # at which place, by which camera: the events
    LIST = "list"  # show them: the events
    WHO = "who"  # who, what did they look like: the events
    FIRST = "first"  # the first one; `limit` n for "the first five"
    LAST = "last"  # the last one; `limit` n for "the last five" (shown in time order)
    NTH = "nth"  # the `nth` one, from 1; `order` says from which end
    EXTREME = "extreme"  # the events at an extreme: see `extreme`; ties all count
    SEQUENCE = "sequence"  # the Bs that follow an A: see `sequence`
    ABSENCE = "absence"  # the As of persons who have no B: see `sequence`
    PATH = "path"  # what one person did, in order: `tracks`
    SUMMARY = "summary"  # what happened in the span: the events
    # one value
    COUNT_EVENTS = "count_events"
    COUNT_PERSONS = "count_persons"
    COUNT_VEHICLES = "count_vehicles"
    RATIO = "ratio"  # 100 x `part` / all, in per cent
    AVERAGE = "average"  # of `measure`
    TOTAL = "total"  # the sum of `measure` (duration)
    # the distinct values of `measure`, one a row ("how old": age; "man or woman": gender)
    ATTRIBUTE = "attribute"
    # rows of (label, n)
    GROUPING = "grouping"  # the whole grouping by `group_by`
    MOST_FREQUENT = "most_frequent"  # the top of it (the bottom with `order` = "fewest"), ties included
    COMPARISON = "comparison"  # counts of both sides: `compare`


Shape = Literal["events", "value", "rows"]
_VALUES = frozenset(
    {
        Intent.COUNT_EVENTS,
        Intent.COUNT_PERSONS,
        Intent.COUNT_VEHICLES,
        Intent.RATIO,
        Intent.AVERAGE,
        Intent.TOTAL,
        Intent.ATTRIBUTE,
    }
)
_ROWS = frozenset({Intent.GROUPING, Intent.MOST_FREQUENT, Intent.COMPARISON})

Measure = Literal["age", "duration", "confidence", "gender"]
GroupBy = Literal[
    "type",
    "place",
    "gender",
    "age_decade",
    "minute",
    "hour",
    "date",
    "camera",
    "video",
    "site",
    "severity",
    "track",
]
Counted = Literal["events", "persons", "vehicles"]


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Both ends are included; None is an open end. `said` is the word of the question (20대, 미성년자)."""

    from_: int | None = None
    to: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """`patterns` are looked for in `location` without spaces; `matched` are the places in scope they find."""

    said: str
    patterns: tuple[str, ...]
    matched: tuple[str, ...] = ()
    also: tuple[tuple[str, ...], ...] = ()  # further parts of the name, each of which must be found too


@dataclass(frozen=True, slots=True)
class Word:
    """A thing done or held: any of `patterns` in `action_detected` or `description`."""

    said: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VideoChoice:
    """A video, camera or site named in the question."""

    said: str
    by: Literal["name", "camera", "site"]
    video_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range of confidence (0 to 1) or of how long an event lasts (seconds)."""

    from_: float | None = None
    to: float | None = None
    from_inclusive: bool = True
    to_inclusive: bool = True
    said: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Fields are joined by and; the members of one field by or (`words`: by and)."""

    types: tuple[str, ...] = ()
    severities: tuple[int, ...] = ()  # empty: any
    group: str | None = None  # code of the group word: suspicious, incident, serious, routine, violence
    genders: tuple[str, ...] = ()
    ages: tuple[AgeRange, ...] = ()
    places: tuple[Place, ...] = ()
    words: tuple[Word, ...] = ()
    tracks: tuple[str, ...] = ()
    event_ids: tuple[int, ...] = ()  # the evidence that "that one" points at
    confidence: Bounds | None = None
    duration: Bounds | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """Seconds within the video. `from_` and `to` are resolved where all videos in scope agree, else None.

    `anchor` "end": the ends count back from the video's end (`anchor_from` = 600: the last ten minutes);
    "fraction": they are parts of the duration (0.5); "start": they are `from_` and `to` themselves.
    """

    from_: float | None = None
    to: float | None = None
    from_inclusive: bool = True
    to_inclusive: bool = True
    anchor: Literal["start", "end", "fraction"] = "start"
    anchor_from: float | None = None
    anchor_to: float | None = None
    negated: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class ClockWindow:
    """Moments of the wall clock, ISO 8601 with the offset of the video's zone; None is an open end."""

    from_: str | None = None
    to: str | None = None
    from_inclusive: bool = True
    to_inclusive: bool = True
    video_ids: tuple[int, ...] = ()  # empty: all in scope


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """HH:MM[:SS] in each video's own zone, on any day; None is an open end."""

    from_: str | None = None
    to: str | None = None
    to_inclusive: bool = True


@dataclass(frozen=True, slots=True)
class ClockSpan:
    """`from_` and `to` are those of the first and last window. No window: it lies outside every recording.

    `daily`, where many videos are in scope: any of these times of day, within `windows` if there are any.
    """

    windows: tuple[ClockWindow, ...] = ()
    daily: tuple[TimeOfDay, ...] = ()
    from_: str | None = None
    to: str | None = None
    negated: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Extreme:
    of: Literal["duration", "age", "confidence"]
    end: Literal["most", "least"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `label` is what the row carries (a type code, `male`, a place, a camera)."""

    label: str
    said: str
    filters: Filters
    video_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    by: Literal["type", "gender", "age", "place", "camera", "time", "group"]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """B after A. For an absence: As of persons without a B; `within` is then None."""

    first: Filters
    then: Filters
    within: float | None = 60.0
    same_person: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of one video is looked at, and whether all of that lies in the recording and has been analysed."""

    video_id: int
    from_: float
    to: float
    analyzed_until: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Query:
    intent: Intent
    language: Language
    # What is wanted of the events found: when | where | who | how_long | count | list | existence | age | …
    asks: str = "list"
    filters: Filters = field(default_factory=Filters)
    excluded: Filters = field(default_factory=Filters)  # `not` in the dict
    videos: tuple[int, ...] = ()  # chosen by `video_id` or by name; empty: all in scope
    video_choices: tuple[VideoChoice, ...] = ()
    offset: OffsetSpan | None = None
    clock: ClockSpan | None = None
    order: Literal["time", "time_desc", "most", "fewest"] = "time"
    limit: int | None = None
    nth: int | None = None
    extreme: Extreme | None = None
    group_by: GroupBy | None = None
    counted: Counted = "events"  # what a grouping or comparison counts
    measure: Measure | None = None
    part: Filters | None = None  # a ratio's matching side; `filters` is then the whole
    part_offset: OffsetSpan | None = None  # what share of them fell in it
    part_clock: ClockSpan | None = None
    person_of: Filters | None = None  # only persons who have such an event: "that person"
    compare: Comparison | None = None
    sequence: Sequence | None = None
    follow_up: bool = False
    inherited: tuple[str, ...] = ()  # names of the fields taken over from earlier questions
    coverage: tuple[Coverage, ...] = ()
    without_clock: tuple[int, ...] = ()  # videos a wall-clock filter cannot reach
    understood: str = ""
    certainty: float = 1.0
    not_understood: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()  # misspelt words as they were read: "도둑질 ← 도둗질"

    @property
    def shape(self) -> Shape:
        if self.intent in _VALUES:
            return "value"
        return "rows" if self.intent in _ROWS else "events"

    def to_dict(self) -> dict[str, Any]:
        return {"version": 1, "shape": self.shape, **_plain(self)}


_NAMES = {"from_": "from", "excluded": "not"}
_AS_IT_IS = frozenset({str, int, float, bool, type(None)})


@cache
def _fields(kind: type) -> tuple[tuple[str, str], ...]:
    """→ (what it is called outside, what it is called here)"""
    return tuple((_NAMES.get(field.name, field.name), field.name) for field in fields(kind))


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if is_dataclass(kind):
        return {name: _plain(getattr(value, attribute)) for name, attribute in _fields(kind)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
