"""One incident seen in adjoining windows becomes one event.

Detectors see ten seconds at a time. What goes on past the end of a window comes again in the next one; here
it is recognised and told again under the id it had, longer, instead of as something new.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from apps.videos.detectors.events import DetectedEvent, around, overlap, rounded
from apps.videos.detectors.window import Window

_GAP = 2.5  # seconds between the end of one sighting and the start of the next
_REMEMBERED = 15.0  # seconds: somebody who lingers may be out of sight for a while
_MOMENTARY = {"enter", "exit", "vehicle_enter", "vehicle_exit"}


class Merger:
    def __init__(self) -> None:
        self._open: list[DetectedEvent] = []

    def merge(self, window: Window, found: Iterable[DetectedEvent]) -> tuple[DetectedEvent, ...]:
        """The window's events with their ids, in time order; earlier ones among them where they went on."""
        told: dict[tuple[str, str], DetectedEvent] = {}
        numbers: dict[str, int] = {}
        continued: set[tuple[str, str]] = set()
        for event in sorted(found, key=lambda event: (event.timestamp, event.event_type, event.location)):
            earlier = next(
                (old for old in self._open if _key(old) not in continued and _goes_on(old, event)), None
            )
            if earlier is not None:
                event = _joined(earlier, event)
                continued.add(_key(event))
            else:
                number = numbers[event.source] = numbers.get(event.source, -1) + 1
                event = replace(event, external_id=f"{id_prefix(window)}{number}")
            told[_key(event)] = event
        self._open = [
            event
            for event in (*told.values(), *(old for old in self._open if _key(old) not in continued))
            if event.last_moment >= window.end - _REMEMBERED
        ]
        return tuple(sorted(told.values(), key=lambda event: (event.timestamp, event.source)))

    def state(self) -> list[dict[str, Any]]:
        return [event.as_dict() for event in self._open]

    def restore(self, state: Iterable[Mapping[str, Any]]) -> None:
        self._open = [DetectedEvent.from_dict(fields) for fields in state]


def id_prefix(window: Window) -> str:
    """Ids count within a window: one that is run again tells the same events under the same ids."""
    start = f"{window.start:.3f}".rstrip("0").rstrip(".")
    return f"{start}#"


def _key(event: DetectedEvent) -> tuple[str, str]:
    return (event.source, event.external_id)


def _goes_on(old: DetectedEvent, new: DetectedEvent) -> bool:
    if (old.source, old.event_type) != (new.source, new.event_type) or old.event_type in _MOMENTARY:
        return False
    if new.timestamp - old.last_moment > _GAP or old.attributes.get("doing") != new.attributes.get("doing"):
        return False
    if old.track_id and new.track_id:
        return old.track_id == new.track_id
    if old.location and new.location and old.location != new.location:
        return False
    # The same kind of thing at two ends of the picture is two things; but a place has only one motion.
    return old.event_type == "motion" or not (old.bbox and new.bbox) or overlap(_grown(old), _grown(new)) > 0


def _grown(event: DetectedEvent) -> tuple[float, float, float, float]:
    assert event.bbox is not None
    left, top, width, height = event.bbox
    return (left - width / 2, top - height / 2, width * 2, height * 2)


def _joined(old: DetectedEvent, new: DetectedEvent) -> DetectedEvent:
    """Starts with the old one and ends with the later; said in the words of whichever was surer."""
    surer = new if new.confidence > old.confidence else old
    boxes = [event.bbox for event in (old, new) if event.bbox]
    return replace(
        surer,
        timestamp=old.timestamp,
        end_timestamp=max(old.last_moment, new.last_moment),
        external_id=old.external_id,
        track_id=old.track_id or new.track_id,
        location=old.location or new.location,
        age=surer.age if surer.age is not None else (old.age if old.age is not None else new.age),
        gender=next((e.gender for e in (surer, old, new) if e.gender != "unknown"), "unknown"),
        bbox=rounded(around(boxes)) if boxes else None,
    )
