"""What a detector is. A new one is a file beside this one and a line in registry.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from apps.videos.detectors.objects.finding import Finder
from apps.videos.detectors.window import Findings, Window
from apps.videos.detectors.zones import Clock, Zones


class Detector(Protocol):
    """Sees windows in order. Memory between them must fit into `state`: JSON, small, and all that a resumed
    run has; a detector that keeps none returns {}."""

    name: str

    def look(self, window: Window) -> Findings: ...

    def state(self) -> dict[str, Any]: ...

    def restore(self, state: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What a vision model answered by the schema that was sent, what it cost (if that is known), and, where
    it gave no usable answer, why not."""

    data: Any
    cost_usd: Decimal | None
    refusal: str = ""


# Pictures (JPEG), instructions, JSON schema.
See = Callable[[list[bytes], str, Mapping[str, Any]], Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything a detector may be given; each takes what it needs."""

    zones: Zones = field(default_factory=Zones)
    clock: Clock | None = None  # of the camera
    finder: Finder | None = None  # what finds people, vehicles and bags, where there is a model
    loiter_seconds: float = 60.0
    crowd_size: int = 5
    see: See | None = None
    vision_budget_usd: Decimal = Decimal("1.00")
    vision_most_calls: int = 500
    video_name: str = ""
