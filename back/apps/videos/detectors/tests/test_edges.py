"""Nothing that a detector, a track or a file claims may stop an analysis: boxes, sizes, frames and times at
and beyond every edge."""

import json
import math
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.videos.detectors import Setup, analyse, build, zones_from
from apps.videos.detectors.background import Background
from apps.videos.detectors.bags import Bags
from apps.videos.detectors.events import rounded, visible
from apps.videos.detectors.merging import Merger
from apps.videos.detectors.objects.found import BAG, PERSON, VEHICLE, Found
from apps.videos.detectors.people import People
from apps.videos.detectors.tracking.appearance import look_of
from apps.videos.detectors.vehicles import Vehicles
from apps.videos.detectors.window import Frame, Window
from apps.videos.events.fields import from_json
from apps.videos.testing import make_clip, model_finder

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ANYWHERE = st.one_of(
    st.floats(-3, 3),
    st.sampled_from([0.0, 1.0, -1e-12, 1 + 1e-12, 1e-300, -1e308, math.inf, -math.inf, math.nan]),
)
BOXES = st.tuples(ANYWHERE, ANYWHERE, ANYWHERE, ANYWHERE)
NEAR = st.tuples(st.floats(-0.3, 1.2), st.floats(-0.3, 1.2), st.floats(0, 0.6), st.floats(0, 1.3))
SIZES = st.tuples(st.integers(1, 90), st.integers(1, 90))
ZONES = [
    {"name": "입구", "polygon": [[0, 0], [0.2, 0], [0.2, 1], [0, 1]], "door": True},
    {"name": "선", "polygon": [[0, 0.5], [1, 0.5], [0.5, 0.5]], "entered": True, "left": True},
    {"name": "밤", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "forbidden": True, "dwell_seconds": 1},
    {"name": "문", "line": [[0.5, 0], [0.5, 1]]},
]


def picture(width, height):
    return np.random.default_rng(width * 1000 + height).integers(0, 255, (height, width, 3), dtype="uint8")


@QUICK
@given(BOXES)
def test_a_told_box_lies_in_the_picture(box):
    left, top, width, height = rounded(box)
    assert min(left, top, width, height) >= 0
    assert left + width <= 1 + 1e-9
    assert top + height <= 1 + 1e-9
    inside = visible(box)
    if inside is not None:
        assert inside[2] > 0
        assert inside[3] > 0


@QUICK
@given(SIZES, BOXES)
@example((640, 480), (1.3, 0.3, 0.08, 0.3))
@example((640, 480), (0.3, 1.0, 0.1, 0.3))
@example((640, 480), (0.99999, 0.99999, 1e-9, 1.0))
@example((1, 640), (0.0, 0.0, 1.0, 1.0))
@example((640, 1), (0.0, 0.0, 1.0, 1.0))
def test_what_somebody_looks_like_is_taken_wherever_a_box_points(size, box):
    look = look_of(picture(*size), box)
    assert look == () or sum(look) == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 640), (640, 1), (2, 640), (640, 2), (333, 77)])
def test_movement_is_looked_for_in_pictures_of_any_shape(size):
    background = Background()
    for number in range(6):
        for box in background.moving(picture(size[0], size[1]) if number % 2 else picture(*size)[::-1]):
            assert visible(box) == pytest.approx(box)


def test_a_picture_one_pixel_wide_is_not_blown_up():
    background = Background()
    background.moving(picture(1, 640))
    assert background._model.getBackgroundImage().size <= 320 * 640


def test_pictures_may_change_their_size_in_mid_stream():
    background = Background()
    for size in [(64, 48), (48, 64), (1, 3), (640, 360)] * 3:
        background.moving(picture(*size))


FOUND = st.builds(
    Found,
    st.sampled_from([PERSON, VEHICLE, BAG]),
    st.sampled_from(["person", "car", "backpack"]),
    st.one_of(NEAR, BOXES),
    st.floats(0.25, 1),
)


class Claiming:
    """Finds what it is told to, frame by frame."""

    version = "claiming"

    def __init__(self) -> None:
        self.found: dict[float, list[Found]] = {}

    def in_window(self, window):
        return [self.found.get(frame.seconds) for frame in window.frames]


@QUICK
@given(
    st.lists(
        st.tuples(st.floats(0, 9.9), st.lists(FOUND, max_size=5), st.lists(BOXES, max_size=2), SIZES),
        max_size=14,
    )
)
def test_whatever_is_found_what_is_told_can_be_stored(seen):
    """A model that claims things anywhere, at any size, in pictures of any shape, at any distance in time."""
    finder = Claiming()
    setup = Setup(zones=zones_from(ZONES), loiter_seconds=0.5, crowd_size=1)
    detectors = [People(setup, finder), Vehicles(setup, finder), Bags(setup, finder)]
    merger, stored = Merger(), []
    for number, (offset, found, moving, size) in enumerate(sorted(seen, key=lambda one: one[0])):
        moments = [number * 10 + offset / 3 + step for step in (0.0, 0.5, 1.0)]
        finder.found = dict.fromkeys(moments, found) | {moments[1]: None}
        frames = tuple(Frame(moment, picture(*size), tuple(moving)) for moment in moments)
        window = Window(number * 10.0, number * 10.0 + 10, frames, is_last=number == len(seen) - 1)
        told = []
        for detector in detectors:
            findings = detector.look(window)
            told += findings.events
            for sighting in findings.sightings:
                assert visible(sighting.box) is not None
            assert all(0 <= span.start <= span.end for span in findings.spans)
            detector.restore(json.loads(json.dumps(detector.state(), allow_nan=False)))
        stored += merger.merge(window, told)
    for event in stored:
        from_json(event.as_dict())


def analysed(path, duration):
    setup = Setup(zones=zones_from(ZONES), finder=model_finder())
    names = ["motion", "people", "vehicles", "bags"] if setup.finder else ["motion"]
    results = list(analyse(path, build(names, setup), duration=duration))
    for result in results:
        json.dumps(result.state, allow_nan=False)
        for event in result.events:
            from_json(event.as_dict())
    return results


def across(picture, seconds):
    """Something that comes from outside, crosses the picture and is gone, over every edge."""
    height, width = picture.shape[:2]
    x = int(width * (-0.3 + 0.4 * (seconds % 4)))
    top = int(height * (-0.2 + 0.3 * (seconds % 5)))
    picture[max(0, top) : max(0, top + height // 2), max(0, x) : max(0, x + width // 6)] = 230


@pytest.mark.parametrize("size", [(16, 16), (64, 48), (2, 480), (640, 2), (18, 1080), (1282, 34), (322, 242)])
def test_footage_of_any_shape_is_analysed_to_its_end(tmp_path, size):
    path = tmp_path / "clip.avi"
    make_clip(
        path,
        seconds=12,
        fps=5,
        size=size,
        draw=across,
        codec="mjpeg",
        container="avi",
        pixel_format="yuvj420p",
    )
    assert [result.end for result in analysed(path, 12.0)] == [10.0, 12.0]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_footage_that_was_filmed_sideways(tmp_path, rotation):
    path = tmp_path / "clip.mp4"
    make_clip(path, seconds=12, fps=5, size=(96, 64), draw=across, rotation=rotation)
    assert analysed(path, 12.0)[-1].end == 12.0


def with_times(path, moments, size=(96, 64)):
    """Pictures at these moments, in thousandths of a second."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"preset": "ultrafast", "g": "5", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        for moment in moments:
            drawn = np.full((size[1], size[0], 3), 40, np.uint8)
            across(drawn, moment / 1000)
            frame = av.VideoFrame.from_ndarray(drawn, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = moment, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


TIMES = {
    "at a rate that varies": [n * 100 if n < 60 else 6000 + (n - 60) * 370 for n in range(80)],
    "with hours of nothing between": [*range(0, 3000, 100), *range(7_203_000, 7_206_000, 100)],
    "so close that they are hardly apart": list(range(0, 400, 1)),
    "of a single picture": [0],
    "that begin late": list(range(500_000, 506_000, 100)),
}


@pytest.mark.parametrize("moments", TIMES.values(), ids=TIMES.keys())
def test_footage_with_times(tmp_path, moments):
    path = tmp_path / "clip.mkv"
    with_times(path, moments)
    duration = (moments[-1] - moments[0]) / 1000 + 0.1
    assert analysed(path, duration)[-1].end == pytest.approx(duration, abs=0.2)


def test_a_clock_that_jumps_years_ahead_neither_ends_nor_prolongs_the_analysis(tmp_path):
    path = tmp_path / "clip.mkv"
    with_times(path, [*range(0, 6000, 100), 400_000_000_000, *range(400_000_000_100, 400_000_006_000, 100)])
    results = analysed(path, 12.0)
    assert [result.end for result in results] == [10.0, 12.0]


def test_a_video_whose_length_is_not_known_is_looked_at_as_far_as_it_goes(tmp_path):
    path = tmp_path / "clip.mkv"
    with_times(path, range(0, 14_000, 100))
    assert analysed(path, 0.0)[-1].end == pytest.approx(13.9, abs=0.5)
