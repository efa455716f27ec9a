"""One thing in one picture."""

from dataclasses import dataclass
from typing import Final

from apps.videos.detectors.events import Box

PERSON: Final = "person"
VEHICLE: Final = "vehicle"
BAG: Final = "bag"


@dataclass(frozen=True, slots=True)
class Found:
    kind: str  # PERSON, VEHICLE or BAG
    label: str  # in the model's words: car, backpack, …
    box: Box
    score: float
