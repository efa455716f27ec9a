"""Events as somebody has them in a shell (dicts of the API, rows, model instances) as rows of ours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from apps.api.asking.question import Scoped
from apps.api.types import EventRow, VideoInfo

_FIELDS = tuple(field.name for field in fields(EventRow))


def event_rows(events: Iterable[Any]) -> tuple[EventRow, ...]:
    """In time order. ValueError for one without a timestamp."""
    rows = [_row(event, number) for number, event in enumerate(events, start=1)]
    return tuple(sorted(rows, key=lambda row: (row.video_id, row.timestamp, row.id)))


def _row(event: Any, number: int) -> EventRow:
    if isinstance(event, EventRow):
        return event
    read = event.get if isinstance(event, Mapping) else lambda name: getattr(event, name, None)
    given: dict[str, Any] = {name: value for name in _FIELDS if (value := read(name)) is not None}
    if "timestamp" not in given:
        raise ValueError(f"event {number} has no timestamp (seconds from the start of the video)")
    if isinstance(given.get("occurred_at"), str):
        given["occurred_at"] = datetime.fromisoformat(given["occurred_at"])
    # Numbered as they come, where nobody gave them one: a citation needs something to point at.
    unsaid: dict[str, Any] = {"id": number, "video_id": 0, "event_type": "other"}
    return EventRow(**(unsaid | given))


def video_of(events: Iterable[EventRow], name: str) -> Iterator[Scoped]:
    """As much of their videos as the events tell. `name` is that of the one video they are all of."""
    for video_id in dict.fromkeys(event.video_id for event in events):
        yield Scoped(VideoInfo(id=video_id, name=name))
