"""Motion: where the picture changes, as spans per place."""

from collections.abc import Mapping
from typing import Any

from apps.videos.detectors.events import Box, DetectedEvent, around, rounded
from apps.videos.detectors.interface import Setup
from apps.videos.detectors.window import Findings, Window
from apps.videos.detectors.zones import Zones

_GAP = 2.0  # a pause that does not end a movement
_FEWEST = 2  # sampled frames: a single one is a flicker


class Motion:
    name = "motion"

    def __init__(self, setup: Setup) -> None:
        self._zones: Zones = setup.zones

    def look(self, window: Window) -> Findings:
        spans: dict[str, list[list[tuple[float, list[Box]]]]] = {}
        for frame in window.frames:
            for place, boxes in self._by_place(frame.moving).items():
                runs = spans.setdefault(place, [])
                if not runs or frame.seconds - runs[-1][-1][0] > _GAP:
                    runs.append([])
                runs[-1].append((frame.seconds, boxes))
        events = [
            self._event(place, run, window)
            for place, runs in spans.items()
            for run in runs
            # At the window's edge the rest of the span may lie in the window beside it.
            if len(run) >= _FEWEST or run[0][0] - window.start < _GAP or window.end - run[-1][0] < _GAP
        ]
        return Findings(tuple(sorted(events, key=lambda event: event.timestamp)))

    def _by_place(self, moving: tuple[Box, ...]) -> dict[str, list[Box]]:
        places: dict[str, list[Box]] = {}
        for box in filter(self._zones.shows_motion, moving):
            places.setdefault(self._zones.name_of(box), []).append(box)
        return places

    def _event(self, place: str, run: list[tuple[float, list[Box]]], window: Window) -> DetectedEvent:
        box = around([box for _, boxes in run for box in boxes])
        most = max(sum(box[2] * box[3] for box in boxes) for _, boxes in run)
        return DetectedEvent(
            timestamp=round(run[0][0], 2),
            end_timestamp=round(run[-1][0], 2),
            event_type="motion",
            action_detected="움직임",
            location=place,
            # A large change over several frames is surely one; a small and short one may be noise.
            confidence=round(min(0.99, 0.5 + 0.05 * len(run) + min(0.3, 3 * most)), 2),
            description=f"{place}에서 움직임이 감지되었다." if place else "움직임이 감지되었다.",
            bbox=rounded(box),
            attributes={"description_en": f"Movement at {place}." if place else "Movement."},
            source=self.name,
        )

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        pass
