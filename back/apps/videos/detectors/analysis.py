"""Runs detectors over a video, window by window, in memory that does not grow with its length."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from apps.videos.detectors.events import DetectedEvent
from apps.videos.detectors.interface import Detector
from apps.videos.detectors.merging import Merger, id_prefix
from apps.videos.detectors.sampling import Pace, frames_from
from apps.videos.detectors.window import Counted, Frame, TrackSeen, Window, WindowResult
from apps.videos.probe import ProbeLimits, Source, open_video


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """Changing the length of windows changes the ids of events: analyse anew from 0 then."""

    window_seconds: float = 10.0
    frames_per_second: float = 2.0
    decoder_threads: int = 0


def analyse(
    source: Source,
    detectors: Sequence[Detector],
    *,
    duration: float,
    start: float = 0.0,
    state: Mapping[str, Any] | None = None,
    options: AnalysisOptions | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[WindowResult]:
    """From the window that holds `start` to the end. `progress` hears the seconds analysed so far.

    To resume, give the last stored result's end as `start` and its `state`. Raises Cancelled, ProbeError.
    """
    options = options or AnalysisOptions()
    length = options.window_seconds
    start = int(start / length) * length
    merger = Merger()
    if state:
        merger.restore(state.get("open", []))
        for detector in detectors:
            detector.restore(state.get("detectors", {}).get(detector.name, {}))
    pace = Pace(frames_per_second=options.frames_per_second, decoder_threads=options.decoder_threads)
    with (
        open_video(source) as container,
        closing(
            frames_from(
                container, start=start, pace=pace, cancelled=cancelled, latest=_latest(duration, length)
            )
        ) as frames,
    ):
        for window in _windows(frames, start=start, duration=duration, length=length):
            yield _result(window, detectors, merger)
            if progress:
                progress(window.end)


def _latest(duration: float, length: float) -> float:
    """The last packets, which the duration comes from, may be shown a little after it."""
    return (duration if duration > 0 else ProbeLimits().max_duration) + length


def _windows(frames: Iterator[Frame], *, start: float, duration: float, length: float) -> Iterator[Window]:
    """Windows without a frame are told too: that stretch has been looked at."""
    first, held = start, list[Frame]()
    for frame in frames:
        while frame.seconds >= first + length:
            yield Window(first, first + length, tuple(held))
            first, held = first + length, []
        held.append(frame)
    end = max(duration, held[-1].seconds if held else 0.0)
    while end > first + length:
        yield Window(first, first + length, tuple(held))
        first, held = first + length, []
    yield Window(first, max(first, end), tuple(held), is_last=True)


def _result(window: Window, detectors: Sequence[Detector], merger: Merger) -> WindowResult:
    found: list[DetectedEvent] = []
    notes: list[str] = []
    spans: list[tuple[str, TrackSeen]] = []
    counted: list[tuple[str, Counted]] = []
    for detector in detectors:
        findings = detector.look(window)
        found += findings.events
        spans += [(detector.name, span) for span in findings.spans]
        counted += [(detector.name, findings.counted)] if findings.counted else []
        notes += [f"{detector.name}: {note}" for note in findings.notes]
        window = replace(window, sightings=window.sightings + findings.sightings)
    return WindowResult(
        start=window.start,
        end=window.end,
        is_last=window.is_last,
        events=merger.merge(window, found),
        sources=tuple(detector.name for detector in detectors),
        id_prefix=id_prefix(window),
        notes=tuple(notes),
        spans=tuple(spans),
        counted=tuple(counted),
        state={
            "open": merger.state(),
            "detectors": {detector.name: detector.state() for detector in detectors},
        },
    )
