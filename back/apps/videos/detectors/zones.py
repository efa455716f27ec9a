"""Named parts of the picture, as polygons in shares of it: where something is, where people come and go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.videos.detectors.events import Box

MOST_ZONES, MOST_CORNERS = 50, 100


@dataclass(frozen=True, slots=True)
class Zone:
    name: str
    corners: tuple[tuple[float, float], ...]
    is_door: bool = False

    def holds(self, x: float, y: float) -> bool:
        """By counting the edges that a ray to the right crosses."""
        inside = False
        previous = self.corners[-1]
        for corner in self.corners:
            (x1, y1), (x2, y2) = previous, corner
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
            previous = corner
        return inside


@dataclass(frozen=True, slots=True)
class Zones:
    """Where zones overlap the first one counts, so a shelf may lie within a hall."""

    zones: tuple[Zone, ...] = ()

    def at(self, x: float, y: float) -> Zone | None:
        return next((zone for zone in self.zones if zone.holds(x, y)), None)

    def name_of(self, box: Box) -> str:
        """Of the place where somebody stands: the middle of the lower edge, else the middle."""
        left, top, width, height = box
        zone = self.at(left + width / 2, top + height * 0.97) or self.at(left + width / 2, top + height / 2)
        return zone.name if zone else ""

    @property
    def doors(self) -> tuple[Zone, ...]:
        return tuple(zone for zone in self.zones if zone.is_door)


def zones_from(value: Iterable[Mapping[str, Any]]) -> Zones:
    """From `[{"name": "입구", "polygon": [[0, 0.5], …], "door": true}, …]`; ValueError says what is wrong."""
    zones = [_zone(entry, number) for number, entry in enumerate(value, start=1)]
    if len(zones) > MOST_ZONES:
        raise ValueError(f"at most {MOST_ZONES} zones")
    return Zones(tuple(zones))


def _zone(entry: Mapping[str, Any], number: int) -> Zone:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise ValueError(f"zone {number}: a name is missing")
    corners = entry.get("polygon")
    if not isinstance(corners, Sequence) or not 3 <= len(corners) <= MOST_CORNERS:
        raise ValueError(f"zone {number}: a polygon has 3 to {MOST_CORNERS} corners")
    return Zone(
        entry["name"].strip()[:200],
        tuple(_corner(corner, number) for corner in corners),
        bool(entry.get("door")),
    )


def _corner(corner: Any, number: int) -> tuple[float, float]:
    try:
        x, y = (float(value) for value in corner)
    except (TypeError, ValueError):
        raise ValueError(f"zone {number}: a corner is a pair of numbers") from None
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"zone {number}: corners are shares of the picture, 0 to 1")
    return (x, y)
