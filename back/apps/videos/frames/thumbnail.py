"""One picture as a JPEG, upright and in its right proportions."""

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.frames.seeking import picture_at
from apps.videos.probe import Source, open_video, video_stream

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


@dataclass(frozen=True, slots=True)
class Thumbnail:
    jpeg: bytes
    width: int
    height: int
    seconds: float  # of the picture that was taken


def thumbnail(
    source: Source, *, seconds: float = 0.0, max_side: int = 640, exact: bool = True, quality: int = 80
) -> Thumbnail:
    """Raises NoPicture, or ProbeError for a file that is no video."""
    with open_video(source) as container:
        stream = video_stream(container)
        taken, frame = picture_at(container, stream, seconds, exact=exact)
        picture = upright(frame, stream, max_side=max_side)
    written, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert written
    return Thumbnail(jpeg.tobytes(), picture.shape[1], picture.shape[0], round(max(0.0, taken), 3))


def upright(
    frame: VideoFrame, stream: VideoStream, *, max_side: int, interpolation: str = "AREA"
) -> np.ndarray:
    """As BGR, never enlarged. Recorders store 704×480 for a 4:3 picture: pixels are not always square."""
    aspect = float(stream.sample_aspect_ratio or 1) or 1.0
    width, height = frame.width * aspect, float(frame.height)
    share = min(1.0, max_side / max(width, height))
    size = max(2, round(width * share)), max(2, round(height * share))
    picture = frame.to_ndarray(format="bgr24", width=size[0], height=size[1], interpolation=interpolation)
    rotation = round(frame.rotation / 90) * 90 % 360
    return cv2.rotate(picture, _TURNS[rotation]) if rotation else picture
