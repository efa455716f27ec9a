"""What recorders write: pictures and sound of many codecs in many containers.

Every picture is grey, and the brighter the later; the sound is one tone from the first moment to the last. So
whatever is made of a recording can be compared with what went in.
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import av
import numpy as np

SECONDS = 2.0
SIZE = (176, 144)
FPS = 25
TONE = 500.0


@dataclass(frozen=True)
class Pictures:
    name: str
    encoder: str
    pixels: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Sound:
    name: str
    encoder: str
    rate: int = 48_000
    layout: str = "stereo"
    options: dict[str, str] = field(default_factory=dict, hash=False)


PICTURES = {
    pictures.name: pictures
    for pictures in (
        Pictures("h264", "libx264", options={"preset": "ultrafast", "g": "500", "bf": "2"}),
        Pictures("hevc", "libx265", options={"preset": "ultrafast", "x265-params": "log-level=none"}),
        Pictures("mpeg4", "mpeg4", options={"bf": "2"}),
        Pictures("mpeg2video", "mpeg2video", options={"bf": "2"}),
        Pictures("mpeg1video", "mpeg1video"),
        Pictures("mjpeg", "mjpeg", pixels="yuvj420p"),
        Pictures("vp8", "libvpx", options={"deadline": "realtime", "cpu-used": "8"}),
        Pictures("vp9", "libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}),
        Pictures("av1", "libsvtav1", options={"preset": "12"}),
        Pictures("h263", "h263"),
        Pictures("wmv2", "wmv2"),
        Pictures("prores", "prores_ks", pixels="yuv422p10le"),
    )
}
SOUNDS = {
    sound.name: sound
    for sound in (
        Sound("aac", "aac"),
        Sound("mp3", "libmp3lame", rate=44_100),
        Sound("mp2", "mp2", layout="mono"),
        Sound("ac3", "ac3"),
        Sound("pcm_s16le", "pcm_s16le", rate=16_000, layout="mono"),
        Sound("pcm_alaw", "pcm_alaw", rate=8_000, layout="mono"),
        Sound("pcm_mulaw", "pcm_mulaw", rate=8_000, layout="mono"),
        Sound("opus", "libopus"),
        Sound("vorbis", "vorbis", options={"strict": "experimental"}),
        Sound("flac", "flac", rate=32_000),
    )
}
# Which pictures and sounds each container is written with by somebody.
CONTAINERS: dict[str, tuple[str, str]] = {
    "mp4": ("h264 hevc mpeg4 mpeg2video mpeg1video mjpeg vp9 av1", "aac mp3 mp2 ac3 opus vorbis flac"),
    "mov": ("h264 hevc mpeg4 mjpeg h263 prores", "aac mp3 mp2 ac3 pcm_s16le pcm_alaw pcm_mulaw"),
    "matroska": (
        "h264 hevc mpeg4 mpeg2video mpeg1video mjpeg vp8 vp9 av1 prores",
        "aac mp3 mp2 ac3 pcm_s16le opus vorbis flac",
    ),
    "avi": (
        "h264 mpeg4 mpeg2video mpeg1video mjpeg vp8 vp9 av1 h263 wmv2",
        "mp3 mp2 ac3 pcm_s16le pcm_alaw pcm_mulaw",
    ),
    "mpegts": ("h264 hevc mpeg4 mpeg2video mpeg1video", "aac mp3 mp2 ac3 opus"),
    "mpeg": ("mpeg2video mpeg1video h264", "mp2 ac3"),
    "webm": ("vp8 vp9 av1", "opus vorbis"),
    "asf": ("wmv2 mpeg4 mjpeg h264", "mp3 mp2 aac ac3 pcm_s16le pcm_alaw pcm_mulaw"),
    "flv": ("h264 hevc", "aac mp3 pcm_alaw pcm_mulaw"),
    "3gp": ("h263 mpeg4 h264", "aac"),
    "ogg": ("vp8", "vorbis opus"),
}


def combinations() -> Iterator[tuple[str, str, str]]:
    """Every kind of pictures with every kind of sound that somebody puts beside it, in all containers."""
    taken: Counter[str] = Counter()
    for pictures in PICTURES:
        for sound in SOUNDS:
            fitting = [
                name for name, (some, others) in CONTAINERS.items()
                if pictures in some.split() and sound in others.split()
            ]  # fmt: skip
            if fitting:  # nobody puts Opus beside WMV
                container = min(fitting, key=lambda name: taken[name])
                taken[container] += 1
                yield pictures, sound, container


def recording(pictures: str, sound: str, container: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        seen, heard = PICTURES[pictures], SOUNDS[sound]
        shown = output.add_stream(seen.encoder, rate=FPS, options=dict(seen.options))
        shown.width, shown.height = SIZE
        shown.pix_fmt = seen.pixels
        spoken = output.add_stream(
            heard.encoder, rate=heard.rate, layout=heard.layout, options=dict(heard.options)
        )
        tone = _tone(heard)
        for number, frame in enumerate(_frames(seen.pixels)):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, FPS), 0
            output.mux(shown.encode(frame))
            while tone and tone[0].time <= (number + 1) / FPS:
                output.mux(spoken.encode(tone.pop(0)))
        for part in tone:
            output.mux(spoken.encode(part))
        output.mux(shown.encode())
        output.mux(spoken.encode())
    return file.getvalue()


@cache
def _frames(pixels: str) -> list[av.VideoFrame]:
    frames = []
    for number in range(round(SECONDS * FPS)):
        picture = np.full((SIZE[1], SIZE[0], 3), grey_of(number / FPS), np.uint8)
        picture[: SIZE[1] // 4] = 255 - picture[0, 0]
        frames.append(av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels))
    return frames


def grey_of(seconds: float) -> int:
    return round(40 + seconds * 80)


def _tone(sound: Sound) -> list[av.AudioFrame]:
    channels = 1 if sound.layout == "mono" else 2
    times = np.arange(round(SECONDS * sound.rate)) / sound.rate
    tone = (0.4 * np.sin(2 * np.pi * TONE * times)).astype(np.float32)
    frames = []
    for start in range(0, len(tone), 1024):
        part = np.repeat(tone[None, start : start + 1024], channels, axis=0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), "fltp", sound.layout)
        frame.sample_rate, frame.pts, frame.time_base = sound.rate, start, Fraction(1, sound.rate)
        frames.append(frame)
    return frames


@dataclass(frozen=True)
class Decoded:
    """What a player would show and let hear."""

    shown: list[tuple[float, float]]  # moment and grey of each picture
    loudness: float
    tone: float
    sound_lasts: float

    def grey_at(self, seconds: float) -> float:
        return [grey for moment, grey in self.shown if moment <= seconds + 0.001][-1]


def decode(path: str) -> Decoded:
    shown: list[tuple[float, float]] = []
    samples: list[np.ndarray] = []
    rate = 48_000
    with av.open(path) as container:
        for frame in container.decode():
            if isinstance(frame, av.VideoFrame):
                grey = frame.to_ndarray(format="gray")
                shown.append((float(frame.time or 0.0), float(grey[grey.shape[0] // 2 :].mean())))
            elif isinstance(frame, av.AudioFrame):
                rate = frame.sample_rate
                samples.append(frame.to_ndarray().astype(np.float64)[0])
    heard = np.concatenate(samples) if samples else np.zeros(1)
    middle = heard[len(heard) // 4 : len(heard) * 3 // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))) if len(middle) else np.zeros(1)
    tone = float(np.argmax(spectrum) * rate / max(1, len(middle)))
    loudness = float(np.sqrt((middle**2).mean())) if len(middle) else 0.0
    return Decoded(shown, loudness, tone, len(heard) / rate if samples else 0.0)
