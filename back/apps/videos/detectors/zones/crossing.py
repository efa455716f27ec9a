"""Who has crossed a line, and to which side."""

from collections.abc import Iterator
from typing import Any

from apps.videos.detectors.tracking.track import Track
from apps.videos.detectors.zones.shape import Line, Point

_BEYOND = 0.08  # own heights beyond a line: a foot on it is on no side


def crossings(track: Track, lines: tuple[Line, ...]) -> Iterator[tuple[Line, bool]]:
    """Lines that were crossed since the track was last asked about; True is to the inner side."""
    for number, line in enumerate(lines):
        # By number and name: two lines of one name are two places.
        memory = track.notes.setdefault("lines", {}).setdefault(f"{number} {line.name}", {})
        if not memory:
            # Before it was sure that this is somebody, they may have crossed it already.
            _cross(track, line, memory, track.first_feet)
        if _cross(track, line, memory, track.feet):
            yield line, memory["side"] > 0


def _cross(track: Track, line: Line, memory: dict[str, Any], point: Point) -> bool:
    away = line.side(*point)
    if abs(away) < _BEYOND * track.height:
        return False
    side, before, last = (1 if away > 0 else -1), memory.get("side"), memory.get("from")
    memory["side"], memory["from"] = side, list(point)
    if before is None or last is None or side == before:
        return False
    # Not by going around one of its ends.
    return line.is_beside((last[0] + point[0]) / 2, (last[1] + point[1]) / 2)
