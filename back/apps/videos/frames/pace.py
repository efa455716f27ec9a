"""How far a long piece of work has come, and whether it shall go on."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.videos.frames.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Pace:
    """`progress` hears a share from 0 to 1; `cancelled` is asked at every step."""

    total: float
    progress: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def at(self, seconds: float) -> None:
        if self.cancelled and self.cancelled():
            raise Cancelled
        if self.progress and self.total > 0:
            self.progress(min(1.0, max(0.0, seconds / self.total)))
