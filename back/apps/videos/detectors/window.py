"""What detectors look at, and what they give back."""

from dataclasses import dataclass, field

import numpy as np

from apps.videos.detectors.events import Box, DetectedEvent


@dataclass(frozen=True, slots=True)
class Frame:
    seconds: float
    picture: np.ndarray  # BGR, upright, at most 640 pixels on its longer side
    moving: tuple[Box, ...]  # what the background does not explain


@dataclass(frozen=True, slots=True)
class Sighting:
    """A tracked person in one frame, for detectors that see what but not who."""

    seconds: float
    track_id: str
    box: Box


@dataclass(frozen=True, slots=True)
class Window:
    """`start` lies on the grid of window lengths, so the same stretch is the same window in every run."""

    start: float
    end: float
    frames: tuple[Frame, ...]
    is_last: bool = False
    sightings: tuple[Sighting, ...] = ()

    @property
    def has_motion(self) -> bool:
        return any(frame.moving for frame in self.frames)


@dataclass(frozen=True, slots=True)
class TrackSeen:
    """From when to when a track was seen without a break. Told again, longer, while it goes on."""

    kind: str  # person, vehicle or bag
    track_id: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Counted:
    """The people of a window: most at once, and how many different ones."""

    people: int
    tracks: int


@dataclass(frozen=True, slots=True)
class Findings:
    events: tuple[DetectedEvent, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    spans: tuple[TrackSeen, ...] = ()
    counted: Counted | None = None  # of a detector that counts people, where it has looked
    notes: tuple[str, ...] = ()  # what a person should know about this stretch, e.g. that the budget is spent


@dataclass(frozen=True, slots=True)
class WindowResult:
    """`events` replace earlier ones of the same source and external_id: an incident that goes on is told
    again, longer. To run a window anew without leaving anything behind, delete the events of `sources` whose
    external_id begins with `id_prefix` and is not among `events`. Keep `state` with the window's end: to
    resume from there takes both."""

    start: float
    end: float
    is_last: bool
    events: tuple[DetectedEvent, ...]
    sources: tuple[str, ...]
    id_prefix: str
    notes: tuple[str, ...] = ()
    spans: tuple[tuple[str, TrackSeen], ...] = ()  # each with the source that saw it
    counted: tuple[tuple[str, Counted], ...] = ()
    state: dict = field(default_factory=dict)
