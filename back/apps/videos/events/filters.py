"""Which events: the filters of lists and of the histogram, as conditions of SQL on `db_event AS e`.

SQL and not a queryset: putting one together takes Django longer than PostgreSQL takes to find the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from apps.db.models.event import OLDEST
from apps.db.models.video import EARLIEST, LATEST
from apps.http.body import Moment, Query, Text
from apps.videos.events.fields import EventTypeCode, GenderCode, Seconds, Share

Age = Annotated[int, Field(ge=0, le=OLDEST)]
Words = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Clock = Annotated[Moment, Field(description="ISO 8601 with an offset: 2026-03-02T14:00:00+09:00")]


@dataclass(frozen=True, slots=True)
class Condition:
    sql: str
    values: tuple[Any, ...] = ()


class EventFilter(Query):
    """All of them must hold. Spans look at where an event starts; both ends are included."""

    event_type: list[EventTypeCode] = Field(default=[], max_length=50, description="One or several types.")
    severity: list[Literal["0", "1", "2"]] = Field(default=[], max_length=3)
    severity_min: Annotated[int, Field(ge=0, le=2)] | None = None
    from_: Seconds | None = Field(default=None, alias="from", description="Seconds into the video.")
    to: Seconds | None = Field(default=None, description="Seconds into the video.")
    occurred_from: Clock | None = None
    occurred_to: Clock | None = None
    gender: list[GenderCode] = Field(default=[], max_length=3)
    age_min: Age | None = None
    age_max: Age | None = None
    location: Words | None = Field(default=None, description="A part of the place, spaces aside.")
    confidence_min: Share | None = None
    confidence_max: Share | None = None
    track_id: Words | None = None
    source: Words | None = None

    @model_validator(mode="after")
    def _in_storable_years(self) -> "EventFilter":
        for moment in (self.occurred_from, self.occurred_to):
            if moment is not None and not EARLIEST <= moment <= LATEST:
                raise ValueError(f"wall-clock times lie between {EARLIEST.year} and {LATEST.year}")
        return self

    def conditions(self) -> Iterator[Condition]:
        yield from _one_of("e.event_type", self.event_type)
        yield from _one_of("e.severity", [int(severity) for severity in self.severity])
        yield from _compared("e.severity >= %s", self.severity_min)
        yield from _compared('e."timestamp" >= %s', self.from_)
        yield from _compared('e."timestamp" <= %s', self.to)
        yield from _compared("e.occurred_at >= %s", self.occurred_from)
        yield from _compared("e.occurred_at <= %s", self.occurred_to)
        yield from _one_of("e.gender", self.gender)
        yield from _compared("e.age >= %s", self.age_min)
        yield from _compared("e.age <= %s", self.age_max)
        yield from _compared("e.confidence >= %s", self.confidence_min)
        yield from _compared("e.confidence <= %s", self.confidence_max)
        yield from _compared("e.track_id = %s", self.track_id)
        yield from _compared("e.source = %s", self.source)
        if self.location is not None:
            wanted = _escaped("".join(self.location.split()))
            yield Condition("replace(e.location, ' ', '') ILIKE %s", (f"%{wanted}%",))


def _compared(sql: str, value: Any) -> Iterator[Condition]:
    if value is not None:
        yield Condition(sql, (value,))


def _one_of(column: str, values: list[Any]) -> Iterator[Condition]:
    # Written out: of one value PostgreSQL makes an equality, by which an index can keep its order.
    if values:
        yield Condition(f"{column} IN ({', '.join(['%s'] * len(values))})", tuple(values))


def _escaped(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return text
