"""Who comes, goes, stays, runs, crowds; who was there when. With boxes at moments instead of pictures."""

import json

import pytest

from apps.videos.detectors.merging import Merger
from apps.videos.detectors.objects.found import PERSON, Found
from apps.videos.detectors.people import People
from apps.videos.detectors.tests.scenes import Scene, look, setup, swaying, walk

ROOM = [
    {"name": "입구", "polygon": [[0, 0], [0.2, 0], [0.2, 1], [0, 1]], "door": True},
    {"name": "계산대", "polygon": [[0.2, 0], [1, 0], [1, 1], [0.2, 1]]},
]


def people(scene, zones=ROOM, **more):
    return People(setup(zones, **more), scene)


def told_by_store(detector, windows):
    """With the merger, which gives ids: one incident that is told in several windows is one event."""
    merger, stored = Merger(), {}
    for window in windows:
        for event in merger.merge(window, detector.look(window).events):
            stored[event.source, event.external_id] = event
    return stored.values()


def told(events):
    return [(event.event_type, event.track_id) for event in events]


def test_somebody_comes_in_and_leaves_by_the_door():
    def path(seconds):
        if not 4 <= seconds < 24:
            return None
        return (0.05 + 0.05 * min(seconds - 4, 24 - seconds), 0.4, 0.08, 0.35)

    scene = Scene(path)
    events = look(people(scene), scene, 40)
    assert [(event.event_type, event.location) for event in events] == [("enter", "입구"), ("exit", "입구")]
    assert len({event.track_id for event in events}) == 1
    assert events[0].timestamp == pytest.approx(4.0, abs=0.6)
    assert events[1].timestamp == pytest.approx(24.0, abs=0.6)
    assert events[0].attributes["description_en"] == "A person comes in at 입구."


def test_without_doors_the_edge_of_the_picture_is_one():
    scene = Scene(walk(2, 20, 0.0, 0.05))
    events = look(people(scene, []), scene, 40)
    assert [event.event_type for event in events] == ["enter", "exit"]


def test_who_walks_into_view_from_behind_something_has_come():
    scene = Scene(walk(5, 12, 0.5, 0.05))
    events = look(people(scene, []), scene, 40)
    assert [event.event_type for event in events] == ["enter", "exit"]


@pytest.mark.parametrize(
    "path", [walk(0, 12, 0.5, 0.0), swaying(7, 30, 0.5, 0.4)], ids=["from the start", "later"]
)
def test_who_stands_there_did_not_enter(path):
    scene = Scene(path)
    assert [event.event_type for event in look(people(scene, []), scene, 40)] == ["person"]


def test_with_doors_who_is_found_elsewhere_is_there_but_did_not_enter():
    scene = Scene(walk(2, 12, 0.5, 0.01))
    assert [event.event_type for event in look(people(scene), scene, 30)] == ["person"]


def test_who_is_still_there_at_the_end_has_not_left():
    scene = Scene(walk(2, 99, 0.0, 0.02))
    assert [event.event_type for event in look(people(scene, []), scene, 30)] == ["enter"]


def test_who_leaves_just_before_the_end_has_left():
    scene = Scene(walk(2, 27, 0.1, 0.033))
    assert [event.event_type for event in look(people(scene, []), scene, 30)] == ["enter", "exit"]


def test_a_moment_beyond_the_edge_is_no_leaving():
    def path(seconds):
        if 12 <= seconds < 13.5:
            return None
        return (max(0.0, 0.05 * abs(12.7 - seconds) - 0.03), 0.4, 0.08, 0.35) if 3 <= seconds < 22 else None

    scene = Scene(path)
    events = look(people(scene, []), scene, 22)
    assert [event.event_type for event in events] == ["enter"]


def test_two_people_keep_their_names_when_they_meet():
    scene = Scene(walk(1, 19.5, 0.0, 0.05, y=0.3), walk(1, 19.5, 0.92, -0.05, y=0.42))
    events = look(people(scene, []), scene, 40)
    assert len({event.track_id for event in events}) == 2
    assert sorted(event.event_type for event in events) == ["enter", "enter", "exit", "exit"]


def test_who_was_hidden_for_a_while_is_the_same():
    def path(seconds):
        hidden = 10 <= seconds < 16
        return None if hidden or not 2 <= seconds < 30 else (0.033 * (seconds - 2), 0.4, 0.08, 0.35)

    scene = Scene(path)
    events = look(people(scene, []), scene, 40)
    assert len({event.track_id for event in events}) == 1
    assert [event.event_type for event in events] == ["enter", "exit"]


def test_what_is_hardly_found_keeps_a_track_and_begins_none():
    def path(seconds):
        score = 0.8 if seconds < 6 else 0.3
        return Found(PERSON, "person", (0.03 * seconds, 0.4, 0.08, 0.35), score) if seconds < 20 else None

    scene = Scene(path, lambda seconds: Found(PERSON, "person", (0.8, 0.1, 0.05, 0.2), 0.35))
    findings = []
    events = look(people(scene, []), scene, 24, findings=findings)
    assert len({event.track_id for event in events}) == 1
    [last] = findings[-2].spans
    assert last.end == 19.5


def test_who_only_passes_but_is_well_seen_is_somebody():
    scene = Scene(walk(5, 6, 0.5, 0.1))
    findings = []
    look(people(scene, []), scene, 20, findings=findings)
    assert [told.counted.people for told in findings] == [1, 0]


@pytest.mark.parametrize("path", [walk(5, 5.5, 0.5, 0.0), swaying(5, 6, 0.5, 0.4, score=0.55)])
def test_a_flicker_is_nobody(path):
    scene = Scene(path)
    findings = []
    assert look(people(scene), scene, 20, findings=findings) == []
    assert [(told.counted.people, told.spans) for told in findings] == [(0, ()), (0, ())]


def test_a_coat_on_a_rack_is_nobody():
    scene = Scene(
        lambda seconds: Found(PERSON, "person", (0.5, 0.4, 0.05, 0.2), 0.52 if int(seconds) % 5 == 0 else 0.3)
    )
    assert look(people(scene, []), scene, 60) == []


def test_who_stays_long_in_one_place_loiters_once():
    scene = Scene(walk(3, 100, 0.6, 0.0))
    events = look(people(scene, loiter_seconds=30), scene, 120)
    [loitering] = [event for event in events if event.event_type == "loitering"]
    assert loitering.location == "계산대"
    assert loitering.timestamp == pytest.approx(3.0, abs=0.6)
    assert loitering.end_timestamp == pytest.approx(100.0, abs=1.0)


def test_a_figure_in_a_poster_does_not_loiter():
    scene = Scene(walk(0, 200, 0.6, 0.0), stirs=False)
    events = look(people(scene, [], loiter_seconds=30), scene, 200)
    assert [event.event_type for event in events] == ["person"]


def test_who_walks_does_not_loiter():
    scene = Scene(walk(3, 80, 0.1, 0.01))
    events = look(people(scene, loiter_seconds=30), scene, 90)
    assert "loitering" not in {event.event_type for event in events}


@pytest.mark.parametrize(("speed", "runs"), [(0.16, False), (0.4, True)], ids=["a brisk walk", "a run"])
def test_who_runs(speed, runs):
    # A person is a third of the picture high, and the picture 16:9.
    scene = Scene(walk(2, 2 + 1 / speed, 0.0, speed), fps=5)
    events = look(people(scene, []), scene, 20)
    found = [event for event in events if event.action_detected == "달리기"]
    assert len(found) == runs
    if runs:
        assert found[0].event_type == "person"
        assert found[0].attributes == {"description_en": "A person runs.", "doing": "running"}


def crowd(count, apart=0.13):
    return [walk(2, 30, 0.25 + apart * number, 0.0) for number in range(count)]


def test_too_many_in_one_place_are_a_crowd():
    scene = Scene(*crowd(5))
    [found] = [
        event for event in look(people(scene, crowd_size=5), scene, 40) if event.event_type == "crowding"
    ]
    assert found.attributes["people"] == 5
    assert (found.location, found.track_id) == ("계산대", None)
    assert (found.timestamp, found.end_timestamp) == (pytest.approx(3.0, abs=1), pytest.approx(29.5, abs=1))
    scene = Scene(*crowd(4))
    assert "crowding" not in {event.event_type for event in look(people(scene, crowd_size=5), scene, 40)}


def test_a_crowd_that_comes_and_goes_in_number_is_one():
    scene = Scene(*crowd(5), walk(8, 20, 0.9, 0.0))
    stored = told_by_store(people(scene, crowd_size=5), scene.windows(40))
    [event] = [event for event in stored if event.event_type == "crowding"]
    assert event.attributes["people"] == 6


def test_people_all_over_the_picture_are_no_crowd():
    corners = [
        swaying(2, 30, x, y, width=0.03, tall=0.12)
        for x, y in ((0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.8))
    ]
    scene = Scene(*corners)
    assert "crowding" not in {event.event_type for event in look(people(scene, [], crowd_size=3), scene, 40)}


def test_a_zone_says_how_many_are_too_many():
    zones = [{"name": "매대", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "crowd_size": 3}]
    scene = Scene(*crowd(3, apart=0.3))
    assert "crowding" in {event.event_type for event in look(people(scene, zones, crowd_size=9), scene, 40)}


def test_who_was_there_and_when():
    scene = Scene(walk(4, 14, 0.3, 0.01), walk(6, 34, 0.7, 0.0))
    findings = []
    look(people(scene), scene, 40, findings=findings)
    counts = [(found.counted.people, found.counted.tracks) for found in findings]
    assert counts == [(2, 2), (2, 2), (1, 1), (1, 1)]
    spans = {}
    for found in findings:
        spans |= {(span.track_id, span.start): (span.kind, span.end) for span in found.spans}
    assert sorted(spans.items()) == [
        (("P000040", 4.0), ("person", 13.5)),
        (("P000060", 6.0), ("person", 33.5)),
    ]


def test_who_comes_back_has_two_spans_and_one_name():
    def path(seconds):
        return (0.4, 0.4, 0.08, 0.35) if 2 <= seconds < 8 or 14 <= seconds < 20 else None

    scene = Scene(path)
    findings = []
    look(people(scene, []), scene, 30, findings=findings)
    spans = {(span.track_id, span.start): span.end for found in findings for span in found.spans}
    assert spans == {("P000020", 2.0): 7.5, ("P000020", 14.0): 19.5}


def test_a_window_without_pictures_counts_nobody():
    detector = people(Scene())
    from apps.videos.detectors.window import Window

    assert detector.look(Window(0.0, 10.0, ())).counted is None


def test_a_run_that_is_resumed_at_any_window_tells_the_same():
    paths = (walk(3, 44, 0.0, 0.02), walk(12, 33, 0.92, -0.03, y=0.5), walk(18, 70, 0.5, 0.0))
    scene = Scene(*paths)
    whole = look(people(scene, [], loiter_seconds=30), scene, 80)
    resumed, state = {}, {}
    for window in scene.windows(80):
        detector = people(scene, [], loiter_seconds=30)
        detector.restore(json.loads(json.dumps(state, allow_nan=False)))
        for event in detector.look(window).events:
            resumed[event.event_type, event.track_id, event.timestamp] = event
        state = detector.state()
    assert sorted(resumed.values(), key=lambda event: (event.timestamp, event.event_type)) == whole


def test_what_an_earlier_version_remembered_does_no_harm():
    scene = Scene(walk(3, 20, 0.0, 0.05))
    detector = people(scene, [])
    detector.restore(
        {
            "tracker": {"last": 99, "tracks": [{"track_id": "P000099", "box": [0, 0, 1, 1]}]},
            "full_since": {"": 4.0},
            "searched": 9.5,
            "crowds": {"": [1.0, 2.0]},
        }
    )
    events = look(detector, scene, 30)
    assert [(event.event_type, event.track_id) for event in events] == [
        ("enter", "P000100"),
        ("exit", "P000100"),
    ]


def test_people_of_different_videos_are_different_detectors():
    scene = Scene(walk(3, 20, 0.0, 0.05))
    first, second = people(scene), people(scene)
    look(first, scene, 10)
    assert second.state()["tracker"]["tracks"] == []
