"""What the service accepts and gives: every size is bounded here, so that the rest need not ask."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from text2sql.reader.reader import Turn
from text2sql.videos import DEFAULT_ZONE, Video

MAX_PROMPT = 4_000
MAX_VIDEOS = 2_000
MAX_WORDS = 10_000  # places, and actions, over all videos of one request
MAX_HISTORY = 20
READ_BACK = 6  # earlier questions that are read again
_ID = Annotated[int, Field(ge=0, le=2**63 - 1)]
_Name = Annotated[str, Field(max_length=400)]
# More than a video may last (apps/db): one that is refused here would leave every question unanswered.
_Seconds = Annotated[float, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]


def _sane(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("the year must lie between 1900 and 2200")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_Moment = Annotated[datetime, AfterValidator(_sane)]


class VideoIn(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: _ID
    name: _Name | None = ""
    camera: _Name | None = ""
    site: _Name | None = ""
    duration: _Seconds | None = None
    recorded_at: _Moment | None = None
    timezone: Annotated[str, Field(max_length=64)] | None = DEFAULT_ZONE
    analyzed_until: _Seconds | None = None
    status: Annotated[str, Field(max_length=40)] | None = None
    locations: list[_Name] = Field(default_factory=list, max_length=MAX_WORDS)
    actions: list[_Name] = Field(default_factory=list, max_length=MAX_WORDS)

    @field_validator("locations", "actions", mode="before")
    @classmethod
    def _null_is_none(cls, value: Any) -> Any:
        return [] if value is None else value

    def video(self) -> Video:
        return Video(
            id=self.id,
            name=self.name or "",
            camera=self.camera or "",
            site=self.site or "",
            duration=self.duration,
            recorded_at=self.recorded_at,
            timezone=self.timezone or DEFAULT_ZONE,
            analyzed_until=self.analyzed_until,
            locations=tuple(self.locations),
            actions=tuple(self.actions),
        )


class EvidenceIn(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: _ID | None = None
    video_id: _ID | None = None
    timestamp: _Seconds | None = None
    track_id: _Name | None = None


class TurnIn(BaseModel):
    """An earlier question and what its answer rested on; its `query` is accepted, and read anew."""

    model_config = ConfigDict(extra="ignore")

    prompt: str = Field(max_length=MAX_PROMPT)
    now: _Moment | None = None
    query: dict[str, Any] | None = None
    evidence: list[EvidenceIn] | None = Field(default=None, max_length=1_000)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"prompt": value} if isinstance(value, str) else value

    def turn(self) -> Turn:
        evidence = tuple(e.model_dump(exclude_none=True) for e in self.evidence or ())
        return Turn(self.prompt, evidence, self.now)


class Question(BaseModel):
    model_config = ConfigDict(extra="ignore")

    prompt: str = Field(max_length=MAX_PROMPT)
    videos: list[VideoIn] = Field(default_factory=list, max_length=MAX_VIDEOS)
    video_id: _ID | None = None
    now: _Moment | None = None
    history: list[TurnIn] | None = Field(default=None, max_length=MAX_HISTORY)

    @model_validator(mode="after")
    def _not_too_much(self) -> "Question":
        for name in ("locations", "actions"):
            if sum(len(getattr(video, name)) for video in self.videos) > MAX_WORDS:
                raise ValueError(f"more than {MAX_WORDS} {name} in one request")
        return self

    def moment(self) -> datetime:
        return self.now or datetime.now(UTC)

    def turns(self) -> list[Turn]:
        return [turn.turn() for turn in (self.history or [])[-READ_BACK:]]


class ReasonOut(BaseModel):
    code: str
    text: str
    detail: str | None = None


class Answer(BaseModel):
    kind: Literal["answer", "refusal", "clarification"]
    sql: str | None
    evidence_sql: str | None
    query: Mapping[str, Any] | None = Field(description="the typed reading: text2sql.query.Query")
    language: Literal["ko", "en"]
    reason: ReasonOut | None
