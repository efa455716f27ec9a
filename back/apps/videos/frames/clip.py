"""A short video around an event, and a whole video in a form that browsers play."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av

from apps.videos.frames.copying import copy_packets
from apps.videos.frames.encoders import browser_encoder
from apps.videos.frames.encoding import encode_span
from apps.videos.frames.errors import NoPicture
from apps.videos.frames.pace import Pace
from apps.videos.frames.playable import pictures_can_be_copied, sound_can_be_copied
from apps.videos.probe import Source, VideoProbe, open_video

# How much may come before the wanted start so that the pictures need not be encoded anew.
_MOST_LEAD_IN = 4.0


@dataclass(frozen=True, slots=True)
class Clip:
    path: Path
    content_type: str
    start: float  # the moment of the video that the clip's second 0 shows
    end: float


def cut_clip(source: Source, target: Path, *, probe: VideoProbe, start: float, end: float) -> Clip:
    """From a keyframe shortly before `start` where that spares encoding, else from `start` itself.

    `target` gets the ending of what is written. Raises NoPicture if the span lies outside the video.
    """
    start, end = max(0.0, start), min(end, probe.duration)
    if start >= end:
        raise NoPicture(f"no picture from {start:g} s on")
    pace = Pace(total=end - start)
    path = target.with_suffix(".mp4")
    begins = _copied(source, path, probe=probe, start=start, end=end, pace=pace)
    if begins is not None and start - begins <= _MOST_LEAD_IN:
        return Clip(path, "video/mp4", round(begins, 3), end)
    path.unlink(missing_ok=True)
    encoder = browser_encoder()
    path = target.with_suffix(f".{encoder.extension}")
    with open_video(source) as container:
        encode_span(container, path, start=start, end=end, max_height=720, pace=pace)
    return Clip(path, encoder.content_type, start, end)


def transcode(
    source: Source,
    target: Path,
    *,
    probe: VideoProbe,
    max_height: int = 1080,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Clip:
    """The whole video as something every browser plays. Raises Cancelled; leaves nothing behind then."""
    pace = Pace(total=probe.duration, progress=progress, cancelled=cancelled)
    path = target.with_suffix(".mp4")
    if _copied(source, path, probe=probe, start=0.0, end=None, pace=pace) is not None:
        pace.at(pace.total)
        return Clip(path, "video/mp4", 0.0, probe.duration)
    encoder = browser_encoder()
    path = target.with_suffix(f".{encoder.extension}")
    with open_video(source) as container:
        encode_span(container, path, start=0.0, end=None, max_height=max_height, pace=pace)
    pace.at(pace.total)
    return Clip(path, encoder.content_type, 0.0, probe.duration)


def _copied(
    source: Source, path: Path, *, probe: VideoProbe, start: float, end: float | None, pace: Pace
) -> float | None:
    """→ the moment from which on; None where the pictures have to be encoded."""
    if not pictures_can_be_copied(probe):
        return None
    with open_video(source) as container:
        try:
            return copy_packets(
                container, path, start=start, end=end, pace=pace, copy_sound=sound_can_be_copied(probe)
            )
        except (av.FFmpegError, ValueError, NoPicture):  # packets that MP4 does not take, or none
            return None
