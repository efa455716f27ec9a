"""What of each video a question looks at, and whether that has been recorded and analysed."""

from datetime import datetime

from text2sql.query import ClockSpan, Coverage, OffsetSpan, Query
from text2sql.videos import Video

_MOST = 100  # videos told apart; beyond that the reply would be all coverage


def coverage(query: Query, videos: tuple[Video, ...]) -> tuple[Coverage, ...]:
    result = []
    for video in videos[:_MOST]:
        duration = video.duration or 0.0
        analyzed = min(video.analyzed_until or 0.0, duration)
        start, end = 0.0, duration
        outside = False
        for low, high in (_offset_ends(query.offset, duration), _clock_ends(query.clock, video)):
            outside = (
                outside
                or (low is not None and low >= duration)
                or (high is not None and high > duration + 60.0 and low is not None)
            )
            start = max(start, low or 0.0)
            end = min(end, high) if high is not None else end
        if query.clock is not None and video.recorded_at is None:
            result.append(Coverage(video.id, 0.0, 0.0, analyzed, complete=False))
            continue
        complete = not outside and start <= end and end <= analyzed
        result.append(
            Coverage(video.id, min(start, duration), max(min(end, duration), 0.0), analyzed, complete)
        )
    return tuple(result)


def _offset_ends(span: OffsetSpan | None, duration: float) -> tuple[float | None, float | None]:
    if span is None or span.negated:
        return None, None
    if span.anchor == "end":
        return (None if span.anchor_from is None else max(0.0, duration - span.anchor_from)), None
    if span.anchor == "fraction":
        return (
            None if span.anchor_from is None else duration * span.anchor_from,
            None if span.anchor_to is None else duration * span.anchor_to,
        )
    return span.from_, span.to


def _clock_ends(clock: ClockSpan | None, video: Video) -> tuple[float | None, float | None]:
    if clock is None or clock.negated or video.recorded_at is None or not clock.windows:
        return None, None
    mine = [w for w in clock.windows if not w.video_ids or video.id in w.video_ids]
    lows = [_seconds(w.from_, video) for w in mine]
    highs = [_seconds(w.to, video) for w in mine]
    low = min((x for x in lows if x is not None), default=None) if None not in lows else None
    high = max((x for x in highs if x is not None), default=None) if None not in highs else None
    # A day or an hour that reaches beyond the recording is no sign that something is missing.
    if low is not None and low < (video.duration or 0.0) and high is not None:
        high = min(high, video.duration or 0.0) if high > 0 else high
    return low, high


def _seconds(moment: str | None, video: Video) -> float | None:
    if moment is None or video.recorded_at is None:
        return None
    return (datetime.fromisoformat(moment) - video.recorded_at).total_seconds()
