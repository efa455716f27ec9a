"""From a file to frames at a steady pace, decoding as little as that needs, in memory that does not grow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.detectors.background import Background
from apps.videos.detectors.window import Frame
from apps.videos.frames.errors import Cancelled
from apps.videos.frames.seeking import packets_from, stream_start
from apps.videos.frames.thumbnail import upright
from apps.videos.probe import video_stream

_MAX_SIDE = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    frames_per_second: float = 2.0
    decoder_threads: int = 0  # 0 is one per core


def frames_from(
    container: InputContainer, *, start: float, pace: Pace, cancelled: Callable[[], bool] | None
) -> Iterator[Frame]:
    """A few seconds before `start` are decoded too, and not given out: the background has to be learned."""
    stream = video_stream(container)
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = pace.decoder_threads
    # Pictures that no other one builds on are never needed at this pace.
    stream.codec_context.skip_frame = "NONREF"
    background = Background()
    step = 1 / pace.frames_per_second
    due = -1.0
    for frame in _decoded(container, stream, max(0.0, start - 10 * step), cancelled):
        seconds = frame.time - stream_start(stream) if frame.time is not None else None
        if seconds is None or seconds < due - 0.001:
            continue
        due = max(due + step, seconds + step / 2)
        picture = upright(frame, stream, max_side=_MAX_SIDE, interpolation="FAST_BILINEAR")
        moving = background.moving(picture)
        if seconds >= start - 0.001:
            yield Frame(round(seconds, 3), picture, moving)


def _decoded(
    container: InputContainer, stream: VideoStream, start: float, cancelled: Callable[[], bool] | None
) -> Iterator[VideoFrame]:
    for packet in packets_from(container, stream, start):
        if cancelled and cancelled():
            raise Cancelled
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            continue  # a damaged second costs itself, not the analysis
