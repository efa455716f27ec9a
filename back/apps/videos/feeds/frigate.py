"""Frigate's events, as its API lists them (`/api/events`) or as its MQTT messages bring them, one a line."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

import ijson
from ijson.common import ObjectBuilder

from apps.videos.feeds.errors import FeedError

SOURCE = "frigate"

# What an object of that kind means where it appears; everything else is `other`, with the kind as its action.
_TYPES = {"person": "person", "fire": "fire", "smoke": "fire", "knife": "weapon", "gun": "weapon"}
_KOREAN = {
    "person": "사람",
    "car": "차량",
    "truck": "트럭",
    "bus": "버스",
    "motorcycle": "오토바이",
    "bicycle": "자전거",
    "dog": "개",
    "cat": "고양이",
    "package": "택배 상자",
    "backpack": "가방",
    "handbag": "가방",
    "suitcase": "여행 가방",
}
_LONGEST_LINE = 1024 * 1024
_MOST_DEPTH = 20


def read_frigate(
    stream: BinaryIO, *, recorded_at: datetime, duration: float, camera: str | None = None
) -> Iterator[dict[str, Any]]:
    """Frigate knows only the wall clock: `recorded_at` (with a time zone) is second 0 of the video, and what
    lies outside of it, or belongs to another camera, is left out. Raises FeedError."""
    if recorded_at.tzinfo is None:
        raise FeedError("The video's recording time has no time zone.")
    zero = recorded_at.timestamp()
    for entry in _entries(stream):
        event = _event(entry, zero=zero, duration=duration, camera=camera)
        if event is not None:
            yield event


def _entries(stream: BinaryIO) -> Iterator[Mapping[str, Any]]:
    head = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if head.startswith(b"["):
            entries = _elements(_Again(head, stream))
        else:
            entries = (json.loads(line) for line in _lines(head, stream))
        for entry in entries:
            if not isinstance(entry, Mapping):
                raise FeedError("An entry is no JSON object.")
            after = entry.get("after")
            yield after if isinstance(after, Mapping) else entry
    except (ijson.JSONError, ValueError, RecursionError) as error:
        raise FeedError(f"Not the JSON of Frigate: {str(error)[:100]}.") from error


def _elements(stream: "_Again") -> Iterator[Any]:
    """The elements of one array. ijson's own `items` keeps the path of every value, which takes gigabytes for
    a file of nothing but brackets; so the depth is watched here."""
    builder, depth = ObjectBuilder(), 0
    for event, value in ijson.basic_parse(stream, use_float=True):
        depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
        if depth > _MOST_DEPTH:
            raise FeedError("The JSON is nested too deeply.")
        if depth == 0 or (depth == 1 and event == "start_array"):
            continue  # the array's own brackets
        builder.event(event, value)
        if depth == 1:
            yield builder.value
            builder = ObjectBuilder()


class _Again:
    """A stream of which the beginning has been read."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        if self._head and size != 0:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


def _lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    rest = head
    while True:
        *whole, rest = rest.split(b"\n")
        yield from (line for line in whole if line.strip())
        if len(rest) > _LONGEST_LINE:
            raise FeedError(f"A line is longer than {_LONGEST_LINE} bytes.")
        chunk = stream.read(65536)
        if not chunk:
            break
        rest += chunk
    if rest.strip():
        yield rest


def _event(
    entry: Mapping[str, Any], *, zero: float, duration: float, camera: str | None
) -> dict[str, Any] | None:
    if camera is not None and entry.get("camera") != camera:
        return None
    start, end = _number(entry.get("start_time")), _number(entry.get("end_time"))
    if start is None or not isinstance(entry.get("id"), str):
        raise FeedError("An event has no id or no start time.")
    if not 0 <= start - zero < duration or entry.get("false_positive"):
        return None
    data = entry["data"] if isinstance(entry.get("data"), Mapping) else {}
    label = _text(entry.get("label"), 50)
    zones = [_text(zone, 200) for zone in _list(entry.get("zones")) or _list(entry.get("entered_zones"))]
    name = _KOREAN.get(label, label)
    score = _number(data.get("top_score")) or _number(entry.get("top_score")) or _number(data.get("score"))
    return {
        "timestamp": round(start - zero, 3),
        "end_timestamp": None if end is None or end < start else round(min(end - zero, duration), 3),
        "event_type": _TYPES.get(label, "other"),
        "action_detected": f"{name} 감지" if name else "",
        "location": zones[0] if zones else "",
        "confidence": 1.0 if score is None else min(1.0, max(0.0, score)),
        # An event of Frigate's is one tracked object from its appearance to its end.
        "track_id": entry["id"][:100],
        "description": _text(data.get("description"), 4000),
        "bbox": _box(data.get("box")),
        "attributes": {
            "label": label,
            "sub_label": _text(entry.get("sub_label"), 100),
            "zones": zones[:20],
            "camera": _text(entry.get("camera"), 100),
        },
        "source": SOURCE,
        "external_id": entry["id"][:200],
    }


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _text(value: Any, longest: int) -> str:
    return value.replace("\0", "").strip()[:longest] if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _box(value: Any) -> list[float] | None:
    """Left, top, width, height in shares; older versions wrote pixels, which say nothing without the size."""
    numbers = [number for part in _list(value) if (number := _number(part)) is not None]
    if len(numbers) != 4 or any(not 0 <= number <= 1 for number in numbers):
        return None
    left, top, width, height = numbers
    return [left, top, min(width, 1 - left), min(height, 1 - top)]
