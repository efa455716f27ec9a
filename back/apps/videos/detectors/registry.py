"""The detectors there are. A new one is a file and a line here."""

from collections.abc import Callable, Iterable

from apps.videos.detectors.claude import Claude
from apps.videos.detectors.interface import Detector, Setup
from apps.videos.detectors.motion import Motion
from apps.videos.detectors.people import People

DETECTORS: dict[str, Callable[[Setup], Detector]] = {
    # In this order they look at a window: who is there helps to say who did something.
    "motion": Motion,
    "people": People,
    "claude": Claude,
}


def build(names: Iterable[str], setup: Setup) -> list[Detector]:
    """Raises ValueError for a name that is not there, or for one that lacks what it needs."""
    wanted = list(names)
    unknown = [name for name in wanted if name not in DETECTORS]
    if unknown:
        raise ValueError(f"there is no detector {unknown[0]!r}; there are {', '.join(DETECTORS)}")
    return [make(setup) for name, make in DETECTORS.items() if name in wanted]
