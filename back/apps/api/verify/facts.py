"""What the prose may be traced to: the evidence, the result, the question, what was searched, the videos."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from apps.api.phrase.stored import clean
from apps.api.types import EventRow, Evidence, Result, Searched, VideoInfo
from apps.api.verify.reading import Saying
from apps.api.verify.recognise import recognised


@dataclass(frozen=True)
class Facts:
    result: Result
    evidence: Evidence
    question: str
    searched: Searched
    videos: Sequence[VideoInfo]
    now: datetime
    passages: tuple[str, ...] = ()  # of a knowledge base: what they say may be said

    @cached_property
    def _videos(self) -> dict[int, VideoInfo]:
        return {video.id: video for video in self.videos}

    def zone(self, event: EventRow) -> ZoneInfo:
        video = self._videos.get(event.video_id)
        return ZoneInfo(video.timezone if video else "UTC")

    @cached_property
    def zones(self) -> tuple[ZoneInfo, ...]:
        return tuple({video.timezone: ZoneInfo(video.timezone) for video in self.videos}.values()) or (
            ZoneInfo("UTC"),
        )

    def clocks_of(self, event: EventRow) -> list[datetime]:
        """When it started, and when it ended, on the wall of its place."""
        zone, video = self.zone(event), self._videos.get(event.video_id)
        start = event.occurred_at
        if start is None and video is not None and video.recorded_at is not None:
            start = video.recorded_at + timedelta(seconds=event.timestamp)
        if start is None:
            return []
        ends = [start] if event.length is None else [start, start + timedelta(seconds=event.length)]
        return [at.astimezone(zone) for at in ends]

    # --- the result ----------------------------------------------------------------------------------

    @cached_property
    def rows_are_events(self) -> bool:
        """Then the evidence says it all, and better: a cell is not taken for another event's."""
        names = [name.lower() for name in self.result.columns]
        if "id" not in names or not self.evidence.events:
            return False
        known = {event.id for event in self.evidence.events}
        at = names.index("id")
        return all(row[at] in known for row in self.result.rows)

    @cached_property
    def cells(self) -> tuple[Any, ...]:
        if self.rows_are_events:
            return ()
        shown = [i for i, name in enumerate(self.result.columns) if not _is_id(name)]
        return tuple(row[i] for row in self.result.rows for i in shown if i < len(row) and row[i] is not None)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        return tuple(n for cell in self.cells if (n := as_number(cell)) is not None)

    @cached_property
    def rows(self) -> tuple[tuple[Any, float], ...]:
        """(label, n) of a grouping or comparison; empty for any other shape."""
        if self.rows_are_events or len(self.result.columns) < 2:
            return ()
        pairs = [(row[0], as_number(row[-1])) for row in self.result.rows if len(row) >= 2]
        return (
            tuple((label, n) for label, n in pairs if n is not None)
            if all(n is not None for _, n in pairs)
            else ()
        )

    @cached_property
    def unknown(self) -> bool:
        """The one value asked for is null or zero: events there are, but none that says it."""
        values = len(self.result.columns) == 1 and not _is_id(self.result.columns[0])
        return (
            values
            and len(self.result.rows) <= 1
            and all(c in (None, 0) for row in self.result.rows for c in row)
        )

    @cached_property
    def moments_in_cells(self) -> tuple[datetime, ...]:
        found = [at for cell in self.cells if (at := as_moment(cell)) is not None]
        return tuple(at.astimezone(zone) for at in found for zone in self.zones)

    # --- what was asked ------------------------------------------------------------------------------

    @cached_property
    def asked(self) -> tuple[Saying, ...]:
        """What the question says, and earlier ones that it leans on."""
        return tuple(
            saying for text in (self.question, *self.searched.texts) for saying in recognised(text[:4000])
        )

    @cached_property
    def clock_ends(self) -> tuple[datetime, ...]:
        """The ends of the span that was searched, on the wall."""
        return self._local([at for span in self.searched.clock for at in span if at is not None])

    @cached_property
    def video_clocks(self) -> tuple[datetime, ...]:
        """When each recording began and ended, and how far on the wall it has been searched and analysed."""
        return self._local(
            [
                video.recorded_at + timedelta(seconds=second)
                for video in self.videos
                if video.recorded_at
                for second in (0.0, video.duration or 0.0, video.analyzed_until, *self.span_ends)
            ]
        )

    def _local(self, moments: Iterable[datetime]) -> tuple[datetime, ...]:
        return tuple(at.astimezone(zone) for at in moments for zone in self.zones)

    @cached_property
    def span_ends(self) -> tuple[float, ...]:
        return tuple(end for span in self.searched.spans for end in span if end is not None)

    @cached_property
    def lengths_of_videos(self) -> tuple[float, ...]:
        return tuple(s for v in self.videos for s in (v.duration, v.analyzed_until) if s is not None)

    @cached_property
    def dates(self) -> frozenset[date]:
        clocks = [at for event in self.evidence.events for at in self.clocks_of(event)]
        days = {at.date() for at in (*clocks, *self.moments_in_cells, *self.clock_ends, *self.video_clocks)}
        # a span that ends at midnight ends, as people say it, with the day before
        days |= {(at - timedelta(seconds=1)).date() for at in self.clock_ends}
        return frozenset(days | {day for cell in self.cells if (day := as_day(cell)) is not None})

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zones[0]).date()

    # --- stored text ---------------------------------------------------------------------------------

    @cached_property
    def names(self) -> frozenset[str]:
        """Short stored texts, which prose may quote whole: places, videos, cameras, tracks, labels."""
        events = [t for e in self.evidence.events for t in (e.location, e.track_id)]
        videos = [t for v in self.videos for t in (v.name, v.camera, v.site)]
        cells = [cell for cell in self.cells if isinstance(cell, str) and len(cell) <= 200]
        return frozenset(filter(None, map(clean, (*events, *videos, *cells, *self.searched.texts))))

    @cached_property
    def sentences(self) -> frozenset[str]:
        texts = [t for e in self.evidence.events for t in (e.action_detected, e.description)]
        return frozenset(filter(None, (clean(text) for text in texts)))

    @cached_property
    def stored(self) -> str:
        """All stored text in one, to look a quotation up in; a line each, so that none runs into another."""
        longer = [" ".join((e.description or "").split()) for e in self.evidence.events]
        passages = [" ".join(passage.split()) for passage in self.passages]
        return "\n".join((*self.names, *self.sentences, *longer, *passages, self.question)).lower()

    @cached_property
    def stored_of_events(self) -> str:
        """Stored text without the question: what may name a type or a gender of its own."""
        return "\n".join(
            (
                *self.names,
                *(e.description or "" for e in self.evidence.events),
                *self.sentences,
                *self.passages,
            )
        ).lower()

    @cached_property
    def told_in_stored_text(self) -> tuple[Saying, ...]:
        """What descriptions and actions say themselves: "책 2권"."""
        return tuple(saying for text in (*self.sentences, *self.passages) for saying in recognised(text))

    # --- counts --------------------------------------------------------------------------------------

    @cached_property
    def persons(self) -> int:
        return count_tracks(self.evidence.events)

    @cached_property
    def empty(self) -> bool:
        """Nothing was found: no evidence, no passage, and no row or only zeros."""
        return (
            self.evidence.count == 0
            and not self.passages
            and not self.evidence.events
            and not any(
                cell not in (0, 0.0, False, "")
                for row in self.result.rows
                for cell in row
                if cell is not None
            )
        )


def count_tracks(events: Iterable[EventRow]) -> int:
    return len({(event.video_id, event.track_id) for event in events if event.track_id})


def as_number(cell: Any) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(cell) if isinstance(cell, str) and len(cell) < 40 else None
    except ValueError:
        return None


def as_moment(cell: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(cell) if isinstance(cell, str) and "T" in cell[:12] else cell
    except ValueError:
        return None
    return at if isinstance(at, datetime) and at.tzinfo else None


def as_day(cell: Any) -> date | None:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell
    try:
        return date.fromisoformat(cell[:10]) if isinstance(cell, str) else None
    except ValueError:
        return None


def _is_id(column: str) -> bool:
    name = column.lower()
    return name == "id" or name.endswith("_id") or name == "ids"
