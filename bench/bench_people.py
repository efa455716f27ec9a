"""How well people are found and followed on footage whose truth is known, and what it costs.

    python bench/bench_people.py clip.avi gt.txt --gt-fps 10 [--iou 0.3] [--zones zones.json] [--model m.onnx]

`gt.txt` is as the MOT benchmarks write it: frame (from 1), identity, left, top, width, height in pixels, and
then, where it is given, whether to count the line (0 is no). The clip is analysed as an upload would be:
decoding, motion, people, vehicles and bags, on one thread for the model; found people are compared with the
truth at the moments that were looked at. --threads 1 and `taskset -c 0` make it one core.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "back"))

from apps.videos.detectors import AnalysisOptions, Setup, analyse, build, zones_from
from apps.videos.detectors.events import Box, overlap
from apps.videos.detectors.objects.finding import finder_of
from apps.videos.detectors.tracking.assignment import IMPOSSIBLE, assign
from apps.videos.detectors.window import Findings, Window
from apps.videos.frames.clock import PictureClock
from apps.videos.probe import open_video, probe, video_stream
from config.env import DEFAULT_DETECTOR_MODEL

_START_SECONDS = (
    0.5  # who is there by then did not enter, who is there until then before the end did not leave
)


@dataclass
class Listening:
    """A detector that only writes down what the others saw."""

    name: str = "listening"
    version: str = "0"
    event_types: frozenset[str] = frozenset()
    finder: object = None
    followed: dict[float, list[tuple[str, Box]]] = field(default_factory=dict)
    found: dict[float, list[Box]] = field(default_factory=dict)
    events: list = field(default_factory=list)

    def look(self, window: Window) -> Findings:
        for frame, finds in zip(window.frames, self.finder.in_window(window), strict=True):
            if finds is not None:
                self.found[frame.seconds] = [
                    one.box for one in finds if one.kind == "person" and one.score >= 0.5
                ]
                self.followed[frame.seconds] = []
        for one in window.sightings:
            self.followed[one.seconds].append((one.track_id, one.box))
        return Findings()

    def state(self) -> dict:
        return {}

    def restore(self, state) -> None:
        pass


def truth_of(path: Path, fps: float, size: tuple[int, int]) -> dict[int, list[tuple[str, Box]]]:
    """Frame (from 0) → who is where, in shares of the picture."""
    truth: dict[int, list[tuple[str, Box]]] = defaultdict(list)
    with path.open() as file:
        for row in csv.reader(file):
            if len(row) < 6 or (len(row) > 6 and float(row[6]) == 0):
                continue
            left, top, width, height = (float(value) for value in row[2:6])
            box = (left / size[0], top / size[1], width / size[0], height / size[1])
            truth[int(float(row[0])) - 1].append((row[1], box))
    return truth


@dataclass
class Score:
    right: int = 0
    missed: int = 0
    wrong: int = 0
    switches: int = 0
    pairs: Counter = field(default_factory=Counter)
    ours: Counter = field(default_factory=Counter)
    theirs: Counter = field(default_factory=Counter)
    last: dict = field(default_factory=dict)

    def add(self, truth: list[tuple[str, Box]], told: list[tuple[str, Box]], least: float) -> None:
        # Who was somebody before stays that, where it still fits: as the MOT measures ask for.
        table = np.array(
            [
                [
                    (1 - share - (0.5 if self.last.get(who) == name else 0)) if share >= least else IMPOSSIBLE
                    for name, box in told
                    for share in [overlap(true, box)]
                ]
                for who, true in truth
            ],
            float,
        ).reshape(len(truth), len(told))
        pairs = assign(table)
        for row, column in pairs:
            who, name = truth[row][0], told[column][0]
            self.switches += who in self.last and self.last[who] != name
            self.last[who] = name
            self.pairs[who, name] += 1
        self.right += len(pairs)
        self.missed += len(truth) - len(pairs)
        self.wrong += len(told) - len(pairs)
        self.theirs.update(who for who, _ in truth)
        self.ours.update(name for name, _ in told)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def mota(self) -> float:
        return 1 - (self.missed + self.wrong + self.switches) / max(1, self.right + self.missed)

    @property
    def idf1(self) -> float:
        people, tracks = sorted(self.theirs), sorted(self.ours)
        table = np.array([[-float(self.pairs[who, name]) for name in tracks] for who in people])
        shared = -sum(table[row, column] for row, column in assign(table.reshape(len(people), len(tracks))))
        return 2 * shared / max(1, sum(self.theirs.values()) + sum(self.ours.values()))


def decoding_seconds(path: Path, threads: int) -> float:
    begun = time.perf_counter()
    with open_video(path) as container:
        stream = video_stream(container)
        stream.thread_type, stream.codec_context.thread_count = "AUTO", threads
        clock = PictureClock(stream)
        for frame in container.decode(stream):
            clock.seconds(frame)
    return time.perf_counter() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("clip", type=Path)
    asked.add_argument("truth", type=Path)
    asked.add_argument("--gt-fps", type=float, default=None, help="of the truth; by default the clip's")
    asked.add_argument("--iou", type=float, default=0.3)
    asked.add_argument("--threads", type=int, default=1, help="of the decoder")
    asked.add_argument("--fps", type=float, default=AnalysisOptions().frames_per_second)
    asked.add_argument("--model", type=Path, default=DEFAULT_DETECTOR_MODEL)
    asked.add_argument("--zones", type=Path, default=None)
    asked.add_argument("--events", action="store_true", help="list what was told")
    given = asked.parse_args()
    cv2.setNumThreads(1)

    facts = probe(given.clip)
    truth = truth_of(given.truth, given.gt_fps or facts.fps, (facts.width, facts.height))
    fps = given.gt_fps or facts.fps
    finder = finder_of(given.model)
    zones = zones_from(json.loads(given.zones.read_text()) if given.zones else [])
    detectors = build(["motion", "people", "vehicles", "bags"], Setup(zones=zones, finder=finder))
    listening = Listening(finder=finder)
    stored: dict[tuple[str, str], object] = {}
    begun = time.perf_counter()
    for result in analyse(
        given.clip,
        [*detectors, listening],
        duration=facts.duration,
        options=AnalysisOptions(frames_per_second=given.fps, decoder_threads=given.threads),
    ):
        stored |= {(event.source, event.external_id): event for event in result.events}
    took = time.perf_counter() - begun
    report(given, facts, truth, fps, listening, list(stored.values()), took)


def report(given, facts, truth, fps, listening, events, took) -> None:
    raw, followed = Score(), Score()
    for seconds, people in sorted(listening.followed.items()):
        frame = round(seconds * fps)
        raw.add(
            truth[frame],
            [(str(number), box) for number, box in enumerate(listening.found[seconds])],
            given.iou,
        )
        followed.add(truth[frame], people, given.iou)
    plain = decoding_seconds(given.clip, given.threads)
    spans = defaultdict(list)
    for frame, people in truth.items():
        for who, _ in people:
            spans[who].append(frame / fps)
    end = facts.duration - _START_SECONDS
    entered = sum(min(moments) > _START_SECONDS for moments in spans.values())
    left = sum(max(moments) < end for moments in spans.values())
    told = Counter(event.event_type for event in events if event.source == "people")
    tracks = {name for people in listening.followed.values() for name, _ in people}
    print(f"{given.clip.name}: {facts.duration:.1f} s, {len(spans)} people; boxes agree from {given.iou} on")
    print(f"found     precision {raw.precision:.3f}  recall {raw.recall:.3f}")
    print(
        f"followed  precision {followed.precision:.3f}  recall {followed.recall:.3f}  "
        f"MOTA {followed.mota:.3f}  IDF1 {followed.idf1:.3f}  switches {followed.switches}"
    )
    print(
        f"passes    {len(tracks)} of {len(spans)}   entries {told['enter']} of {entered}   "
        f"exits {told['exit']} of {left}"
    )
    print(
        f"time      {took:.2f} s = {facts.duration / took:.1f}× real time; decoding alone {plain:.2f} s; "
        f"{len(listening.followed)} pictures looked at, "
        f"{1000 * (took - plain) / max(1, len(listening.followed)):.0f} ms each over decoding"
    )
    if given.events:
        for event in sorted(events, key=lambda event: event.timestamp):
            print(
                f"  {event.timestamp:7.2f} {event.end_timestamp or '':>7} {event.source:9} "
                f"{event.event_type:14} {event.track_id or '-':8} {event.confidence:.2f} "
                f"{event.location} {event.description}"
            )


if __name__ == "__main__":
    main()
