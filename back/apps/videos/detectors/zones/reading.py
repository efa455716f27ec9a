"""Zones as they are written: a list of objects, each a polygon or a line, with what is watched for there."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from apps.videos.detectors.zones.shape import Hours, Line, Zone, Zones

MOST_ZONES, MOST_CORNERS = 50, 100
_LONGEST = 86400.0

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Corner = Annotated[list[Share], Field(min_length=2, max_length=2)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Hours(_Written):
    start: str = Field(alias="from")
    end: str = Field(alias="to")

    @field_validator("start", "end")
    @classmethod
    def _time_of_day(cls, value: str) -> str:
        try:
            hour, minute = value.split(":")
            time(int(hour) % 24 if value == "24:00" else int(hour), int(minute))
        except ValueError:
            raise ValueError("a time of day is written HH:MM") from None
        return value


class _Zone(_Written):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    polygon: Annotated[list[Corner], Field(min_length=3, max_length=MOST_CORNERS)] | None = None
    line: Annotated[list[Corner], Field(min_length=2, max_length=2)] | None = None
    inside: Literal["left", "right"] | None = None
    door: bool = False
    mask: bool = False
    entered: bool = False
    left: bool = False
    dwell_seconds: Annotated[float, Field(ge=1, le=_LONGEST)] | None = None
    forbidden: bool | Annotated[list[_Hours], Field(min_length=1, max_length=10)] = False
    smallest: Share = 0.0
    crowd_size: Annotated[int, Field(ge=2, le=1000)] | None = None

    @field_validator("name", mode="before")
    @classmethod
    def _without_blanks(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_shape(self) -> "_Zone":
        if (self.polygon is None) == (self.line is None):
            raise ValueError("either a polygon or a line")
        beside = self.model_fields_set - {"name", "polygon", "line"}
        if self.line is not None:
            if self.line[0] == self.line[1]:
                raise ValueError("a line has two different ends")
            if beside - {"inside"}:
                raise ValueError(f"a line has no {sorted(beside - {'inside'})[0]}")
        elif self.inside is not None:
            raise ValueError("inside is of lines; a polygon has its own")
        if self.mask and beside - {"mask"}:
            raise ValueError(f"nothing is looked for in a mask: it has no {sorted(beside - {'mask'})[0]}")
        return self


def zones_from(value: Iterable[Mapping[str, Any]]) -> Zones:
    """ValueError says what is wrong, and in which zone."""
    written = [_read(entry, number) for number, entry in enumerate(value, start=1)]
    if len(written) > MOST_ZONES:
        raise ValueError(f"at most {MOST_ZONES} zones")
    return Zones(
        tuple(_zone(entry) for entry in written if entry.polygon is not None),
        tuple(_line(entry) for entry in written if entry.line is not None),
    )


def _read(entry: Mapping[str, Any], number: int) -> _Zone:
    if not isinstance(entry, Mapping):
        raise ValueError(f"zone {number}: a zone is an object with a name and a polygon or a line")
    try:
        return _Zone.model_validate(entry)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"] if not str(part).startswith(("list", "bool")))
        words = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            words = f"is not a key of zones; there are {', '.join(sorted(_Zone.model_fields))}"
        raise ValueError(f"zone {number}: {place + ': ' if place else ''}{words}") from None


def _zone(written: _Zone) -> Zone:
    hours = written.forbidden if isinstance(written.forbidden, list) else []
    return Zone(
        written.name,
        tuple((corner[0], corner[1]) for corner in written.polygon or ()),
        is_door=written.door,
        is_mask=written.mask,
        tells_entered=written.entered,
        tells_left=written.left,
        dwell_seconds=written.dwell_seconds,
        forbidden=tuple(Hours(_time(each.start), _time(each.end)) for each in hours),
        always_forbidden=written.forbidden is True,
        smallest=written.smallest,
        crowd_size=written.crowd_size,
    )


def _line(written: _Zone) -> Line:
    assert written.line is not None
    (x1, y1), (x2, y2) = written.line
    return Line(written.name, (x1, y1), (x2, y2), inside_is_left=written.inside == "left")


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour) % 24, int(minute))
