"""Moves the packets of a span into an MP4 without touching the pictures."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from av.container import InputContainer
from av.packet import Packet

from apps.videos.frames.clock import stream_start
from apps.videos.frames.errors import NoPicture
from apps.videos.frames.pace import Pace
from apps.videos.frames.seeking import packets_from
from apps.videos.frames.writing import new_video
from apps.videos.probe import video_stream


def copy_packets(
    container: InputContainer, target: Path, *, start: float, end: float | None, pace: Pace
) -> float:
    """From the keyframe at or before `start`, whose moment is returned."""
    video = video_stream(container)
    others = container.streams.audio[:1]
    origin = stream_start(video)
    zero: float | None = None
    with new_video(target, container="mp4", options={"movflags": "+faststart"}) as output:
        outputs = {stream.index: output.add_stream_from_template(stream) for stream in (video, *others)}
        for packet in with_decoding_times(packets_from(container, video, start, others=others)):
            assert packet.pts is not None
            assert packet.dts is not None
            base = packet.time_base
            shown, decoded = float(packet.pts * base), float(packet.dts * base)
            is_video = packet.stream is video
            zero = shown if zero is None else zero
            if shown < zero - 0.001:  # builds on a picture before the first one
                continue
            if end is not None and decoded - origin > end:
                if is_video:
                    break
                continue
            shift = round(zero / base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            packet.stream = outputs[packet.stream.index]
            output.mux(packet)
            if is_video:
                pace.at(decoded - origin - start)
        if zero is None:
            raise NoPicture(f"no picture from {start:g} s on")
    return zero - origin


def with_decoding_times(packets: Iterable[Packet]) -> Iterator[Packet]:
    """Matroska stores only when a picture is shown; when the first ones are decoded has to be worked out."""
    waiting: list[Packet] = []
    for packet in packets:
        if packet.pts is None or packet.time_base is None:
            continue
        if packet.dts is None:
            waiting.append(packet)
            continue
        if waiting and packet.stream is waiting[0].stream:
            step = packet.duration or 1
            for place, early in enumerate(waiting):
                early.dts = packet.dts - step * (len(waiting) - place)
                yield early
            waiting = []
        yield packet
