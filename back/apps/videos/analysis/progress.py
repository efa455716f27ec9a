"""How far the analysis of a video is, as the API tells it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from apps.http.body import Body


class AnalysisOut(Body):
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    detectors: list[str]
    percent: float | None = Field(description="Of the video, 0 to 100.")
    rate: float | None = Field(description="Seconds of video per second of work.")
    seconds_left: float | None = Field(description="At this rate; null before it is known.")
    error: str
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


FIELDS = ("state", "detectors", "rate", "error", "queued_at", "started_at", "finished_at")
LISTED = tuple(f"analysis__{name}" for name in FIELDS)


def analysis_out(row: dict[str, Any]) -> dict[str, Any] | None:
    """Takes its columns out of a row of videos."""
    told = {name: row.pop(f"analysis__{name}") for name in FIELDS}
    if told["state"] is None:
        return None
    duration, position, rate = row["duration"], row["analyzed_until"], told["rate"]
    told["percent"] = round(min(100.0, 100 * position / duration), 1) if duration else None
    told["seconds_left"] = None
    if told["state"] == "running" and rate and duration:
        told["seconds_left"] = round(max(0.0, duration - position) / rate, 1)
    return told
