"""Vehicles that come and leave, bags that are left."""

import json

import pytest

from apps.videos.detectors.bags import Bags
from apps.videos.detectors.objects.found import BAG, VEHICLE, Found
from apps.videos.detectors.people import People
from apps.videos.detectors.tests.scenes import Scene, look, setup, swaying, walk
from apps.videos.detectors.vehicles import Vehicles


def drive(start, end, begins, speed, label="car"):
    def at(seconds):
        if not start <= seconds < end:
            return None
        return Found(VEHICLE, label, (begins + speed * (seconds - start), 0.5, 0.18, 0.15), 0.7)

    return at


def parked(x=0.4, start=0, end=1000):
    return swaying(start, end, x, 0.5, kind=VEHICLE, label="car", width=0.18, tall=0.15, score=0.6)


def told(events):
    return [(event.event_type, event.description) for event in events]


def vehicles(*paths, until=60, zones=(), **more):
    scene = Scene(*paths)
    return look(Vehicles(setup(zones, **more), scene), scene, until)


def test_a_car_comes_and_leaves():
    events = vehicles(drive(4, 14, 0.0, 0.08, "truck"))
    assert told(events) == [
        ("vehicle_enter", "트럭 한 대가 들어온다."),
        ("vehicle_exit", "트럭 한 대가 나간다."),
    ]
    assert events[0].timestamp == pytest.approx(4, abs=0.6)
    assert events[1].timestamp == pytest.approx(13.5, abs=0.6)
    assert events[0].track_id == events[1].track_id
    assert events[0].attributes["description_en"] == "A truck comes in."


def test_what_is_parked_has_neither_come_nor_left():
    assert vehicles(parked()) == []
    # Recognised only later, and lost again: a car does not appear out of nothing.
    assert vehicles(parked(start=12, end=30)) == []
    assert vehicles(parked(x=0.0, start=12, end=30)) == []


def test_a_car_that_parks_has_come():
    def path(seconds):
        return drive(3, 999, 0.0, 0.06)(min(seconds, 10.0)) if seconds >= 3 else None

    assert [event.event_type for event in vehicles(path)] == ["vehicle_enter"]


def test_a_car_that_is_called_a_truck_now_and_then_is_one_vehicle():
    def path(seconds):
        return drive(4, 14, 0.0, 0.08, "truck" if int(seconds) % 3 == 0 else "car")(seconds)

    assert len({event.track_id for event in vehicles(path)}) == 1


def test_with_doors_cars_come_and_go_there():
    gate = [{"name": "정문", "polygon": [[0, 0], [0.3, 0], [0.3, 1], [0, 1]], "door": True}]
    assert [
        (event.event_type, event.location) for event in vehicles(drive(4, 14, 0.0, 0.08), zones=gate)
    ] == [("vehicle_enter", "정문")]


def test_a_car_that_crosses_a_line():
    lane = [{"name": "차단기", "line": [[0.5, 0], [0.5, 1]], "inside": "left"}]
    [event] = vehicles(drive(4, 14, 0.0, 0.08), zones=lane)
    assert (event.event_type, event.location) == ("vehicle_enter", "차단기")
    assert event.description == "차단기에서 자동차 한 대가 들어온다."
    assert event.timestamp == pytest.approx(9.5, abs=1)


def test_people_and_bags_are_no_vehicles():
    assert vehicles(walk(2, 20, 0.0, 0.05)) == []


def left_bag(start, end, x=0.5):
    return swaying(start, end, x, 0.68, kind=BAG, label="suitcase", width=0.05, tall=0.08)


def bags(*paths, until=120, begin_again=False):
    scene = Scene(*paths)
    people, detector = People(setup(), scene), Bags(setup(), scene)
    found, spans = {}, {}
    from dataclasses import replace

    for window in scene.windows(until):
        if begin_again:
            state = json.loads(json.dumps(detector.state(), allow_nan=False))
            detector = Bags(setup(), scene)
            detector.restore(state)
        seen = people.look(window)
        told = detector.look(replace(window, sightings=seen.sightings))
        found |= {(event.track_id, event.timestamp): event for event in told.events}
        spans |= {(span.track_id, span.start): span.kind for span in told.spans}
    return list(found.values()), spans


def carrier(until):
    """Comes in, stands beside where the bag will be, and walks off."""

    def at(seconds):
        if not 2 <= seconds < until + 10:
            return None
        x = min(0.45, 0.05 * (seconds - 2)) if seconds < until else 0.45 - 0.06 * (seconds - until)
        return (x, 0.4, 0.08, 0.35) if x > -0.05 else None

    return at


@pytest.mark.parametrize("begin_again", [False, True])
def test_a_bag_that_somebody_left(begin_again):
    [event], spans = bags(carrier(20), left_bag(12, 100), begin_again=begin_again)
    assert event.event_type == "abandonment"
    assert event.timestamp == pytest.approx(27, abs=5)
    assert event.end_timestamp == pytest.approx(99.5, abs=1)
    assert event.track_id == "P000020"  # of who left it
    assert event.attributes["bag_track"].startswith("B")
    assert event.description == "주인 없는 여행 가방이 놓여 있다."
    assert "bag" in set(spans.values())


def test_a_bag_whose_owner_stays_is_not_left():
    assert bags(carrier(200), left_bag(12, 100))[0] == []


def test_a_bag_that_is_fetched_soon_is_not_left():
    assert bags(carrier(20), left_bag(12, 45))[0] == []


def test_what_was_there_from_the_start_was_not_left_now():
    assert bags(left_bag(0, 100))[0] == []


def test_a_bag_that_is_carried_is_not_left():
    def carried(seconds):
        x = 0.05 * (seconds - 2)
        return Found(BAG, "backpack", (x, 0.5, 0.04, 0.08), 0.7) if 2 <= seconds < 20 else None

    assert bags(walk(2, 20, 0.0, 0.05), carried)[0] == []
