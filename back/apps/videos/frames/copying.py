"""Moves the packets of a span into an MP4 without touching the pictures."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from apps.videos.frames.clock import stream_start
from apps.videos.frames.encoders import H264
from apps.videos.frames.errors import NoPicture
from apps.videos.frames.pace import Pace
from apps.videos.frames.seeking import packets_from
from apps.videos.frames.sound_writer import SoundWriter
from apps.videos.frames.writing import new_video
from apps.videos.probe import video_stream


def copy_packets(
    container: InputContainer,
    target: Path,
    *,
    start: float,
    end: float | None,
    pace: Pace,
    copy_sound: bool = True,
) -> float:
    """From the keyframe at or before `start`, whose moment is returned."""
    video = video_stream(container)
    others = container.streams.audio[:1]
    origin = stream_start(video)
    with new_video(target, container="mp4", options={"movflags": "+faststart"}) as output:
        copy = _Copy(output, video, others, copy_sound=copy_sound)
        for packet in with_decoding_times(packets_from(container, video, start, others=others)):
            assert packet.dts is not None
            decoded = float(packet.dts * packet.time_base)
            is_video = packet.stream is video
            if end is not None and decoded - origin > end:
                if is_video:
                    break
                continue
            copy.put(packet)
            if is_video:
                pace.at(decoded - origin - start)
        copy.finish()
        if copy.zero is None:
            raise NoPicture(f"no picture from {start:g} s on")
    return copy.zero - origin


class _Copy:
    def __init__(
        self, output: OutputContainer, video: Stream, sound: Iterable[AudioStream], *, copy_sound: bool
    ) -> None:
        self._output = output
        self.zero: float | None = None  # when the first picture is shown
        copied = [video, *sound] if copy_sound else [video]
        self._outputs = {stream.index: output.add_stream_from_template(stream) for stream in copied}
        self._encoded = {} if copy_sound else {s.index: SoundWriter(output, H264, s) for s in sound}

    def put(self, packet: Packet) -> None:
        assert packet.pts is not None
        assert packet.dts is not None
        shown = float(packet.pts * packet.time_base)
        self.zero = shown if self.zero is None else self.zero
        if shown < self.zero - 0.001:  # builds on a picture before the first one
            return
        index = packet.stream.index
        if index in self._encoded:
            self._encode(packet, self._encoded[index])
            return
        shift = round(self.zero / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        packet.stream = self._outputs[index]
        self._output.mux(packet)

    def _encode(self, packet: Packet, writer: SoundWriter) -> None:
        try:
            frames = packet.decode()
        except av.FFmpegError:
            return
        for frame in frames:
            if isinstance(frame, AudioFrame) and frame.time is not None and self.zero is not None:
                writer.write(frame, max(0.0, frame.time - self.zero))

    def finish(self) -> None:
        for writer in self._encoded.values():
            writer.finish()


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
