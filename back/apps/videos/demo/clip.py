"""Draws a scene into a small video that every browser plays, once per content."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from apps.videos.demo.picture import HEIGHT, WIDTH, picture_at, set_up
from apps.videos.demo.scene import Scene
from apps.videos.frames.encoders import browser_encoder
from apps.videos.frames.writing import add_pictures, new_video

_TICKS = 2  # pictures per second while something happens; one per second otherwise, for the clock
_SECONDS_BETWEEN_KEYFRAMES = 30
_LIVELY_SECONDS = 30  # of an event that lasts long


def demo_clip(scene: Scene, *, folder: Path, progress: Callable[[float], None] | None = None) -> Path:
    """The clip's path; drawn only if the scene or the drawing code has changed since."""
    encoder = browser_encoder()
    path = folder / f"{content_key(scene)}.{encoder.extension}"
    if path.exists():
        return path
    options = dict(encoder.container_options)
    with new_video(path, container=encoder.container, options=options) as output:
        tick_length = Fraction(1, _TICKS)
        stream = add_pictures(
            output,
            encoder.video_codec,
            rate=Fraction(_TICKS),
            clock=tick_length,
            options=encoder.quick_options,
        )
        stream.width, stream.height = WIDTH, HEIGHT
        stream.codec_context.gop_size = _TICKS * _SECONDS_BETWEEN_KEYFRAMES
        stage = set_up(scene)
        for tick in _moments(scene):
            planes = cv2.cvtColor(picture_at(stage, tick / _TICKS), cv2.COLOR_BGR2YUV_I420)
            frame = av.VideoFrame.from_ndarray(planes.astype(np.uint8, copy=False), format="yuv420p")
            frame.pts, frame.time_base = tick, tick_length
            output.mux(stream.encode(frame))
            if progress and tick % 64 == 0:
                progress(tick / _TICKS / scene.duration)
        output.mux(stream.encode())
    return path


def content_key(scene: Scene) -> str:
    """Of what is drawn and of the code that draws it, so that a changed figure is drawn anew."""
    digest = hashlib.sha256(json.dumps(asdict(scene), sort_keys=True).encode())
    digest.update(repr(browser_encoder()).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:24]


def _moments(scene: Scene) -> Iterator[int]:
    last = max(1, int(scene.duration * _TICKS))
    lively = {
        tick
        for event in scene.events
        for tick in range(
            int(event.start * _TICKS), min(last, int(min(event.end, event.start + 30) * _TICKS))
        )
    }
    for tick in range(last):
        # The last picture's length is that of the one before: it has to end where the video ends.
        if tick % _TICKS == 0 or tick in lively or tick >= last - 2:
            yield tick
