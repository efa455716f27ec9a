"""The detectors there are. A new one is a file and a line here."""

from collections.abc import Callable, Iterable

from apps.videos.detectors.bags import Bags
from apps.videos.detectors.claude import Claude
from apps.videos.detectors.interface import Detector, Setup
from apps.videos.detectors.motion import Motion
from apps.videos.detectors.objects.finding import Finder
from apps.videos.detectors.people import People
from apps.videos.detectors.vehicles import Vehicles


def _with_finder(make: Callable[[Setup, Finder], Detector]) -> Callable[[Setup], Detector]:
    def made(setup: Setup) -> Detector:
        if setup.finder is None:
            raise ValueError("there is no model that finds people, vehicles and bags")
        return make(setup, setup.finder)

    return made


DETECTORS: dict[str, Callable[[Setup], Detector]] = {
    # In this order they look at a window: who is there helps to say who did something.
    "motion": Motion,
    "people": _with_finder(People),
    "vehicles": _with_finder(Vehicles),
    "bags": _with_finder(Bags),
    "claude": Claude,
}
# Those that need DETECTOR_MODEL to be there.
WITH_MODEL = frozenset({"people", "vehicles", "bags"})


def build(names: Iterable[str], setup: Setup) -> list[Detector]:
    """Raises ValueError for a name that is not there, or for one that lacks what it needs."""
    wanted = list(names)
    unknown = [name for name in wanted if name not in DETECTORS]
    if unknown:
        raise ValueError(f"there is no detector {unknown[0]!r}; there are {', '.join(DETECTORS)}")
    return [make(setup) for name, make in DETECTORS.items() if name in wanted]
