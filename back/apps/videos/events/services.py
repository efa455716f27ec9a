"""One event: add it, change it, show it."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from apps.db.models import Event, Video
from apps.http.body import problems_of
from apps.http.errors import Conflict, InvalidInput, Problem
from apps.videos.events.fields import FIELDS, from_json
from apps.videos.events.listing import LISTED
from apps.videos.events.reading import Entry, Wrong


def event_out(event_id: int) -> dict[str, Any]:
    return Event.objects.filter(pk=event_id).values(*LISTED).get()


def store_one(video: Video, entries: Iterator[Entry]) -> tuple[dict[str, Any], bool]:
    """→ (the event, whether it is new)."""
    entry = next(entries)
    if isinstance(entry, Wrong):
        raise InvalidInput(entry.problems)
    fields = entry.model_dump()
    with transaction.atomic():
        Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        if entry.external_id is not None:
            known = Event.objects.filter(
                video=video, source=entry.source, external_id=entry.external_id
            ).first()
            if known is not None:
                _write(known, {name: fields[name] for name in FIELDS if getattr(known, name) != fields[name]})
                return event_out(known.pk), False
        event = Event.objects.create(video=video, **fields)
        return event_out(event.pk), True


def _write(event: Event, changed: dict[str, Any]) -> None:
    if changed:
        for name, value in changed.items():
            setattr(event, name, value)
        event.save(update_fields=[*changed, "updated_at"])


def change_event(event: Event, sent: Any) -> dict[str, Any]:
    """What was sent is checked together with what stays: a new end must fit the old start."""
    if not isinstance(sent, dict):
        raise InvalidInput([Problem("not_an_object", "Send a JSON object with the fields to change.")])
    with transaction.atomic():
        event = Event.objects.select_for_update().get(pk=event.pk)
        whole = {name: getattr(event, name) for name in FIELDS} | sent
        try:
            checked = from_json(whole).model_dump()
        except ValidationError as error:
            raise InvalidInput(problems_of(error)) from None
        named = (checked["source"], checked["external_id"])
        if named[1] is not None and named != (event.source, event.external_id):
            Video.objects.select_for_update(no_key=True).get(pk=event.video_id)
            if Event.objects.filter(video=event.video_id, source=named[0], external_id=named[1]).exists():
                raise Conflict("Another event of this video and source has this external_id.")
        _write(event, {name: checked[name] for name in sent})
    return event_out(event.pk)
