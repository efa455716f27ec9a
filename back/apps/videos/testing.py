"""Tiny clips for tests, made on the spot: no binary files in the repository."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import cv2
import numpy as np

from apps.videos.frames.writing import add_pictures, add_sound

Picture = np.ndarray
Draw = Callable[[Picture, float], None]


def moving_square(picture: Picture, seconds: float) -> None:
    height, width = picture.shape[:2]
    side = max(4, height // 4)
    left = int(seconds * width / 4) % max(1, width - side)
    picture[height // 3 : height // 3 + side, left : left + side] = (255, 255, 255)


def make_clip(
    target: Path | BinaryIO,
    *,
    seconds: float = 2.0,
    fps: int = 10,
    size: tuple[int, int] = (160, 120),
    codec: str = "libx264",
    container: str = "mp4",
    draw: Draw = moving_square,
    audio: bool = False,
    first_moment: float = 0.0,
    rotation: int = 0,
    metadata: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    codec_options: Mapping[str, str] | None = None,
    pixel_format: str = "yuv420p",
) -> None:
    file: Any = str(target) if isinstance(target, Path) else target
    with av.open(file, "w", format=container, options=dict(options or {})) as output:
        output.metadata.update(metadata or {})
        clock = Fraction(1, fps)
        wanted = codec_options or ({"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {})
        stream = add_pictures(output, codec, rate=Fraction(fps), clock=clock, options=wanted)
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        if rotation:
            stream.set_display_rotation(rotation)
        sound = add_sound(output, "aac", rate=48000, layout="mono") if audio else None
        for number in range(round(seconds * fps)):
            picture = np.full((size[1], size[0], 3), 40, np.uint8)
            draw(picture, number / fps)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixel_format)
            frame.pts = number + round(first_moment * fps)
            frame.time_base = clock
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
        if sound is not None:
            for start in range(0, round(seconds * 48000), 1024):
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
                silence.sample_rate, silence.pts = 48000, start
                output.mux(sound.encode(silence))
            output.mux(sound.encode())


def room(size: tuple[int, int] = (640, 360)) -> Picture:
    """An empty one, in which a model sees nobody."""
    small = np.random.default_rng(1).integers(130, 200, (5, 8, 3), dtype="uint8")
    return cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)


def model_finder() -> Any:
    """With the model that the installation fetched; None where it could not."""
    from apps.videos.detectors.objects import DescriptionError
    from apps.videos.detectors.objects.finding import finder_of
    from config.env import DEFAULT_DETECTOR_MODEL

    try:
        return finder_of(DEFAULT_DETECTOR_MODEL)
    except DescriptionError:
        return None


def silhouette(picture: Picture, *, x: float, feet: float, height: float, stride: float = 0.06) -> None:
    """A standing figure that a people detector recognises: x, feet and height in pixels."""
    half = [
        *((-stride - 0.035, 0.0), (-0.10, 0.30), (-0.10, 0.50), (-0.095, 0.6), (-0.145, 0.5), (-0.16, 0.5)),
        *((-0.15, 0.72), (-0.104, 0.82), (-0.03, 0.845), (-0.03, 0.87)),
    ]
    legs = [(stride - 0.035, 0.0), (0.005, 0.45), (-0.005, 0.45), (-stride + 0.035, 0.0)]
    outline = [*half, *((-across, up) for across, up in reversed(half)), *legs]
    points = np.array([(x + across * height, feet - up * height) for across, up in outline], np.int32)
    cv2.fillPoly(picture, [points], (45, 40, 40), cv2.LINE_AA)
    head = (round(x), round(feet - 0.925 * height)), (round(0.055 * height), round(0.075 * height))
    cv2.ellipse(picture, *head, 0, 0, 360, (45, 40, 40), -1, cv2.LINE_AA)
