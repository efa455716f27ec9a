"""What is in each picture of a window: looked for once, whoever of the detectors asks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from apps.videos.detectors.objects.found import Found
from apps.videos.detectors.objects.model import Model, model_at
from apps.videos.detectors.window import Frame, Window

# Where nothing moves a picture is looked at this often: whoever stands still is still there.
_IDLE_SECONDS = 2.0

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
            self._finds = [
                tuple(self._model.find(frame.picture)) if wanted else None
                for frame, wanted in zip(window.frames, _to_look_at(window.frames), strict=True)
            ]
        return self._finds


def _to_look_at(frames: Sequence[Frame]) -> list[bool]:
    wanted, looked = [], float("-inf")
    for frame in frames:
        due = bool(frame.moving) or frame.seconds - looked >= _IDLE_SECONDS - 0.001
        looked = frame.seconds if due else looked
        wanted.append(due)
    return wanted


def finder_of(model: Path, *, threads: int = 1) -> Finder:
    """Raises DescriptionError where the model, or what describes it, is not there or not right."""
    return ModelFinder(model_at(model, threads=threads))
