"""A video's events as a file: for us again, for a spreadsheet, for a player, for KISA's certification."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from apps.db.models import Event, Video
from apps.videos.events.fields import FIELDS
from apps.videos.events.writing import BATCH, write_csv, write_ndjson
from apps.videos.feeds import write_chapters, write_json, write_kisa, write_spreadsheet


@dataclass(frozen=True, slots=True)
class Export:
    name: str
    ending: str
    content_type: str
    write: Callable[[Video, IO[str]], int]


def _rows(video: Video) -> Iterator[dict[str, Any]]:
    events = Event.objects.filter(video=video).order_by("timestamp", "id")
    return events.values(*FIELDS).iterator(chunk_size=BATCH)


def _lasts(video: Video) -> float:
    """Of a video whose length nobody knows, as far as its events go."""
    if video.duration is not None:
        return video.duration
    last = (
        Event.objects.filter(video=video).order_by("-timestamp").values_list("timestamp", flat=True).first()
    )
    return last or 0.0


def _kisa(video: Video, out: IO[str]) -> int:
    return write_kisa(_rows(video), out, filename=video.name, duration=_lasts(video))


EXPORTS = {
    export.name: export
    for export in (
        Export(
            "ndjson",
            "ndjson",
            "application/x-ndjson",
            lambda video, out: write_ndjson(Event.objects.filter(video=video), out),
        ),
        Export(
            "csv", "csv", "text/csv", lambda video, out: write_csv(Event.objects.filter(video=video), out)
        ),
        Export("json", "json", "application/json", lambda video, out: write_json(_rows(video), out)),
        Export("spreadsheet", "csv", "text/csv", lambda video, out: write_spreadsheet(_rows(video), out)),
        Export("kisa", "xml", "application/xml", _kisa),
        Export(
            "chapters",
            "vtt",
            "text/vtt",
            lambda video, out: write_chapters(_rows(video), out, duration=_lasts(video)),
        ),
        Export(
            "chapters-en",
            "en.vtt",
            "text/vtt",
            lambda video, out: write_chapters(_rows(video), out, duration=_lasts(video), language="en"),
        ),
    )
}
