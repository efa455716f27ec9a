"""When a decoded picture is shown, in seconds from the video's first picture."""

from av.video.frame import VideoFrame
from av.video.stream import VideoStream


def stream_start(stream: VideoStream) -> float:
    """Cameras' streams do not start at zero; MPEG-TS hardly ever does."""
    return float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0


class PictureClock:
    """AVI and ASF know only the order in which pictures are decoded: with H.264 in them the times of shown
    pictures jump to and fro. Whichever of the two times goes backwards less often is believed."""

    def __init__(self, stream: VideoStream) -> None:
        self._start = stream_start(stream)
        self._last_shown = self._last_decoded = float("-inf")
        self._shown_faults = self._decoded_faults = 0

    def seconds(self, frame: VideoFrame) -> float | None:
        """To be asked once for every picture, in the order in which they come out."""
        shown, decoded = frame.pts, frame.dts
        if decoded is not None:
            self._decoded_faults += decoded <= self._last_decoded
            self._last_decoded = decoded
        if shown is not None:
            self._shown_faults += shown <= self._last_shown
            self._last_shown = shown
        if shown is None or (decoded is not None and self._shown_faults > self._decoded_faults):
            shown = decoded
        if shown is None or frame.time_base is None:
            return None
        return float(shown * frame.time_base) - self._start
