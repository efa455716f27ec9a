"""Sound on its way into a new video, in the one form that its container and every browser take."""

from fractions import Fraction

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer

from apps.videos.frames.encoders import Encoder
from apps.videos.frames.writing import add_sound

RATE = 48_000
_CLOCK = Fraction(1, RATE)
# A hole as long as this is filled with silence; a longer one, of a recorder that paused, stays a hole.
_LONGEST_FILLED = 10.0


class SoundWriter:
    def __init__(self, output: OutputContainer, encoder: Encoder, source: AudioStream) -> None:
        self._output = output
        self._layout = "mono" if source.codec_context.channels == 1 else "stereo"
        self._stream = add_sound(output, encoder.audio_codec, rate=RATE, layout=self._layout)
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._ends = 0.0
        self._last_pts = -1
        self._begun = False

    def write(self, frame: AudioFrame, moment: float) -> None:
        shape = frame.format.name, frame.layout.name, frame.sample_rate
        gap = moment - self._ends
        if self._resampler is None or shape != self._shape or abs(gap) > _LONGEST_FILLED:
            self._drain()
            self._resampler, self._shape = self._new_resampler(), shape
        frame.pts, frame.time_base = round(moment * RATE), _CLOCK
        self._put(self._resampler.resample(frame))
        self._ends = moment + frame.samples / frame.sample_rate

    def _new_resampler(self) -> AudioResampler:
        # The encoder tells the size of its frames once it is open.
        context = self._stream.codec_context
        if not context.is_open:
            context.open()
        return AudioResampler(
            format=context.format.name,
            layout=self._layout,
            rate=RATE,
            frame_size=context.frame_size or 1024,
            options={"async": "1"},
        )

    def _drain(self) -> None:
        if self._resampler is not None:
            self._put(self._resampler.resample(None))

    def _put(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            if frame.pts is not None and frame.pts <= self._last_pts:
                continue
            self._last_pts = frame.pts if frame.pts is not None else self._last_pts
            self._output.mux(self._stream.encode(frame))
            self._begun = True

    def finish(self) -> None:
        self._drain()
        if self._begun:
            self._output.mux(self._stream.encode())
