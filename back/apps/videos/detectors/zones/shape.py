"""What a zone is. Everything is in shares of the picture."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time

from apps.videos.detectors.events import Box

Point = tuple[float, float]
# The wall clock at a second of the video; None where nobody knows it.
Clock = Callable[[float], datetime | None]


@dataclass(frozen=True, slots=True)
class Hours:
    """From a time of day to another one, perhaps past midnight; both the same is the whole day."""

    start: time
    end: time

    def hold(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True)
class Zone:
    name: str
    corners: tuple[Point, ...]
    is_door: bool = False
    is_mask: bool = False
    tells_entered: bool = False
    tells_left: bool = False
    dwell_seconds: float | None = None
    # When nobody may be here; empty is never, and needs no clock if it is always.
    forbidden: tuple[Hours, ...] = ()
    always_forbidden: bool = False
    smallest: float = 0.0
    crowd_size: int | None = None

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

    @property
    def is_watched(self) -> bool:
        return (
            self.tells_entered
            or self.tells_left
            or self.dwell_seconds is not None
            or self.always_forbidden
            or bool(self.forbidden)
        )

    def forbids(self, clock: datetime | None) -> bool:
        """Without a clock nobody knows whether it is time."""
        if self.always_forbidden:
            return True
        return clock is not None and any(hours.hold(clock.time()) for hours in self.forbidden)


@dataclass(frozen=True, slots=True)
class Line:
    """Who crosses it to the inner side comes in: the right, or the left, of somebody who looks from its first
    point to its second."""

    name: str
    start: Point
    end: Point
    inside_is_left: bool = False

    def side(self, x: float, y: float) -> float:
        """Above 0 inside, below 0 outside; how far, in shares of the picture."""
        (x1, y1), (x2, y2) = self.start, self.end
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        # In pictures y grows downwards: the right-hand side is the positive one.
        right = ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / length
        return -right if self.inside_is_left else right

    def is_beside(self, x: float, y: float) -> bool:
        """Whether the point lies between the two ends, as seen along the line."""
        (x1, y1), (x2, y2) = self.start, self.end
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        return 0 <= along <= 1


@dataclass(frozen=True, slots=True)
class Zones:
    """Where zones overlap the first one counts, so a shelf may lie within a hall."""

    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = field(default=())

    def at(self, x: float, y: float) -> Zone | None:
        return next((zone for zone in self.zones if not zone.is_mask and zone.holds(x, y)), None)

    def zone_of(self, box: Box) -> Zone | None:
        """Where somebody stands: the middle of the lower edge, else the middle."""
        left, top, width, height = box
        return self.at(left + width / 2, top + height * 0.97) or self.at(left + width / 2, top + height / 2)

    def name_of(self, box: Box) -> str:
        zone = self.zone_of(box)
        return zone.name if zone else ""

    def counts(self, box: Box) -> bool:
        """Not masked, and not too small for where it is."""
        left, top, width, height = box
        x, feet, middle = left + width / 2, top + height * 0.97, top + height / 2
        if any(zone.is_mask and (zone.holds(x, middle) or zone.holds(x, feet)) for zone in self.zones):
            return False
        zone = self.zone_of(box)
        return zone is None or height >= zone.smallest

    def shows_motion(self, box: Box) -> bool:
        left, top, width, height = box
        return not any(zone.is_mask and zone.holds(left + width / 2, top + height / 2) for zone in self.zones)

    def at_door(self, box: Box) -> bool:
        left, top, width, height = box
        x, feet, middle = left + width / 2, top + height * 0.97, top + height / 2
        return any(zone.is_door and (zone.holds(x, feet) or zone.holds(x, middle)) for zone in self.zones)

    def can_forbid(self, clock: Clock | None) -> bool:
        """Whether there is a zone where nobody may be; where hours matter, they need a clock."""
        known = clock is not None and clock(0.0) is not None
        return any(zone.always_forbidden or (zone.forbidden and known) for zone in self.zones)

    @property
    def has_doors(self) -> bool:
        """Whether it is drawn where people come and go; a line is a door too."""
        return bool(self.lines) or any(zone.is_door for zone in self.zones)
