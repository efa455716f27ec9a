"""Events of other systems' files, checked like any other, into a video."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from pydantic import ValidationError

from apps.db.models import Video
from apps.http.body import problems_of
from apps.http.errors import InvalidInput, Problem
from apps.videos.events.fields import from_json
from apps.videos.events.reading import Entry, Wrong
from apps.videos.events.storing import Stored, store_events
from apps.videos.feeds import FeedError, read_aihub, read_frigate, read_kisa


@dataclass(frozen=True, slots=True)
class Feed:
    name: str
    what: str
    content_types: tuple[str, ...]
    read: Callable[[BinaryIO, Video], Iterator[dict[str, Any]]]


def _frigate(file: BinaryIO, video: Video) -> Iterator[dict[str, Any]]:
    if video.recorded_at is None or video.duration is None:
        detail = "Frigate knows only the wall clock: the video needs a recorded_at and a duration."
        raise InvalidInput([Problem("needs_clock", detail, "recorded_at")])
    return read_frigate(
        file, recorded_at=video.recorded_at, duration=video.duration, camera=video.camera or None
    )


_XML = ("application/xml", "text/xml")
FEEDS = {
    feed.name: feed
    for feed in (
        Feed("aihub", "AI-Hub's abnormal-behaviour CCTV XML", _XML, lambda file, video: read_aihub(file)),
        Feed("kisa", "KISA's certification XML", _XML, lambda file, video: read_kisa(file)),
        Feed("frigate", "Frigate's events as JSON", ("application/json", "application/x-ndjson"), _frigate),
    )
}


def import_feed(video: Video, feed: Feed, file: BinaryIO) -> Stored:
    """All events or none. Raises InvalidInput with the place of each mistake."""
    return store_events(video, _entries(video, feed, file), most=settings.INGEST_MAX_EVENTS)


def _entries(video: Video, feed: Feed, file: BinaryIO) -> Iterator[Entry]:
    number = 0
    try:
        for number, event in enumerate(feed.read(file, video), start=1):
            try:
                yield from_json(event)
            except ValidationError as error:
                yield Wrong(problems_of(error, prefix=f"events.{number}."))
    except FeedError as error:
        yield Wrong([Problem("unreadable", f"After {number} events: {error}", "file")], final=True)
