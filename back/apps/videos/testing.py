"""Tiny clips for tests, made on the spot: no binary files in the repository."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np

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
        stream = output.add_stream(codec, rate=fps, options=dict(codec_options or {}))
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = Fraction(1, fps)
        if rotation:
            stream.set_display_rotation(rotation)
        sound = output.add_stream("aac", rate=48000, layout="mono") if audio else None
        for number in range(round(seconds * fps)):
            picture = np.full((size[1], size[0], 3), 40, np.uint8)
            draw(picture, number / fps)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixel_format)
            frame.pts = number + round(first_moment * fps)
            frame.time_base = Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
        if sound is not None:
            for start in range(0, round(seconds * 48000), 1024):
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
                silence.sample_rate, silence.pts = 48000, start
                output.mux(sound.encode(silence))
            output.mux(sound.encode())
