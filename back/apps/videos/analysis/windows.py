"""One analysed stretch of a video, stored whole or not at all: its events, how far we are, how to go on."""

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.db.models import Analysis, Event, Video
from apps.videos.analysis.presence import store_presence
from apps.videos.events.fields import from_json
from apps.videos.events.reading import Entry
from apps.videos.events.storing import store_events


class Superseded(Exception):
    """The video is gone, or another job has its analysis now."""


class Result(Protocol):
    """detectors.WindowResult, without loading OpenCV."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def is_last(self) -> bool: ...
    @property
    def events(self) -> tuple[Any, ...]: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def id_prefix(self) -> str: ...
    @property
    def spans(self) -> tuple[tuple[str, Any], ...]: ...
    @property
    def counted(self) -> tuple[tuple[str, Any], ...]: ...
    @property
    def state(self) -> dict[str, Any]: ...


def store_window(video_id: int, job: UUID, result: Result, *, rate: float | None) -> None:
    """A window that is run again tells the same events under the same ids; those it tells no more go."""
    with transaction.atomic():
        video = Video.objects.select_for_update(no_key=True).filter(pk=video_id).first()
        if video is None or not Analysis.objects.filter(pk=video_id, job=job).exists():
            raise Superseded
        told = [event.external_id for event in result.events]
        stale = Event.objects.filter(
            video=video, source__in=result.sources, external_id__startswith=result.id_prefix
        ).exclude(external_id__in=told)
        if stale.exists():
            stale.delete()
        if result.events:
            store_events(video, _entries(result), most=settings.INGEST_MAX_EVENTS)
        store_presence(video, result)
        end = result.end if video.duration is None else min(result.end, video.duration)
        Video.objects.filter(pk=video_id).update(analyzed_until=end, updated_at=timezone.now())
        Analysis.objects.filter(pk=video_id).update(memory=result.state, rate=rate, updated_at=timezone.now())


def _entries(result: Result) -> Iterator[Entry]:
    for event in result.events:
        yield from_json(event.as_dict())
