"""A floor plan for the places that the events name: the doors on the lower wall, the rest in rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from apps.videos.demo.scene import Point
from semantics import VOCABULARY

_DOOR_WORDS = ("입구", "출구", "정문", "후문", "게이트", "차단기", "entrance", "exit", "gate", "door")


@dataclass(frozen=True, slots=True)
class Place:
    """All in shares of the picture: a piece of furniture, and the spot in front of it where people stand."""

    name: str
    left: float
    top: float
    right: float
    bottom: float
    spot: Point
    is_door: bool


@dataclass(frozen=True, slots=True)
class Plan:
    places: tuple[Place, ...]
    door: Point

    def spots(self) -> dict[str, Point]:
        return {"": (0.5, 0.5)} | {place.name: place.spot for place in self.places}


TOP, BOTTOM, LEFT, RIGHT = 0.105, 0.80, 0.02, 0.98


def floor_plan(names: Sequence[str]) -> Plan:
    doors = [name for name in names if _is_door(name)]
    others = [name for name in names if not _is_door(name)]
    places = [*_doors(doors), *_furniture(others)]
    door = places[0].spot if doors else (0.5, BOTTOM)
    return Plan(tuple(places), (door[0], BOTTOM + 0.01))


def _is_door(name: str) -> bool:
    entrances = next(place for place in VOCABULARY.places if "입구" in place.ko)
    folded = name.casefold()
    return any(word in folded for word in (*_DOOR_WORDS, *entrances.ko, *entrances.en))


def _doors(names: Sequence[str]) -> list[Place]:
    width = (RIGHT - LEFT) / max(1, len(names))
    places = []
    for index, name in enumerate(names):
        middle = LEFT + width * (index + 0.5)
        half = min(0.09, width * 0.4)
        places.append(
            Place(name, middle - half, BOTTOM - 0.05, middle + half, BOTTOM, (middle, BOTTOM - 0.09), True)
        )
    return places


def _furniture(names: Sequence[str]) -> list[Place]:
    if not names:
        return []
    columns = max(2, math.ceil(math.sqrt(len(names) * 1.6)))
    rows = math.ceil(len(names) / columns)
    width, height = (RIGHT - LEFT) / columns, (BOTTOM - 0.12 - TOP) / rows
    places = []
    for index, name in enumerate(names):
        row, column = divmod(index, columns)
        left, top = LEFT + column * width + width * 0.06, TOP + row * height + 0.02
        right, bottom = left + width * 0.88, top + min(0.13, height * 0.38)
        # People stand with their feet in front of the furniture, and in front of what is behind them.
        feet = min(bottom + 0.11, top + height - 0.045)
        places.append(Place(name, left, top, right, bottom, ((left + right) / 2, feet), False))
    return places
