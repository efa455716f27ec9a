import json
import math
import threading
import tracemalloc

import numpy as np
import pytest

from apps.videos.detectors import AnalysisOptions, Setup, analyse, build, zones_from
from apps.videos.detectors.ahead import ahead
from apps.videos.frames import Cancelled
from apps.videos.probe import ProbeError
from apps.videos.testing import make_clip

HALVES = [
    {"name": "왼쪽", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]},
    {"name": "오른쪽", "polygon": [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]},
]


def square_between(*spans):
    """A square that wanders about and changes its colour in these spans of time."""

    def draw(picture, seconds):
        for start, end, across in spans:
            if start <= seconds < end:
                left = int(picture.shape[1] * (across + 0.1 + 0.1 * math.sin(seconds * 1.7)))
                picture[40:80, left : left + 24] = 130 + int(seconds * 61) % 120

    return draw


def clip(tmp_path, draw, **more):
    path = tmp_path / "clip.mp4"
    make_clip(
        path, fps=5, size=(320, 180), draw=draw, codec_options={"preset": "ultrafast", "g": "10"}, **more
    )
    return path


def events_of(path, duration, *, zones=(), names=("motion",), **more):
    """As a store that replaces by external_id would hold them in the end."""
    stored = {}
    for result in analyse(path, build(names, Setup(zones=zones_from(zones))), duration=duration, **more):
        for event in result.events:
            stored[event.source, event.external_id] = event
    return sorted(stored.values(), key=lambda event: event.timestamp)


def test_movement_is_found_where_and_when_it_is(tmp_path):
    path = clip(tmp_path, square_between((6, 12, 0.1), (24, 27, 0.7)), seconds=32)
    first, second = events_of(path, 32.0, zones=HALVES)
    assert (first.event_type, first.location, second.location) == ("motion", "왼쪽", "오른쪽")
    assert first.timestamp == pytest.approx(6.0, abs=0.6)
    assert first.end_timestamp == pytest.approx(12.0, abs=1.1)
    assert second.timestamp == pytest.approx(24.0, abs=0.6)
    left, top, width, height = first.bbox
    assert left == pytest.approx(0.1, abs=0.08)
    assert top == pytest.approx(40 / 180, abs=0.08)
    assert left + width <= 0.5
    assert 0.1 < height < 0.5


def test_nothing_moves_nothing_is_told(tmp_path):
    assert events_of(clip(tmp_path, lambda *_: None, seconds=15), 15.0) == []


def test_noise_is_no_movement(tmp_path):
    noise = np.random.default_rng(0)

    def draw(picture, _):
        picture[:] = np.clip(noise.normal(100, 4, picture.shape), 0, 255)

    assert events_of(clip(tmp_path, draw, seconds=15), 15.0) == []


def test_the_lights_going_out_are_no_movement(tmp_path):
    def draw(picture, seconds):
        picture[:] = 180 if seconds < 8 else 20

    assert events_of(clip(tmp_path, draw, seconds=16), 16.0) == []


def test_one_movement_over_many_windows_is_one_event_that_grows(tmp_path):
    path = clip(tmp_path, square_between((5, 34, 0.2)), seconds=40)
    told = [
        (result.start, [(event.external_id, event.end_timestamp) for event in result.events])
        for result in analyse(path, build(["motion"], Setup()), duration=40.0)
    ]
    assert [start for start, _ in told] == [0.0, 10.0, 20.0, 30.0]
    ids = {external_id for _, events in told for external_id, _ in events}
    assert ids == {"0#0"}
    ends = [end for _, events in told for _, end in events]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(34.0, abs=1.1)


def test_a_run_that_is_resumed_tells_the_same_as_one_that_was_not(tmp_path):
    path = clip(tmp_path, square_between((5, 12, 0.1), (18, 27, 0.1), (35, 38, 0.6)), seconds=45)
    whole = events_of(path, 45.0, zones=HALVES)
    stored = {}
    start, state = 0.0, None
    while True:  # killed after every window
        detectors = build(["motion"], Setup(zones=zones_from(HALVES)))
        result = next(analyse(path, detectors, duration=45.0, start=start, state=state))
        stored.update({event.external_id: event for event in result.events})
        start, state = result.end, json.loads(json.dumps(result.state))
        if result.is_last:
            break
    resumed = sorted(stored.values(), key=lambda event: event.timestamp)
    assert [event.location for event in resumed] == [event.location for event in whole]
    for ours, theirs in zip(resumed, whole, strict=True):
        assert ours.timestamp == pytest.approx(theirs.timestamp, abs=1.1)
        assert ours.end_timestamp == pytest.approx(theirs.end_timestamp, abs=1.1)


def test_a_window_that_is_run_again_tells_the_same_ids(tmp_path):
    path = clip(tmp_path, square_between((12, 14, 0.1), (17, 19, 0.7)), seconds=20)

    def second_window():
        detectors = build(["motion"], Setup(zones=zones_from(HALVES)))
        return next(analyse(path, detectors, duration=20.0, start=10.0))

    first, again = second_window(), second_window()
    assert [event.external_id for event in first.events] == ["10#0", "10#1"]
    assert first.events == again.events
    assert first.id_prefix == "10#"


def test_windows_reach_to_the_end_whatever_the_file_says(tmp_path):
    path = clip(tmp_path, lambda *_: None, seconds=12)
    results = list(analyse(path, build(["motion"], Setup()), duration=31.5))
    assert [(result.start, result.end) for result in results] == [
        (0.0, 10.0), (10.0, 20.0), (20.0, 30.0), (30.0, 31.5),
    ]  # fmt: skip
    assert [result.is_last for result in results] == [False, False, False, True]


def test_progress_and_cancelling(tmp_path):
    path = clip(tmp_path, lambda *_: None, seconds=25)
    heard = []
    list(analyse(path, build(["motion"], Setup()), duration=25.0, progress=heard.append))
    assert heard == [10.0, 20.0, 25.0]
    calls = iter([False] * 20 + [True] * 1000)
    results = analyse(path, build(["motion"], Setup()), duration=25.0, cancelled=lambda: next(calls))
    with pytest.raises(Cancelled):
        list(results)


def test_a_stream_that_does_not_start_at_zero(tmp_path):
    path = tmp_path / "clip.ts"
    draw = square_between((6, 9, 0.1))
    make_clip(
        path,
        seconds=15,
        fps=5,
        size=(320, 180),
        container="mpegts",
        first_moment=800.0,
        draw=lambda picture, seconds: draw(picture, seconds),
    )
    (event,) = events_of(path, 15.0)
    assert event.timestamp == pytest.approx(6.0, abs=0.6)


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(ProbeError):
        next(analyse(tmp_path / "text.mp4", build(["motion"], Setup()), duration=10.0))


def test_memory_does_not_grow_with_length(tmp_path):
    path = clip(tmp_path, square_between((0, 1000, 0.1)), seconds=120)
    options = AnalysisOptions(window_seconds=5.0)
    peaks = []
    tracemalloc.start()
    for result in analyse(path, build(["motion"], Setup()), duration=120.0, options=options):
        if result.start in (20.0, 110.0):
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


def test_a_detector_that_is_not_there():
    with pytest.raises(ValueError, match="motion, people, vehicles, bags, claude"):
        build(["faces"], Setup())
    with pytest.raises(ValueError, match="vision model"):
        build(["claude"], Setup())


def test_leaving_an_analysis_half_way_ends_its_decoder(tmp_path):
    path = clip(tmp_path, lambda *_: None, seconds=60)
    results = analyse(path, build(["motion"], Setup()), duration=60.0)
    next(results)
    assert "decoder" in {thread.name for thread in threading.enumerate()}
    results.close()
    assert "decoder" not in {thread.name for thread in threading.enumerate()}


def test_what_goes_wrong_in_the_decoder_is_heard_of():
    def items():
        yield 1
        raise OSError("the disk is gone")

    made = ahead(items(), at_most=2)
    assert next(made) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(made)


def test_a_picture_that_changes_its_size_on_the_way(tmp_path):
    """Two recordings put together, as cameras do when somebody changes their settings."""
    draw = square_between((2, 6, 0.1), (12, 16, 0.1))
    kind = {"fps": 25, "container": "mpegts", "codec": "mpeg2video", "draw": draw}
    make_clip(tmp_path / "first.ts", seconds=8, size=(320, 180), **kind)
    make_clip(tmp_path / "second.ts", seconds=8, size=(176, 144), **kind, first_moment=8.0)
    path = tmp_path / "both.ts"
    path.write_bytes((tmp_path / "first.ts").read_bytes() + (tmp_path / "second.ts").read_bytes())
    results = list(analyse(path, build(["motion"], Setup()), duration=16.0))
    assert results[-1].end == pytest.approx(16.0, abs=0.5)
