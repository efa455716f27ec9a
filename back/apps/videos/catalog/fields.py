"""What a video looks like on its way in and out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints

from apps.db.models import Video
from apps.db.models.video import EARLIEST, LATEST, LONGEST, valid_timezone
from apps.http import body
from apps.http.body import Body, Query, Text
from apps.videos.analysis.progress import LISTED as ANALYSIS_LISTED
from apps.videos.analysis.progress import AnalysisOut, analysis_out

Status = Literal["uploaded", "analyzing", "ready", "failed"]
Playback = Literal["none", "direct", "pending", "copy", "failed"]


def _known_timezone(name: str) -> str:
    try:
        valid_timezone(name)
    except Exception as error:
        raise ValueError("not an IANA time zone name, such as Asia/Seoul") from error
    return name


def _storable_moment(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(f"the clock must lie between the years {EARLIEST.year} and {LATEST.year}")
    return moment


Name = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
ShortText = Annotated[Text, StringConstraints(max_length=100)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST)]
Timezone = Annotated[Text, AfterValidator(_known_timezone)]
Moment = Annotated[body.Moment, AfterValidator(_storable_moment)]


def _readable_zones(zones: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # Zones belong to the detectors, and those bring OpenCV with them.
    from apps.videos.detectors import zones_from

    zones_from(zones)
    return zones


Zones = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=50,
        description='Named parts of the picture, for detectors: `{"name": "입구", "polygon": [[0, 0.5], …], '
        '"door": true}`, in shares of width and height; docs/analysis.md lists the keys. A new video without '
        "any takes over those of your latest video of the same camera.",
    ),
    AfterValidator(_readable_zones),
]

_EXAMPLE: dict[str, JsonValue] = {
    "name": "매장 CCTV",
    "camera": "CAM-01",
    "site": "강남점",
    "duration": 1200.0,
    "recorded_at": "2026-03-02T14:00:00+09:00",
    "timezone": "Asia/Seoul",
    "status": "ready",
    "analyzed_until": 1200.0,
}


class VideoIn(Body):
    """A video without a file, for feeds that bring only events."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    camera: ShortText = ""
    site: ShortText = ""
    duration: Seconds | None = None
    recorded_at: Moment | None = Field(default=None, description="The wall-clock moment of second 0.")
    timezone: Timezone = "Asia/Seoul"
    status: Status = "uploaded"
    analyzed_until: Seconds = 0.0
    summary: Annotated[Text, StringConstraints(max_length=4000)] = ""
    zones: Zones = Field(default_factory=list)


class VideoChange(Body):
    """Only what is sent changes."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "ready", "analyzed_until": 1200.0}})

    name: Name = ""
    camera: ShortText = ""
    site: ShortText = ""
    duration: Seconds | None = None
    recorded_at: Moment | None = None
    timezone: Timezone = "Asia/Seoul"
    status: Status = "uploaded"
    analyzed_until: Seconds = 0.0
    summary: Annotated[Text, StringConstraints(max_length=4000)] = ""
    zones: Zones = Field(default_factory=list)


class VideoOut(Body):
    id: int
    name: str
    camera: str
    site: str
    duration: float | None
    recorded_at: datetime | None
    timezone: str
    status: Status
    analyzed_until: float
    error: str
    summary: str
    owner: str | None = Field(description="The owner's user name.")
    size: int | None
    sha256: str
    width: int | None
    height: int | None
    fps: float | None
    content_type: str = Field(description="Of the file, empty where there is none.")
    playback: Playback = Field(
        description="Whether `…/file/` plays in a browser: `direct` as it was sent, `copy` as a copy made "
        "for it, `pending` not yet, `failed` never, `none` there is no file."
    )
    zones: list[dict[str, Any]]
    analysis: AnalysisOut | None = Field(description="The latest one, queued, running or over.")
    events_version: int
    created_at: datetime
    updated_at: datetime


class VideoPage(Body):
    next: str | None = Field(description="The address of the next page; null on the last.")
    results: list[VideoOut]


class VideoList(Query):
    q: Annotated[Text, StringConstraints(max_length=200)] | None = Field(
        default=None, description="A part of the name, camera or site."
    )
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[Text, StringConstraints(max_length=500)] | None = None


LISTED = (
    "id", "name", "camera", "site", "duration", "recorded_at", "timezone", "status", "analyzed_until",
    "error", "summary", "owner__username", "size", "sha256", "width", "height", "fps", "content_type",
    "playback", "zones", *ANALYSIS_LISTED, "events_version", "created_at", "updated_at",
)  # fmt: skip


def shown(row: dict[str, Any]) -> dict[str, Any]:
    row["owner"] = row.pop("owner__username")
    row["analysis"] = analysis_out(row)
    return row


def video_out(video: Video) -> dict[str, Any]:
    return shown(Video.objects.filter(pk=video.pk).values(*LISTED).get())


class ShareIn(Body):
    model_config = ConfigDict(json_schema_extra={"example": {"username": "guard", "may_edit": False}})

    username: Annotated[Text, StringConstraints(min_length=1, max_length=150)]
    may_edit: bool = False


class ShareOut(Body):
    username: str
    may_edit: bool
    created_at: datetime


class ShareList(Body):
    results: list[ShareOut]
