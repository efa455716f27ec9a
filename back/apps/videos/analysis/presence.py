"""Who was there and when, of one window: people per ten seconds, and the spans of tracks."""

from typing import Any, Protocol

from apps.db.models import Presence, TrackSpan, Video


class Counts(Protocol):
    """detectors.WindowResult, without loading OpenCV."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def is_last(self) -> bool: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def spans(self) -> tuple[tuple[str, Any], ...]: ...
    @property
    def counted(self) -> tuple[tuple[str, Any], ...]: ...


def store_presence(video: Video, result: Counts) -> None:
    """In the transaction that stores the window's events. What an earlier run said of the same stretch goes;
    a span that began before it and goes on is made longer."""
    stretch = {"video": video, "source__in": result.sources, "timestamp__gte": result.start}
    if not result.is_last:
        stretch["timestamp__lt"] = result.end
    Presence.objects.filter(**stretch).delete()
    told = {(source, span.track_id, span.start) for source, span in result.spans}
    stale = [
        row.pk
        for row in TrackSpan.objects.filter(**stretch)
        if (row.source, row.track_id, row.timestamp) not in told
    ]
    TrackSpan.objects.filter(pk__in=stale).delete()
    Presence.objects.bulk_create(
        Presence(
            video=video,
            source=source,
            timestamp=result.start,
            end_timestamp=result.end,
            people=counted.people,
            tracks=counted.tracks,
        )
        for source, counted in result.counted
    )
    TrackSpan.objects.bulk_create(
        (
            TrackSpan(
                video=video,
                source=source,
                kind=span.kind,
                track_id=span.track_id,
                timestamp=span.start,
                end_timestamp=span.end,
            )
            for source, span in result.spans
        ),
        update_conflicts=True,
        unique_fields=["video", "source", "track_id", "timestamp"],
        update_fields=["end_timestamp", "kind"],
    )
