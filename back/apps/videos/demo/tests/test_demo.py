import itertools
from dataclasses import replace

import av
import numpy as np
import pytest

from apps.videos.demo import content_key, demo_clip, scene_of
from apps.videos.demo.hangul import strokes
from apps.videos.demo.lettering import shortened, text_width, write
from apps.videos.demo.picture import HEIGHT, WIDTH, picture_at, set_up
from apps.videos.demo.plan import floor_plan
from apps.videos.demo.scene import figures

VIDEO = {
    "name": "매장 CCTV",
    "camera": "CAM-01",
    "site": "강남점",
    "duration": 60.0,
    "recorded_at": "2026-03-02T14:00:00+09:00",
    "timezone": "Asia/Seoul",
}


def event(timestamp, event_type, location, track_id="P001", **more):
    row = {"timestamp": timestamp, "event_type": event_type, "location": location, "track_id": track_id}
    return row | {"gender": "male", "action_detected": "가방에 넣기", "description": "가방에 넣는다."} | more


EVENTS = [
    event(5.0, "enter", "입구"),
    event(30.0, "theft", "매장 중앙 진열대", end_timestamp=38.0),
    event(50.0, "exit", "입구"),
    event(20.0, "crowding", "계산대 앞", track_id=None, end_timestamp=25.0),
]


@pytest.fixture(scope="module")
def scene():
    return scene_of(VIDEO, EVENTS)


def test_a_clip_is_as_long_as_its_video_and_plays_in_a_browser(scene, tmp_path):
    seen = []
    path = demo_clip(scene, folder=tmp_path, progress=seen.append)
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert clip.duration == 60_000_000
        moments = [float(frame.time) for frame in clip.decode(stream)]
    assert moments[0] == 0.0
    assert max(b - a for a, b in itertools.pairwise(moments)) <= 1.0
    assert 30.5 in moments  # livelier where something happens
    assert path.read_bytes().index(b"moov") < path.read_bytes().index(b"mdat")  # plays before it is all there
    assert seen == sorted(seen)


@pytest.mark.parametrize("duration", [0.4, 7.3, 61.0])
def test_lengths_that_are_not_round(duration, tmp_path):
    path = demo_clip(scene_of(VIDEO | {"duration": duration}, EVENTS), folder=tmp_path)
    with av.open(str(path)) as clip:
        assert clip.duration / av.time_base == pytest.approx(duration, abs=0.5)


def test_a_clip_is_drawn_once_per_content(scene, tmp_path):
    path = demo_clip(scene, folder=tmp_path)
    written = path.stat().st_mtime_ns
    assert demo_clip(scene_of(VIDEO, reversed(EVENTS)), folder=tmp_path) == path
    assert path.stat().st_mtime_ns == written
    assert content_key(replace(scene, name="다른 이름")) != content_key(scene)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_drawing_that_fails_leaves_nothing(scene, tmp_path, monkeypatch):
    monkeypatch.setattr("apps.videos.demo.clip.picture_at", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo_clip(scene, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_comes_walks_and_goes(scene):
    spots = floor_plan(scene.locations).spots()
    (figure,) = figures(scene, spots, door=(0.5, 0.8))
    assert figure.position(4.9) is None
    shelf = spots["매장 중앙 진열대"]
    assert figure.position(30.0) == pytest.approx(shelf, abs=0.1)
    assert figure.position(33.0) == figure.position(37.0)
    path = [figure.position(t / 4) for t in range(20, 216)]
    assert None not in path
    steps = [np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(path)]
    assert max(steps) < 0.15  # it walks, it does not jump
    assert figure.position(59.5) is None


def test_what_happens_is_seen(scene):
    stage = set_up(scene)
    quiet, theft = picture_at(stage, 28.0), picture_at(stage, 32.0)
    assert quiet.shape == (HEIGHT, WIDTH, 3)
    assert tuple(theft[HEIGHT - 30, 3]) == (60, 60, 235)  # the caption's red edge
    assert tuple(quiet[HEIGHT - 30, 3]) != (60, 60, 235)
    assert np.abs(quiet.astype(int) - theft).sum() > 100_000


@pytest.mark.parametrize(
    "event_type",
    ["fall", "fire", "fight", "smoking", "vehicle_enter", "crowding", "return_item", "dumping", "other"],
)
@pytest.mark.parametrize("track_id", ["P007", None])
def test_every_kind_of_event_can_be_drawn(event_type, track_id):
    events = [event(2.0, event_type, None, track_id, gender=None, description=None)]
    stage = set_up(scene_of(VIDEO | {"recorded_at": None, "camera": None}, events))
    assert not np.array_equal(picture_at(stage, 1.0), picture_at(stage, 3.0))


def test_events_outside_the_video_are_left_out():
    events = [event(-1.0, "theft", "입구"), event(60.0, "theft", "입구")]
    assert scene_of(VIDEO, events).events == ()


def test_many_places_stay_inside_the_walls():
    plan = floor_plan([f"{n}번 진열대" for n in range(40)] + [f"{n}번 출입구" for n in range(9)])
    for place in plan.places:
        assert 0 <= place.left < place.right <= 1
        assert 0 <= place.top < place.bottom <= 0.81


def test_every_hangul_syllable_has_strokes_of_its_own_inside_its_square():
    drawn = {}
    for number in range(11172):
        lines = strokes(chr(0xAC00 + number))
        assert all(-0.06 <= value <= 1.02 for line in lines for point in line for value in point)
        drawn.setdefault(lines, chr(0xAC00 + number))
    assert len(drawn) == 11172
    assert strokes("a") is None
    assert strokes("漢") is None


def test_letters_are_drawn_and_long_lines_cut():
    picture = np.zeros((40, 200, 3), np.uint8)
    end = write(picture, "도난 12:30 漢", left=5, top=5, height=16, colour=(255, 255, 255))
    assert end == 5 + text_width("도난", 16) + text_width(" 12:30 ", 16) + text_width("漢", 16)
    assert picture[:, 5:end].any()
    cut = shortened("아주 긴 설명이 들어갈 자리가 없다", height=16, width=120)
    assert cut.endswith("...")
    assert text_width(cut, 16) <= 120
