"""What travels between the steps of a question. Frozen, free of Django and of any vendor.

Offsets are seconds from the start of a video; moments of the wall clock are aware datetimes. Every step takes
and gives these, so that each can be tested with values alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Language = Literal["ko", "en"]
PlanKind = Literal["answer", "refusal", "clarification"]
Engine = Literal["bedrock", "text2sql"]


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video in the scope of the question. `duration` and `recorded_at` are None where unknown."""

    id: int
    name: str
    camera: str = ""
    site: str = ""
    duration: float | None = None
    recorded_at: datetime | None = None
    timezone: str = "Asia/Seoul"
    status: str = "ready"
    analyzed_until: float = 0.0


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of db_event: the columns that vocabulary.toml names."""

    id: int
    video_id: int
    timestamp: float
    event_type: str
    end_timestamp: float | None = None
    occurred_at: datetime | None = None
    severity: int = 0
    action_detected: str = ""
    location: str = ""
    age: int | None = None
    gender: str = "unknown"
    confidence: float = 1.0
    track_id: str | None = None
    description: str = ""

    @property
    def length(self) -> float | None:
        return None if self.end_timestamp is None else self.end_timestamp - self.timestamp


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column of a result holds, as the guard reads it from the SQL's tree.

    column: a stored column as it is; count: how many rows (or persons); figure: computed from `column` by
    `by`; other: anything that is not one of these.
    """

    kind: Literal["column", "count", "figure", "other"]
    column: str = ""  # table.name; of a count of distinct values, the last of them
    by: str = ""  # of a figure: avg, sum, min, max …


@dataclass(frozen=True, slots=True)
class Result:
    """What the SQL returned."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    truncated: bool = False
    meanings: tuple[Meaning, ...] = ()  # what each column holds, as the guard read it; empty: not known


@dataclass(frozen=True, slots=True)
class Evidence:
    """The events that the answer rests on, in time order; `count` is their true number."""

    events: tuple[EventRow, ...] = ()
    count: int = 0

    @property
    def whole(self) -> bool:
        return self.count <= len(self.events)

    def event(self, event_id: int) -> EventRow | None:
        return next((event for event in self.events if event.id == event_id), None)


@dataclass(frozen=True, slots=True)
class Similar:
    """Events near in meaning to what was asked for, the likest first: not what was asked for, necessarily.

    `whole`: every event in scope could be found.
    """

    events: tuple[EventRow, ...] = ()
    likeness: Mapping[int, float] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer, or what is asked back: a code of the sentences, and an engine's own words."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine made of the question. `query` is the offline engine's typed reading, as JSON; a model
    gives none, and at most an `intent` (a value of the same list)."""

    kind: PlanKind
    sql: str = ""
    evidence_sql: str = ""
    reason: Reason | None = None
    query: Mapping[str, Any] | None = None
    intent: str | None = None
    engine: Engine = "text2sql"
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of one video was looked at; `complete`: it lies in the recording and has been analysed."""

    video_id: int
    from_: float
    to: float
    analyzed_until: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """The place [start, end) of an answer's text that speaks of this moment, in characters."""

    event_id: int
    video_id: int
    timestamp: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrased:
    """`stray`: ids that a model cited and that are not in the evidence."""

    text: str
    citations: tuple[Citation, ...] = ()
    source: Literal["model", "template"] = "template"
    stray: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked for, as far as an answer may speak of it without a row to show."""

    spans: tuple[tuple[float | None, float | None], ...] = ()
    clock: tuple[tuple[datetime | None, datetime | None], ...] = ()
    ages: tuple[tuple[int | None, int | None], ...] = ()
    texts: tuple[str, ...] = ()  # words of the question or of earlier ones, and how they were understood
    figures: tuple[float, ...] = ()  # the n of "first n", a limit of confidence
    codes: tuple[str, ...] = ()  # types and genders named beside the events found: the A of "B after A"
    any_of: tuple[str, ...] = ()  # the types asked for: some of them found, others perhaps not


ClaimKind = Literal[
    "foreign",
    "moment",
    "duration",
    "clock",
    "date",
    "number",
    "percent",
    "age",
    "name",
    "citation",
    "type",
    "gender",
    "polarity",
    "likeness",
]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a text says, at [start, end) of it. `value` is what was read: seconds, a count, a code…"""

    text: str
    start: int
    end: int
    kind: ClaimKind
    value: Any = None


@dataclass(frozen=True, slots=True)
class Verdict:
    ok: bool
    untraced: tuple[Claim, ...] = field(default=())
