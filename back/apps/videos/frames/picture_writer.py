"""Pictures on their way into a new video: upright, with square pixels, in one size, with times that grow."""

from fractions import Fraction

from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.frames.encoders import Encoder
from apps.videos.frames.writing import add_pictures

CLOCK = Fraction(1, 90_000)
# A picture that stands for longer than this at the end is written once more, or the video would end with it.
_LONGEST_LAST = 0.5


class PictureWriter:
    """Made with the first picture, which alone knows size and rotation for certain: an encoder is opened when
    the first packet of any stream is written, and can be changed no more from then on."""

    def __init__(
        self,
        output: OutputContainer,
        encoder: Encoder,
        *,
        first: VideoFrame,
        source: VideoStream,
        max_height: int,
    ) -> None:
        self._output = output
        self._stream = add_pictures(
            output,
            encoder.video_codec,
            rate=_rate(source).limit_denominator(1001),
            clock=CLOCK,
            options=encoder.good_options,
        )
        # Pixels are not always square: recorders store 704×480 for a picture of 4:3.
        aspect = min(8.0, max(1 / 8, float(source.sample_aspect_ratio or 1) or 1.0))
        width, height = first.width * aspect, float(first.height)
        share = min(1.0, max_height / min(width, height))
        self._stream.width, self._stream.height = (
            max(2, round(side * share / 2) * 2) for side in (width, height)
        )
        if first.rotation:
            self._stream.set_display_rotation(first.rotation)
        self._last_pts = -1
        self._last: VideoFrame | None = None

    def write(self, frame: VideoFrame, moment: float) -> None:
        pts = round(moment / CLOCK)
        if pts <= self._last_pts:  # encoders want times that grow
            return
        picture = frame.reformat(width=self._stream.width, height=self._stream.height, format="yuv420p")
        self._put(picture, pts)
        self._last = picture

    def _put(self, picture: VideoFrame, pts: int) -> None:
        picture.pts, picture.time_base, picture.pict_type = pts, CLOCK, 0
        self._last_pts = pts
        self._output.mux(self._stream.encode(picture))

    def finish(self, *, until: float) -> None:
        if self._last is not None and until - self._last_pts * CLOCK > _LONGEST_LAST:
            self._put(self._last, round(until / CLOCK) - 1)
        self._output.mux(self._stream.encode())


def _rate(video: VideoStream) -> Fraction:
    rate = video.average_rate or video.guessed_rate
    return rate if rate and 0 < rate <= 240 else Fraction(25)
