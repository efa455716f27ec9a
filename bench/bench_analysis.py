"""How fast footage is analysed: `python bench/bench_analysis.py [--minutes 10] [--clip FILE]`.

Ten minutes of 720p are generated (a noisy room, people walking through it half of the time), decoded plainly
with PyAV, then analysed with all detectors but claude, each in a process of its own, so that its memory is
its own. Prints one line of JSON and fails if a target is missed: at least 12 times real time, under 700 MB, a
thumbnail in under 50 ms.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "back"))

import av
import cv2
import numpy as np

from apps.videos.detectors import Setup, analyse, build
from apps.videos.frames import thumbnail
from apps.videos.testing import make_clip, model_finder, silhouette

FPS, SIZE, MINUTE = 25, (1280, 720), 60
# As cameras encode: a keyframe every two seconds, no pictures that are built on later ones.
CAMERA = {"preset": "veryfast", "g": "50", "bf": "0"}


def one_minute(path: Path) -> None:
    dice = np.random.default_rng(1)
    small = dice.integers(130, 200, (5, 8, 3), dtype="uint8")
    room = cv2.resize(small, SIZE, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    noisy = [
        np.clip(room + dice.integers(-3, 4, room.shape, dtype=np.int16), 0, 255).astype(np.uint8)
        for _ in range(5)
    ]

    def draw(picture: np.ndarray, seconds: float) -> None:
        picture[:] = noisy[int(seconds * FPS) % 5]
        for begins, speed, tall in ((5, 70, 300), (12, -55, 260), (40, 60, 340)):
            if begins <= seconds < begins + 20:
                stride = 0.05 + 0.03 * np.sin(seconds * 6)
                x = (-60 if speed > 0 else SIZE[0] + 60) + speed * (seconds - begins)
                silhouette(picture, x=x, feet=640, height=tall, stride=stride)

    make_clip(path, seconds=MINUTE, fps=FPS, size=SIZE, draw=draw, codec_options=CAMERA)


def repeated(minute: Path, path: Path, times: int) -> None:
    """The same minute again and again: packets are copied, nothing is encoded."""
    with av.open(str(path), "w") as output:
        stream = None
        for number in range(times):
            with av.open(str(minute)) as source:
                video = source.streams.video[0]
                stream = stream or output.add_stream_from_template(video)
                shift = round(number * MINUTE / video.time_base)
                for packet in source.demux(video):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    output.mux(packet)


def decode(path: Path) -> int:
    with av.open(str(path)) as source:
        source.streams.video[0].thread_type = "AUTO"
        return sum(1 for _ in source.decode(video=0))


def analysed(path: Path) -> int:
    with av.open(str(path)) as source:
        duration = source.duration / av.time_base
    finder = model_finder()
    if finder is None:
        sys.exit("the model was not fetched: python -m launcher.models")
    detectors = build(["motion", "people", "vehicles", "bags"], Setup(finder=finder))
    results = analyse(path, detectors, duration=duration)
    return len({(event.source, event.external_id) for result in results for event in result.events})


def thumbnails(path: Path) -> float:
    took = []
    for number in range(20):
        started = time.perf_counter()
        thumbnail(path, seconds=number * 2.9)
        took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000


TASKS = {"decode": decode, "analyse": analysed, "thumbnails": thumbnails}


def in_own_process(task: str, path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--task", task, "--clip", str(path)], check=True, capture_output=True
    )
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--clip", type=Path, help="a file of your own instead of a generated one")
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.task:
        started = time.perf_counter()
        value = TASKS[chosen.task](chosen.clip)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"value": value, "seconds": seconds, "peak_mb": peak}))
        return
    with tempfile.TemporaryDirectory() as folder:
        clip = chosen.clip
        if clip is None:
            clip = Path(folder) / "footage.mp4"
            one_minute(Path(folder) / "minute.mp4")
            repeated(Path(folder) / "minute.mp4", clip, chosen.minutes)
        plain = in_own_process("decode", clip)
        analysis = in_own_process("analyse", clip)
        pictures = in_own_process("thumbnails", clip)
    figures = {
        "frames": plain["value"],
        "events": analysis["value"],
        "decode_s": round(plain["seconds"], 2),
        "analyse_s": round(analysis["seconds"], 2),
        "times_real_time": round(plain["value"] / FPS / analysis["seconds"], 1),
        "times_decoding": round(analysis["seconds"] / plain["seconds"], 2),
        "analyse_peak_mb": round(analysis["peak_mb"]),
        "thumbnail_ms": round(pictures["value"], 1),
    }
    print(json.dumps(figures))
    met = (
        figures["times_real_time"] >= 12 and figures["analyse_peak_mb"] < 700 and figures["thumbnail_ms"] < 50
    )
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
