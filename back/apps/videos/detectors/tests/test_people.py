import json

import cv2
import numpy as np
import pytest

from apps.videos.detectors import Setup, analyse, build, zones_from
from apps.videos.detectors.people.detector import People
from apps.videos.detectors.people.finding import find_people
from apps.videos.detectors.window import Frame, Window
from apps.videos.testing import make_clip, silhouette

BLANK = np.zeros((36, 64, 3), np.uint8)
ROOM = [
    {"name": "입구", "polygon": [[0, 0], [0.2, 0], [0.2, 1], [0, 1]], "door": True},
    {"name": "계산대", "polygon": [[0.2, 0], [1, 0], [1, 1], [0.2, 1]]},
]


class Scene:
    """People as boxes at moments instead of pictures: following and telling without finding."""

    def __init__(self, *paths):
        self.paths = paths
        self.now = 0.0

    def boxes(self):
        return [box for path in self.paths if (box := path(self.now)) is not None]

    def find(self, picture, where):
        return [(box, 1.5) for box in self.boxes()]

    def windows(self, until, length=10.0, start=0.0):
        first = start
        while first < until:
            frames = []
            for number in range(int(length * 2)):
                self.now = first + number / 2
                frames.append(Frame(self.now, BLANK, tuple(self.boxes())))
            yield first, length, frames
            first += length


def look(detector, scene, until, start=0.0):
    found = {}
    for first, length, frames in scene.windows(until, start=start):
        findings_of = []
        for frame in frames:  # the scene's clock has to stand at the frame that is looked at
            scene.now = frame.seconds
            findings_of.append(detector.look(Window(first, first + length, (frame,))))
        for findings in findings_of:
            for event in findings.events:
                found[event.event_type, event.track_id, event.timestamp] = event
    return sorted(found.values(), key=lambda event: event.timestamp)


def walk(start, end, begins, speed, y=0.4):
    """Walks in at `begins` (share of the width), `speed` a second."""

    def at(seconds):
        if not start <= seconds < end:
            return None
        return (begins + speed * (seconds - start), y, 0.08, 0.35)

    return at


def people(scene, **setup):
    return People(Setup(zones=zones_from(setup.pop("zones", ROOM)), **setup), find=scene.find)


def test_somebody_comes_in_and_leaves_by_the_door():
    def path(seconds):
        if not 4 <= seconds < 24:
            return None
        away = min(seconds - 4, 24 - seconds)
        return (0.05 + 0.05 * away, 0.4, 0.08, 0.35)

    scene = Scene(path)
    events = look(people(scene), scene, 40)
    assert [(event.event_type, event.location) for event in events] == [("enter", "입구"), ("exit", "입구")]
    assert len({event.track_id for event in events}) == 1
    assert events[0].timestamp == pytest.approx(4.0, abs=1.0)
    assert events[1].timestamp == pytest.approx(24.0, abs=2.0)
    assert events[0].attributes["description_en"] == "A person comes in at 입구."


def test_without_doors_the_edge_of_the_picture_is_one():
    scene = Scene(walk(2, 20, 0.0, 0.05))
    events = look(people(scene, zones=[]), scene, 30)
    assert [event.event_type for event in events] == ["enter", "exit"]


def test_somebody_found_in_the_middle_is_there_but_did_not_enter():
    scene = Scene(walk(2, 12, 0.5, 0.01))
    events = look(people(scene), scene, 30)
    assert [event.event_type for event in events] == ["person"]


def test_two_people_keep_their_names_when_they_meet():
    scene = Scene(walk(1, 19.5, 0.0, 0.05, y=0.3), walk(1, 19.5, 0.92, -0.05, y=0.42))
    detector = people(scene, zones=[])
    events = look(detector, scene, 30)
    assert len({event.track_id for event in events}) == 2
    assert sorted(event.event_type for event in events) == ["enter", "enter", "exit", "exit"]


def test_a_flicker_is_nobody():
    scene = Scene(walk(5, 6, 0.5, 0.0))
    assert look(people(scene), scene, 20) == []


def test_who_stays_long_in_one_place_loiters_once():
    scene = Scene(walk(3, 100, 0.6, 0.0))
    events = look(people(scene, loiter_seconds=30), scene, 110)
    loitering = [event for event in events if event.event_type == "loitering"]
    assert len(loitering) == 1
    assert loitering[0].location == "계산대"
    assert loitering[0].timestamp == pytest.approx(3.0, abs=1.0)
    assert loitering[0].end_timestamp == pytest.approx(100.0, abs=2.0)


def test_who_walks_does_not_loiter():
    scene = Scene(walk(3, 80, 0.1, 0.01))
    events = look(people(scene, loiter_seconds=30), scene, 90)
    assert "loitering" not in {event.event_type for event in events}


def test_too_many_in_one_place_are_a_crowd():
    scene = Scene(*(walk(2, 30, 0.25 + 0.13 * number, 0.0) for number in range(5)))
    events = look(people(scene, crowd_size=5), scene, 40)
    (crowd,) = [event for event in events if event.event_type == "crowding"]
    assert crowd.attributes["people"] == 5
    assert crowd.location == "계산대"
    assert crowd.track_id is None
    assert crowd.end_timestamp == pytest.approx(35.0, abs=3.0)
    scene = Scene(*(walk(2, 30, 0.25 + 0.13 * number, 0.0) for number in range(4)))
    assert "crowding" not in {e.event_type for e in look(people(scene, crowd_size=5), scene, 40)}


def test_a_detector_that_is_restored_knows_who_was_there():
    scene = Scene(walk(3, 100, 0.05, 0.005))
    detector = people(scene)
    before = look(detector, scene, 20)
    restored = people(scene)
    restored.restore(json.loads(json.dumps(detector.state())))
    after = look(restored, scene, 60, start=20.0)
    assert {event.track_id for event in after} <= {event.track_id for event in before}
    assert "enter" not in {event.event_type for event in after}


# --- with pictures ------------------------------------------------------------------------------------


def room():
    small = np.random.default_rng(1).integers(130, 200, (5, 8, 3), dtype="uint8")
    return cv2.resize(small, (640, 360), interpolation=cv2.INTER_CUBIC)


def test_a_person_is_found_where_something_moves_and_nowhere_else():
    picture = room()
    assert find_people(picture, [(0.4, 0.3, 0.15, 0.5)]) == []
    silhouette(picture, x=320, feet=300, height=150)
    ((box, score),) = find_people(picture, [(0.42, 0.4, 0.16, 0.45)])
    assert box[0] + box[2] / 2 == pytest.approx(0.5, abs=0.02)
    assert box[1] + box[3] == pytest.approx(300 / 360, abs=0.07)
    assert score > 1
    assert find_people(picture, []) == []


def test_small_and_large_people_are_found():
    for height in (60, 100, 200, 300):
        picture = room()
        silhouette(picture, x=300, feet=340, height=height)
        part = (300 / 640 - height / 640 / 4, (340 - height) / 360, height / 640 / 2, height / 360)
        assert find_people(picture, [part]), height


def test_a_picture_in_which_everything_moves_costs_no_more():
    picture = np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype="uint8")
    everywhere = [(x / 10, y / 10, 0.3, 0.3) for x in range(8) for y in range(8)]
    assert find_people(picture, [(0.0, 0.0, 1.0, 1.0), *everywhere]) is not None


def test_footage_of_somebody_who_comes_in_is_told_so(tmp_path):
    background = room()

    def draw(picture, seconds):
        picture[:] = background
        if 4 <= seconds < 16:
            stride = 0.05 + 0.03 * np.sin(seconds * 6)
            silhouette(picture, x=-30 + (seconds - 4) * 30, feet=320, height=170, stride=stride)

    path = tmp_path / "walk.mp4"
    make_clip(path, seconds=24, fps=10, size=(640, 360), draw=draw, codec_options={"preset": "ultrafast"})
    events = {}
    for result in analyse(path, build(["motion", "people"], Setup(zones=zones_from(ROOM))), duration=24.0):
        events |= {(event.source, event.external_id): event for event in result.events}
    told = [event for event in events.values() if event.source == "people"]
    assert [event.event_type for event in told] == ["enter"]
    assert told[0].timestamp == pytest.approx(6.0, abs=2.5)
    assert any(event.source == "motion" and event.location == "계산대" for event in events.values())
