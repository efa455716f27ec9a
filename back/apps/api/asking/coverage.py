"""What was looked at: the span of the question in each video, and whether all of it has been analysed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.api.types import Coverage, Plan, VideoInfo


@dataclass(frozen=True, slots=True)
class Span:
    """As a model reports what its SQL searches: offsets in seconds, or moments of the wall clock; no videos
    mean all in scope."""

    from_: float | None = None
    to: float | None = None
    clock_from: datetime | None = None
    clock_to: datetime | None = None
    videos: tuple[int, ...] = ()


def coverage_of(plan: Plan, videos: Iterable[VideoInfo], *, span: Span | None = None) -> tuple[Coverage, ...]:
    """The offline engine says it itself; for a model it follows from the span that it reports."""
    if plan.query and plan.query.get("coverage"):
        return tuple(_read(entry) for entry in plan.query["coverage"])
    span = span or Span()
    chosen = plan.query.get("videos") if plan.query else span.videos
    return tuple(_looked_at(v, span) for v in videos if not chosen or v.id in chosen)


def _read(entry: dict[str, Any]) -> Coverage:
    return Coverage(entry["video_id"], entry["from"], entry["to"], entry["analyzed_until"], entry["complete"])


def _looked_at(video: VideoInfo, span: Span) -> Coverage:
    by_clock = span.clock_from is not None or span.clock_to is not None
    if by_clock and video.recorded_at is None:
        # Nothing in it can be found by the wall clock.
        return Coverage(video.id, 0.0, 0.0, video.analyzed_until, complete=False)
    from_, to = span.from_ or 0.0, span.to
    end = video.duration if video.duration is not None else video.analyzed_until
    if video.recorded_at is not None:
        if span.clock_from is not None:
            from_ = max(from_, (span.clock_from - video.recorded_at) / timedelta(seconds=1))
        if span.clock_to is not None:
            clock_to = (span.clock_to - video.recorded_at) / timedelta(seconds=1)
            if from_ < end:
                # An hour or a day that reaches beyond the recording is no sign that something is missing.
                clock_to = min(clock_to, end)
            to = clock_to if to is None else min(to, clock_to)
    # Without an end of its own the question reaches to the end of the recording.
    wanted = end if to is None else to
    inside = 0 <= from_ <= end and from_ <= wanted <= end
    return Coverage(
        video_id=video.id,
        from_=from_,
        to=max(wanted, 0.0),
        analyzed_until=video.analyzed_until,
        complete=inside and wanted <= video.analyzed_until,
    )


def overall(coverage: tuple[Coverage, ...]) -> dict[str, Any] | None:
    """One line for the reply: complete only if it is so in every video."""
    if not coverage:
        return None
    return {
        "from": min(c.from_ for c in coverage),
        "to": max(c.to for c in coverage),
        "analyzed_until": min(c.analyzed_until for c in coverage),
        "complete": all(c.complete for c in coverage),
    }
