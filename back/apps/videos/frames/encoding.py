"""Decodes a span and encodes it as what browsers play, keeping every picture's own time."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.frames.clock import PictureClock, stream_start
from apps.videos.frames.encoders import Encoder, browser_encoder
from apps.videos.frames.errors import NoPicture
from apps.videos.frames.pace import Pace
from apps.videos.frames.picture_writer import PictureWriter
from apps.videos.frames.seeking import packets_from
from apps.videos.frames.sound_writer import SoundWriter
from apps.videos.frames.writing import new_video
from apps.videos.probe import video_stream

# Sound that is read before the first picture waits for it, but not without end.
_MOST_WAITING = 4000
# Pictures may have ended before the sound; where the sound is so far beyond the span, the span is over.
_SOUND_AHEAD = 10.0
# Recorders write sound some way before or behind the pictures of its time.
_SOUND_EARLY = 1.5
_SOUND_LATE = 2.0


def encode_span(
    container: InputContainer,
    target: Path,
    *,
    start: float,
    end: float | None,
    max_height: int,
    pace: Pace,
) -> None:
    """Its second 0 is `start`: the picture that stood there then, and the sound from there on."""
    video = video_stream(container)
    video.thread_type = "AUTO"
    audio = next((stream for stream in container.streams.audio if stream.codec_context is not None), None)
    others = [audio] if audio is not None else []
    clock, origin = PictureClock(video), stream_start(video)
    encoder = browser_encoder()
    with new_video(target, container=encoder.container, options=dict(encoder.container_options)) as output:
        sound = SoundWriter(output, encoder, audio) if audio is not None else None
        span = _Span(output, encoder, video, sound, max_height=max_height)
        begin = max(0.0, start - _SOUND_EARLY) if others else start
        over: set[str] = set()
        for frame in decoded(packets_from(container, video, begin, others=others)):
            shown = isinstance(frame, VideoFrame)
            if isinstance(frame, VideoFrame):
                moment = clock.seconds(frame)
            else:
                moment = frame.time - origin if frame.time is not None else None
            if moment is None:
                continue
            if end is not None and moment > end:
                over.add("picture" if shown else "sound")
                if len(over) == (2 if others else 1) or moment > end + (
                    _SOUND_LATE if shown else _SOUND_AHEAD
                ):
                    break
                continue
            if isinstance(frame, VideoFrame):
                span.picture(frame, moment - start)
                pace.at(max(0.0, moment - start))
            elif moment >= start - 0.001:
                span.hear(frame, moment - start)
        if not span.finish(until=(pace.total if end is None else end - start)):
            raise NoPicture(f"no picture from {start:g} s on")


def decoded(packets: Iterable[Packet]) -> Iterator[VideoFrame | AudioFrame]:
    for packet in packets:
        try:
            yield from cast(list[VideoFrame | AudioFrame], packet.decode())
        except av.FFmpegError:
            continue  # a damaged second costs itself, not the video


class _Span:
    """Puts pictures and sound together. Nothing is written before the first picture: the first packet of any
    stream opens all encoders, and the one of the pictures is set up by the first of them."""

    def __init__(
        self,
        output: OutputContainer,
        encoder: Encoder,
        video: VideoStream,
        sound: SoundWriter | None,
        *,
        max_height: int,
    ) -> None:
        self._output, self._encoder, self._video, self._sound = output, encoder, video, sound
        self._max_height = max_height
        self._pictures: PictureWriter | None = None
        self._before: VideoFrame | None = None
        self._waiting: deque[tuple[AudioFrame, float]] = deque(maxlen=_MOST_WAITING)

    def picture(self, frame: VideoFrame, moment: float) -> None:
        if moment <= 0.001:
            self._before = frame  # what stands at the start, unless another one follows before it
            return
        self._begin(frame)
        self._write(frame, moment)

    def _begin(self, otherwise: VideoFrame | None = None) -> None:
        first = self._before or otherwise
        if self._pictures is not None or first is None:
            return
        self._pictures = PictureWriter(
            self._output, self._encoder, first=first, source=self._video, max_height=self._max_height
        )
        if self._before is not None:
            self._write(self._before, 0.0)
            self._before = None

    def _write(self, frame: VideoFrame, moment: float) -> None:
        if self._pictures is not None:
            self._pictures.write(frame, moment)
        while self._waiting and self._sound is not None:
            self._sound.write(*self._waiting.popleft())

    def hear(self, frame: AudioFrame, moment: float) -> None:
        if len(self._waiting) == _MOST_WAITING:
            self._begin()  # the pictures may have ended before: then the last one stands from here on
        if self._pictures is None:
            self._waiting.append((frame, moment))
        elif self._sound is not None:
            self._sound.write(frame, moment)

    def finish(self, *, until: float) -> bool:
        """→ whether there was any picture."""
        self._begin()
        if self._pictures is None:
            return False
        self._pictures.finish(until=until)
        if self._sound is not None:
            self._sound.finish()
        return True
