"""From a file to frames at a steady pace, decoding as little as that needs, in memory that does not grow."""

import math
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.detectors.ahead import ahead
from apps.videos.detectors.background import Background
from apps.videos.detectors.window import Frame
from apps.videos.frames.clock import PictureClock
from apps.videos.frames.errors import Cancelled
from apps.videos.frames.seeking import packets_from
from apps.videos.frames.thumbnail import upright
from apps.videos.probe import video_stream

_MAX_SIDE = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    frames_per_second: float = 2.0
    decoder_threads: int = 0  # 0 is one per core


def frames_from(
    container: InputContainer,
    *,
    start: float,
    pace: Pace,
    cancelled: Callable[[], bool] | None,
    latest: float = math.inf,
) -> Generator[Frame, None, None]:
    """To be closed before the container is: the decoder runs ahead in a thread of its own. A picture that
    claims to be later than `latest` has a damaged clock and is left out: it would hide all that follow it."""
    stream = video_stream(container)
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = pace.decoder_threads
    # Pictures that no other one builds on are never needed at this pace.
    stream.codec_context.skip_frame = "NONREF"
    background = Background()
    # A few seconds before the start are looked at and not given out: the background has to be learned.
    step = 1 / pace.frames_per_second
    sampled = ahead(
        _sampled(container, stream, start=max(0.0, start - 10 * step), step=step, latest=latest), at_most=4
    )
    with closing(sampled):
        for seconds, frame in sampled:
            if cancelled and cancelled():
                raise Cancelled
            picture = upright(frame, stream, max_side=_MAX_SIDE, interpolation="FAST_BILINEAR")
            moving = background.moving(picture)
            if seconds >= start - 0.001:
                yield Frame(round(seconds, 3), picture, moving)


def _sampled(
    container: InputContainer, stream: VideoStream, *, start: float, step: float, latest: float
) -> Generator[tuple[float, VideoFrame], None, None]:
    clock, due = PictureClock(stream), 0.0
    for packet in packets_from(container, stream, start):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue  # a damaged second costs itself, not the analysis
        for frame in frames:
            seconds = clock.seconds(frame)
            if seconds is not None and due - 0.001 <= seconds <= latest:
                due = max(due + step, seconds + step / 2)
                yield seconds, frame
