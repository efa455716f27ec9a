"""What is in each picture of a window: looked for once, whoever of the detectors asks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Protocol

from apps.videos.detectors.events import Box, around, visible
from apps.videos.detectors.objects.found import VEHICLE, Found
from apps.videos.detectors.objects.model import WHOLE, Model, model_at
from apps.videos.detectors.window import Frame, Window

# Whoever stands still is still there: the whole picture is looked at this often, whatever moves.
_WHOLE_SECONDS = 2.0
_KNOWN = 0.35  # what is found less surely is not worth a look of its own
_ROOM = 0.06

# For each frame of a window what is in it; None where it was not looked at.
Finds = Sequence[tuple[Found, ...] | None]


class Finder(Protocol):
    @property
    def version(self) -> str: ...

    def in_window(self, window: Window) -> Finds: ...


class ModelFinder:
    """Keeps nothing but the last window's finds: a resumed run looks at the same pictures."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._window: Window | None = None
        self._finds: Finds = ()

    @property
    def version(self) -> str:
        return self._model.description.name

    def in_window(self, window: Window) -> Finds:
        # Windows are copied as detectors add what they saw; their frames stay the same.
        if self._window is None or self._window.frames is not window.frames:
            self._window = window
            self._finds = list(self._look(window.frames))
        return self._finds

    def _look(self, frames: Sequence[Frame]) -> Iterator[tuple[Found, ...] | None]:
        """The whole picture every two seconds, and in between where something moves or somebody was."""
        whole, known = float("-inf"), list[Box]()
        for frame in frames:
            if frame.seconds - whole >= _WHOLE_SECONDS - 0.001:
                whole, part = frame.seconds, WHOLE
            elif frame.moving:
                part = _part(frame.moving, known)
            else:
                yield None
                continue
            tall = median(box[3] for box in known or frame.moving or (WHOLE,))
            found = tuple(self._model.find(frame.picture, part, tall=tall))
            known = [one.box for one in found if one.kind != VEHICLE and one.score >= _KNOWN]
            yield found


def _part(moving: Sequence[Box], known: Sequence[Box]) -> Box:
    left, top, width, height = around([*moving, *known])
    # The model knows things by what is beside them; and of who walks only the legs may have moved.
    room = max(_ROOM, 0.5 * max(box[3] for box in (*moving, *known)))
    return visible((left - room, top - room, width + 2 * room, height + 2 * room)) or WHOLE


def finder_of(model: Path, *, threads: int = 1) -> Finder:
    """Raises DescriptionError where the model, or what describes it, is not there or not right."""
    return ModelFinder(model_at(model, threads=threads))
