"""What a question and its answer look like on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from apps.db.models.video import EARLIEST, LATEST
from apps.http import body
from apps.http.body import Body, Text

LONGEST_PROMPT = 4000


def _speaks(prompt: str) -> str:
    if not any(char.isalnum() for char in prompt):
        raise ValueError("there is no word in it")
    return prompt


def _in_storable_years(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(f"the moment must lie between the years {EARLIEST.year} and {LATEST.year}")
    return moment


Prompt = Annotated[Text, StringConstraints(min_length=1, max_length=LONGEST_PROMPT), AfterValidator(_speaks)]
Moment = Annotated[body.Moment, AfterValidator(_in_storable_years)]
_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


class PromptIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"example": {"prompt": "10분에서 15분 사이에 도난 사건이 있었나요?", "video_id": 1}}
    )

    prompt: Prompt = Field(description="The question, in Korean or English.")
    video_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None, description="One video; without it, all that you may see."
    )
    conversation_id: Annotated[str, StringConstraints(pattern=_UUID)] | None = Field(
        default=None, description="Of an earlier reply: the question may point at what was said."
    )
    language: Literal["ko", "en"] | None = Field(
        default=None, description="Of the answer; else that of the question."
    )
    now: Moment | None = Field(
        default=None, description="What `today` is counted from; else the moment of asking."
    )


class EventSeen(Body):
    id: int
    video_id: int
    timestamp: float
    event_type: str
    end_timestamp: float | None
    occurred_at: datetime | None
    severity: int
    action_detected: str
    location: str
    age: int | None
    gender: str
    confidence: float
    track_id: str | None
    description: str


class ResultOut(Body):
    columns: list[str]
    rows: list[list[Any]]
    truncated: bool = Field(description="There are more rows than these.")


class CitationOut(Body):
    event_id: int
    video_id: int
    timestamp: float
    start: int = Field(description="Where in `response` the moment is told, in characters.")
    end: int


class CoverageOut(Body):
    model_config = ConfigDict(populate_by_name=True)

    from_: float = Field(alias="from")
    to: float
    analyzed_until: float
    complete: bool = Field(description="The span lies in the recording and has been analysed.")


class UsageOut(Body):
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cost_usd: float | None = Field(description="Null where the model's price is not known.")


class TimingsOut(Body):
    plan: float
    run: float
    phrase: float
    verify: float
    total: float


class SimilarOut(Body):
    event_id: int
    likeness: float = Field(description="The cosine of their vectors: 1 is the same.")


class PromptOut(Body):
    response: str = Field(description="The answer, for a person.")
    timestamp: float | None = Field(description="The second to seek to: that of the first event.")
    event_id: int | None
    kind: Literal["answer", "refusal", "clarification"]
    video_id: int | None
    events: list[EventSeen] = Field(description="Those the answer rests on, in time order, at most 100.")
    event_count: int = Field(description="Their true number.")
    similar: list[SimilarOut] = Field(
        description="Those of `events` that no condition found, only their likeness to what was asked for."
    )
    result: ResultOut | None = Field(description="What the SQL returned.")
    citations: list[CitationOut]
    coverage: CoverageOut | None
    sql: str | None
    engine: Literal["bedrock", "text2sql"]
    model: str | None
    fallback_reason: str | None = Field(description="Why it was not the engine that should have answered.")
    verified: bool = Field(description="Every time, number and event in `response` stands in the rows.")
    understood: str | None = Field(description="How the question was read, where the engine says so.")
    cached: bool
    conversation_id: str
    exchange_id: str
    usage: UsageOut
    timings_ms: TimingsOut
