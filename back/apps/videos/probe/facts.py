"""What a probe is allowed to cost, and what it finds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeLimits:
    max_duration: float = 24 * 3600.0
    max_pixels: int = 8192 * 4352
    max_side: int = 16384
    wall_seconds: float = 30.0
    cpu_seconds: int = 10
    # Address space, not resident memory: the libraries alone map some 400 MB.
    memory_bytes: int = 2 * 1024**3
    frames_to_decode: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoProbe:
    """Width and height are those of the stored picture; `rotation` (0, 90, 180, 270, anticlockwise) is still
    to be applied. `created_at` is the file's own claim, None where it has none that is plausible."""

    container: str
    size: int
    duration: float
    width: int
    height: int
    rotation: int
    fps: float | None
    video_codec: str
    pixel_format: str | None
    audio_codec: str | None
    created_at: datetime | None

    @property
    def shown_size(self) -> tuple[int, int]:
        turned = self.rotation in (90, 270)
        return (self.height, self.width) if turned else (self.width, self.height)
