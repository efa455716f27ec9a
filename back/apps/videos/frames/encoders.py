"""What a browser plays, with the encoders that this installation's FFmpeg has.

H.264 is played everywhere. The `av` wheel carries libx264 (GPL) beside FFmpeg; a build without it falls back
to libvpx's VP8, which is free of that and played by every current browser too (docs/decisions/0041).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import av


@dataclass(frozen=True, slots=True)
class Encoder:
    container: str
    extension: str
    content_type: str
    video_codec: str
    audio_codec: str
    container_options: Mapping[str, str]
    good_options: Mapping[str, str]
    quick_options: Mapping[str, str]


H264 = Encoder(
    container="mp4",
    extension="mp4",
    content_type="video/mp4",
    video_codec="libx264",
    audio_codec="aac",
    container_options={"movflags": "+faststart"},
    good_options={"preset": "veryfast", "crf": "23"},
    quick_options={"preset": "ultrafast", "tune": "animation", "crf": "28", "threads": "1", "bf": "0"},
)
VP8 = Encoder(
    container="webm",
    extension="webm",
    content_type="video/webm",
    video_codec="libvpx",
    audio_codec="libopus",
    container_options={},
    good_options={"deadline": "realtime", "cpu-used": "4", "crf": "20", "b": "2000000"},
    quick_options={"deadline": "realtime", "cpu-used": "8", "crf": "30", "b": "300000"},
)


@cache
def browser_encoder() -> Encoder:
    return H264 if _has(H264.video_codec) and _has(H264.audio_codec) else VP8


def _has(codec: str) -> bool:
    try:
        av.codec.Codec(codec, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True
