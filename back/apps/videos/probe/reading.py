"""Reads a video's facts and decodes its first pictures. Runs in the sandboxed process (child.py)."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import BinaryIO

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.probe.errors import ProbeError
from apps.videos.probe.facts import ProbeLimits, VideoProbe
from apps.videos.probe.opening import codec_name, open_video, video_stream
from apps.videos.probe.structure import is_cut_short

_EARLIEST_CREATION = datetime(1995, 1, 1, tzinfo=UTC)
_PACKETS_FOR_FIRST_FRAMES = 600
_PACKETS_AT_THE_END = 50_000
# One picture may stand for long (time lapse), but a last picture that lasts hours is a made-up length.
_LONGEST_LAST_FRAME = 60.0


def read_probe(file: BinaryIO, *, limits: ProbeLimits, now: datetime | None = None) -> VideoProbe:
    size = file.seek(0, 2)
    try:
        with open_video(file, max_pixels=limits.max_pixels) as container:
            stream = video_stream(container)
            check_picture_size(stream.codec_context.width, stream.codec_context.height, limits)
            frames = first_frames(container, stream, limits)
            found = VideoProbe(
                container=container.format.name.split(",")[0],
                size=size,
                duration=0.0,
                width=frames[0].width,
                height=frames[0].height,
                rotation=round(frames[0].rotation / 90) * 90 % 360,
                fps=frame_rate(stream, frames),
                video_codec=codec_name(stream),
                pixel_format=stream.codec_context.pix_fmt,
                audio_codec=audio_codec(container),
                created_at=creation_time(container, stream, now=now or datetime.now(UTC)),
            )
        found = replace(found, duration=round(measured_duration(file, limits=limits), 3))
    except ProbeError as error:
        if error.code == "unreadable" and is_cut_short(file, size=size):
            raise _truncated() from error  # an MP4 whose index stood at the missing end
        raise
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise ProbeError("unreadable", "The file is damaged: its pictures cannot be read.") from error
    if is_cut_short(file, size=size):
        raise _truncated()
    return found


def _truncated() -> ProbeError:
    return ProbeError("truncated", "The file ends too early: the end of the video is missing.")


def check_picture_size(width: int, height: int, limits: ProbeLimits) -> None:
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        raise ProbeError("too_large_picture", f"The picture is too large: {width}×{height}.")


def first_frames(container: InputContainer, stream: VideoStream, limits: ProbeLimits) -> list[VideoFrame]:
    """Damaged packets at the start are stepped over: a recording often begins in mid-picture."""
    stream.thread_type = "NONE"  # threads would each take their share of the little memory there is
    frames: list[VideoFrame] = []
    for packet in islice(container.demux(stream), _PACKETS_FOR_FIRST_FRAMES):
        try:
            frames.extend(packet.decode())
        except av.FFmpegError:
            continue
        for frame in frames:
            check_picture_size(frame.width, frame.height, limits)
        if len(frames) >= limits.frames_to_decode:
            break
    if not frames:
        raise ProbeError("unreadable", "Not one picture of the file's video track can be decoded.")
    return frames


def measured_duration(file: BinaryIO, *, limits: ProbeLimits) -> float:
    """Seconds from the first moment to the end of the last packet; what the file claims is only compared."""
    with open_video(file, max_pixels=limits.max_pixels) as container:
        claimed = (container.duration or 0) / av.time_base
        try:
            container.seek((container.start_time or 0) + (container.duration or 0))
            measured = end_of_packets(container, claimed=claimed)
        except av.FFmpegError:
            measured = None
    if not measured:  # a file without an index may refuse to seek: its packets are read from the start
        with open_video(file, max_pixels=limits.max_pixels) as container:
            measured = end_of_packets(container, claimed=claimed)
    if claimed > 2 * measured + _LONGEST_LAST_FRAME:
        raise ProbeError(
            "implausible_duration",
            f"The file claims to last {clock(claimed)}, but its pictures end after {clock(measured)}.",
        )
    if claimed > 1.05 * measured + 2:
        raise _truncated()
    if measured > limits.max_duration:
        raise ProbeError(
            "too_long", f"The video lasts {clock(measured)}; at most {clock(limits.max_duration)} is taken."
        )
    if not (math.isfinite(measured) and measured > 0):
        raise ProbeError("implausible_duration", "The pictures of the file carry no usable times.")
    return measured


def end_of_packets(container: InputContainer, *, claimed: float) -> float:
    start = (container.start_time or 0) / av.time_base
    measured, packets = 0.0, 0
    for packet in islice(container.demux(), _PACKETS_AT_THE_END):
        packets += 1
        if packet.stream.type in ("video", "audio") and packet.pts is not None and packet.time_base:
            moment = float(packet.pts * packet.time_base) - start
            lasts = min(float((packet.duration or 0) * packet.time_base), _LONGEST_LAST_FRAME)
            measured = max(measured, moment, min(moment + lasts, claimed or math.inf))
    # Where the end was not reached the claim cannot be judged, and stands.
    return max(measured, claimed) if packets == _PACKETS_AT_THE_END else measured


def frame_rate(stream: VideoStream, frames: list[VideoFrame]) -> float | None:
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 0 < rate <= 1000:
            return round(float(rate), 3)
    times = [frame.time for frame in frames if frame.time is not None]
    if len(times) > 1 and times[-1] > times[0]:
        return round((len(times) - 1) / (times[-1] - times[0]), 3)
    return None


def audio_codec(container: InputContainer) -> str | None:
    for stream in container.streams.audio:
        if stream.codec_context is not None:
            return codec_name(stream)
    return None


def creation_time(container: InputContainer, stream: VideoStream, *, now: datetime) -> datetime | None:
    """Cameras without a clock write 1904, 1970 or their factory date: only a plausible moment counts."""
    for metadata in (container.metadata, stream.metadata):
        # Apple's own key knows the time zone, the standard one is UTC.
        for key in ("com.apple.quicktime.creationdate", "creation_time"):
            try:
                moment = datetime.fromisoformat(metadata.get(key, ""))
            except ValueError:
                continue
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if _EARLIEST_CREATION <= moment <= now + timedelta(days=1):
                return moment
    return None


def clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"
