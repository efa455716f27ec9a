"""What an event looks like on its way in: one definition for HTTP, files and detectors."""

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticKnownError

from apps.db.models.event import EVENT_TYPES, GENDERS, OLDEST
from apps.db.models.video import LONGEST
from apps.http.body import storable_text

if TYPE_CHECKING:
    EventTypeCode: TypeAlias = str
    GenderCode: TypeAlias = str
else:
    EventTypeCode = Literal[tuple(code for code, _ in EVENT_TYPES)]
    GenderCode = Literal[tuple(code for code, _ in GENDERS)]

ATTRIBUTES_MAX_BYTES = 8192


def _storable(longest: int) -> AfterValidator:
    def composed(text: str) -> str:
        stored = storable_text(text)
        # A few letters are longer when composed.
        if len(stored) > longest:
            raise PydanticKnownError("string_too_long", {"max_length": longest})
        return stored

    return AfterValidator(composed)


def _box_in_picture(box: list[float]) -> list[float]:
    left, top, width, height = box
    # Detectors round: a hair over the edge is still the edge.
    if left + width > 1.001 or top + height > 1.001:
        raise ValueError("the box reaches out of the picture: left + width and top + height are at most 1")
    return box


def _small(attributes: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(attributes)) > ATTRIBUTES_MAX_BYTES:
        raise ValueError(f"attributes are larger than {ATTRIBUTES_MAX_BYTES} bytes")
    return attributes


def _from_text(value: Any) -> Any:
    """A CSV cell holds JSON for the two fields that are no plain value."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("wants JSON") from None
    return value


ShortText = Annotated[str, StringConstraints(max_length=200), _storable(200)]
LongText = Annotated[str, StringConstraints(max_length=2000), _storable(2000)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST)]
Share = Annotated[float, Field(ge=0, le=1)]
TrackId = Annotated[str, StringConstraints(min_length=1, max_length=100), _storable(100)]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=200), _storable(200)]
Source = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Box = Annotated[list[Share], Field(min_length=4, max_length=4), AfterValidator(_box_in_picture)]
Attributes = Annotated[dict[str, Any], AfterValidator(_small)]


class EventIn(BaseModel):
    """An event as a feed, a detector or a person reports it."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={
            "example": {
                "timestamp": 750.0,
                "end_timestamp": 768.0,
                "event_type": "theft",
                "action_detected": "화장품 절도",
                "location": "화장품 코너",
                "age": 31,
                "gender": "female",
                "confidence": 0.93,
                "track_id": "P010",
                "description": "30대 여성이 화장품을 가방에 넣는다.",
                "external_id": "cam01-000750",
            }
        },
    )

    timestamp: Seconds
    end_timestamp: Seconds | None = None
    event_type: EventTypeCode
    action_detected: ShortText = ""
    location: ShortText = ""
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = None
    gender: GenderCode = "unknown"
    confidence: Share = 1.0
    track_id: TrackId | None = None
    description: LongText = ""
    bbox: Box | None = None
    attributes: Attributes = Field(default_factory=dict)
    source: Source = "api"
    external_id: ExternalId | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> "EventIn":
        if self.end_timestamp is not None and self.end_timestamp < self.timestamp:
            raise ValueError("end_timestamp lies before timestamp")
        return self


class EventChange(EventIn):
    """Only what is sent changes."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"event_type": "loitering", "end_timestamp": 790.0}}
    )

    timestamp: Seconds = 0.0
    event_type: EventTypeCode = "other"


class EventCells(EventIn):
    """The same from a CSV row, where every value is text."""

    bbox: Annotated[Box | None, BeforeValidator(_from_text)] = None
    attributes: Annotated[Attributes, BeforeValidator(_from_text)] = Field(default_factory=dict)


FIELDS = tuple(EventIn.model_fields)
_KEY = re.compile(rb'"[ \t\r\n]*:')
_json_adapter = TypeAdapter(EventIn)
_cells_adapter = TypeAdapter(EventCells)


def from_json(value: Any) -> EventIn:
    """Raises pydantic's ValidationError. Types are taken as they are: "12" is no number."""
    return _json_adapter.validate_python(value, strict=True)


def from_plain_json(body: bytes) -> EventIn | None:
    """The quick way for what most feeds send; None sends the rest, right or wrong, the careful way.

    pydantic reads JSON at twice the speed, but knows no repeated keys and looks into no attributes. Where
    there are just as many keys as fields there is neither.
    """
    try:
        event = _json_adapter.validate_json(body, strict=True)
    except ValidationError:
        return None
    fields = len(event.model_fields_set)
    plain = body.count(b":") == fields or len(_KEY.findall(body)) == fields
    return event if plain else None


def from_cells(row: dict[str, str]) -> EventIn:
    return _cells_adapter.validate_python({name: cell for name, cell in row.items() if cell != ""})
