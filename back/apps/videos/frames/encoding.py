"""Decodes a span and encodes it as what browsers play, keeping every picture's own time."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.frames.clock import PictureClock, stream_start
from apps.videos.frames.encoders import Encoder, browser_encoder
from apps.videos.frames.errors import NoPicture
from apps.videos.frames.pace import Pace
from apps.videos.frames.seeking import packets_from
from apps.videos.frames.writing import add_pictures, add_sound, new_video
from apps.videos.probe import video_stream

_CLOCK = Fraction(1, 90_000)


def encode_span(
    container: InputContainer,
    target: Path,
    *,
    start: float,
    end: float | None,
    max_height: int,
    pace: Pace,
) -> float:
    """Returns the moment of the first picture that was written."""
    encoder = browser_encoder()
    video = video_stream(container)
    video.thread_type = "AUTO"
    audio = container.streams.audio[0] if container.streams.audio else None
    origin, clock = stream_start(video), PictureClock(video)
    with new_video(target, container=encoder.container, options=dict(encoder.container_options)) as output:
        pictures = _Pictures(output, encoder, max_height=max_height, rate=_rate(video))
        sound = _Sound(output, encoder, audio) if audio is not None else None
        others = [audio] if audio is not None else []
        for frame in _frames(packets_from(container, video, start, others=others)):
            if isinstance(frame, VideoFrame):
                moment = clock.seconds(frame)
            else:
                moment = frame.time - origin if frame.time is not None else None
            if moment is None or moment < start - 0.001:
                continue
            if end is not None and moment > end:
                if isinstance(frame, VideoFrame):
                    break
                continue
            if isinstance(frame, VideoFrame):
                pictures.write(frame, moment - start)
                pace.at(moment - start)
            elif sound is not None:
                sound.write(frame, moment - start)
        pictures.finish()
        if sound is not None:
            sound.finish()
        if pictures.first is None:
            raise NoPicture(f"no picture from {start:g} s on")
        return start + pictures.first


def _frames(packets: Iterable[Packet]) -> Iterator[VideoFrame | AudioFrame]:
    for packet in packets:
        try:
            yield from cast(list[VideoFrame | AudioFrame], packet.decode())
        except av.FFmpegError:
            continue  # a damaged second costs itself, not the video


def _rate(video: VideoStream) -> Fraction:
    rate = video.average_rate or video.guessed_rate
    return rate if rate and 0 < rate <= 240 else Fraction(25)


class _Pictures:
    """The encoder is set up by the first picture, which alone knows size and rotation for certain."""

    def __init__(self, output: OutputContainer, encoder: Encoder, *, max_height: int, rate: Fraction) -> None:
        self._output, self._max_height = output, max_height
        self._stream = add_pictures(
            output,
            encoder.video_codec,
            rate=rate.limit_denominator(1001),
            clock=_CLOCK,
            options=encoder.good_options,
        )
        self._last = -1
        self.first: float | None = None

    def write(self, frame: VideoFrame, moment: float) -> None:
        pts = round(moment / _CLOCK)
        if pts <= self._last:  # encoders want times that grow
            return
        stream = self._stream
        if self.first is None:
            share = min(1.0, self._max_height / min(frame.width, frame.height))
            stream.width, stream.height = (
                max(2, round(n * share / 2) * 2) for n in (frame.width, frame.height)
            )
            if frame.rotation:
                stream.set_display_rotation(frame.rotation)
            self.first = moment
        picture = frame.reformat(width=stream.width, height=stream.height, format="yuv420p")
        picture.pts, picture.time_base, picture.pict_type = pts, _CLOCK, 0
        self._last = pts
        self._output.mux(stream.encode(picture))

    def finish(self) -> None:
        if self.first is not None:
            self._output.mux(self._stream.encode())


class _Sound:
    def __init__(self, output: OutputContainer, encoder: Encoder, source: AudioStream) -> None:
        self._output = output
        layout = "mono" if source.codec_context.channels == 1 else "stereo"
        self._stream = add_sound(output, encoder.audio_codec, rate=48_000, layout=layout)
        self._resampler = AudioResampler(
            format=self._stream.codec_context.format.name,
            layout=layout,
            rate=48_000,
            frame_size=self._stream.codec_context.frame_size or 1024,
        )
        self._begun = False

    def write(self, frame: AudioFrame, moment: float) -> None:
        frame.pts, frame.time_base = round(moment * 48_000), Fraction(1, 48_000)
        for part in self._resampler.resample(frame):
            self._output.mux(self._stream.encode(part))
        self._begun = True

    def finish(self) -> None:
        if self._begun:
            for part in self._resampler.resample(None):
                self._output.mux(self._stream.encode(part))
            self._output.mux(self._stream.encode())
