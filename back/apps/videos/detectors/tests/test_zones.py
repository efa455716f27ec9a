"""Zones: what may be written, and what is told of who is in them."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.videos.detectors import zones_from
from apps.videos.detectors.motion import Motion
from apps.videos.detectors.people import People
from apps.videos.detectors.tests.scenes import BLANK, Scene, look, setup, swaying, walk
from apps.videos.detectors.window import Frame, Window

RIGHT = [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]
LAWN = {"name": "잔디밭", "polygon": RIGHT}
MIDNIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # in Seoul


def told(paths, zones, until=60, **more):
    scene = Scene(*paths)
    events = look(People(setup(zones, **more), scene), scene, until)
    return [(e.event_type, e.action_detected, e.location, e.timestamp, e.end_timestamp) for e in events]


def of_type(rows, event_type, place="잔디밭"):
    return [row for row in rows if row[0] == event_type and row[2] == place]


def there_and_back(seconds):
    """Into the right half from 14 s to 26 s."""
    if not 2 <= seconds < 38:
        return None
    return (0.05 + 0.034 * min(seconds - 2, 38 - seconds), 0.4, 0.08, 0.35)


def test_who_goes_into_a_zone_and_out_again():
    rows = told([there_and_back], [LAWN | {"entered": True, "left": True}])
    [(_, action, _, at, end)] = of_type(rows, "enter")
    assert (action, end) == ("구역 진입", None)
    assert at == pytest.approx(14, abs=1.5)
    [(_, action, _, at, _)] = of_type(rows, "exit")
    assert action == "구역 이탈"
    assert at == pytest.approx(26, abs=1.5)


def test_a_zone_that_does_not_ask_tells_nothing():
    assert of_type(told([there_and_back], [LAWN]), "enter") == []


def test_a_foot_on_the_border_is_no_visit():
    def path(seconds):
        return (0.45 + (0.02 if int(seconds * 2) % 2 else -0.02), 0.4, 0.08, 0.35) if seconds < 40 else None

    assert of_type(told([path], [LAWN | {"entered": True}]), "enter") == []


def test_who_was_there_from_the_start_has_not_gone_in():
    rows = told([swaying(2, 30, 0.7, 0.4)], [LAWN | {"entered": True}])
    assert [row for row in rows if row[1] == "구역 진입"] == []


def test_who_comes_into_the_picture_in_a_zone_and_leaves_from_there():
    def path(seconds):
        return (0.92 - 0.03 * min(seconds - 5, 25 - seconds), 0.4, 0.08, 0.35) if 5 <= seconds < 25 else None

    lawn = LAWN | {"entered": True, "left": True}
    gate = {"name": "문", "line": [[0.2, 0], [0.2, 1]]}
    for zones, words in [([lawn], ("입장", "퇴장")), ([lawn, gate], ("구역 진입", "구역 이탈"))]:
        rows = [row for row in told([path], zones) if row[0] in {"enter", "exit"}]
        assert [row[1:4] for row in rows] == [(words[0], "잔디밭", 5.0), (words[1], "잔디밭", 24.5)]


def test_who_stays_in_a_zone_though_they_walk_about():
    def path(seconds):
        return (0.52 + 0.38 * abs(seconds % 20 - 10) / 10, 0.4, 0.08, 0.35) if 3 <= seconds < 50 else None

    [row] = of_type(told([path], [LAWN | {"dwell_seconds": 30}]), "loitering")
    assert row[1] == "체류"
    assert row[4] - row[3] == pytest.approx(46, abs=3)
    assert of_type(told([path], [LAWN | {"dwell_seconds": 50}]), "loitering") == []


def test_where_nobody_may_be():
    [row] = of_type(told([there_and_back], [LAWN | {"forbidden": True}]), "intrusion")
    assert row[3] == pytest.approx(14, abs=1.5)
    assert row[4] == pytest.approx(26, abs=1.5)


@pytest.mark.parametrize(
    ("hours", "begins", "seen"),
    [
        ({"from": "22:00", "to": "06:00"}, MIDNIGHT, True),
        ({"from": "22:00", "to": "06:00"}, MIDNIGHT + timedelta(hours=12), False),
        ({"from": "08:00", "to": "18:00"}, MIDNIGHT + timedelta(hours=12), True),
        ({"from": "08:00", "to": "18:00"}, MIDNIGHT, False),
        ({"from": "22:00", "to": "06:00"}, None, False),
        ({"from": "00:00", "to": "24:00"}, MIDNIGHT + timedelta(hours=3), True),
    ],
)
def test_forbidden_hours_are_those_of_the_wall_clock(hours, begins, seen):
    from zoneinfo import ZoneInfo

    def clock(seconds):
        return (
            None
            if begins is None
            else (begins + timedelta(seconds=seconds)).astimezone(ZoneInfo("Asia/Seoul"))
        )

    rows = told([there_and_back], [LAWN | {"forbidden": [hours]}], clock=clock)
    assert bool(of_type(rows, "intrusion")) == seen


def test_intrusions_are_looked_for_only_where_it_is_said_what_one_is():
    night = LAWN | {"forbidden": [{"from": "22:00", "to": "06:00"}]}
    scene = Scene()
    for zones, clock, looked_for in [
        ([LAWN], None, False),
        ([LAWN | {"forbidden": True}], None, True),
        ([night], None, False),
        ([night], lambda seconds: None, False),
        ([night], lambda seconds: MIDNIGHT, True),
    ]:
        assert ("intrusion" in People(setup(zones, clock=clock), scene).event_types) == looked_for


def test_an_intrusion_begins_with_the_forbidden_hours():
    def clock(seconds):
        return datetime(2026, 3, 2, 21, 59, 30) + timedelta(seconds=seconds)

    rows = told(
        [swaying(2, 58, 0.7, 0.4)], [LAWN | {"forbidden": [{"from": "22:00", "to": "06:00"}]}], clock=clock
    )
    [row] = of_type(rows, "intrusion")
    assert row[3] == pytest.approx(30, abs=1)


GATE = {"name": "문", "line": [[0.5, 0], [0.5, 1]]}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # Looking down the picture, the right-hand side is the picture's left.
        (GATE, ["exit", "enter"]),
        (GATE | {"inside": "left"}, ["enter", "exit"]),
        (GATE | {"line": [[0.5, 0], [0.5, 0.3]]}, []),  # walked past its end
    ],
)
def test_who_crosses_a_line(line, expected):
    rows = [row for row in told([there_and_back], [line]) if row[2] == "문"]
    assert [row[0] for row in rows] == expected
    if expected:
        assert rows[0][3] == pytest.approx(14, abs=2)


def test_a_line_close_to_the_edge_is_crossed_before_it_is_sure_who_does():
    rows = told([walk(3, 6, 0.0, 0.25)], [{"name": "문", "line": [[0.1, 0], [0.1, 1]], "inside": "left"}])
    assert [row[0] for row in rows if row[2] == "문"] == ["enter"]


def test_standing_on_a_line_is_no_crossing():
    def path(seconds):
        return (0.46 + (0.01 if int(seconds * 2) % 2 else -0.01), 0.4, 0.08, 0.35) if seconds < 40 else None

    assert [row for row in told([path], [GATE]) if row[2] == "문"] == []


def test_nobody_is_looked_for_in_a_mask():
    poster = {"name": "포스터", "polygon": RIGHT, "mask": True}
    assert told([swaying(2, 30, 0.7, 0.4)], [poster]) == []
    motion = Motion(setup([poster]))
    frames = tuple(Frame(second, BLANK, ((0.6, 0.1, 0.2, 0.2),)) for second in range(10))
    assert motion.look(Window(0.0, 10.0, frames)).events == ()
    frames = tuple(Frame(second, BLANK, ((0.1, 0.1, 0.2, 0.2),)) for second in range(10))
    assert len(motion.look(Window(0.0, 10.0, frames)).events) == 1


def test_who_is_too_small_for_a_zone_does_not_count():
    far = {"name": "길 건너", "polygon": RIGHT, "smallest": 0.3}
    assert told([swaying(2, 30, 0.7, 0.4, tall=0.2)], [far]) == []
    assert told([swaying(2, 30, 0.7, 0.4, tall=0.35)], [far]) != []
    assert told([swaying(2, 30, 0.1, 0.4, tall=0.2)], [far]) != []


SQUARE = [[0, 0], [1, 0], [1, 1]]
WRONG = [
    ({}, "zone 1: name: Field required"),
    ("입구", "zone 1: "),
    ({"name": "x"}, "zone 1: either a polygon or a line"),
    ({"name": " ", "polygon": SQUARE}, "zone 1: name: "),
    ({"name": "x", "polygon": [[0, 0], [1, 1]]}, "zone 1: polygon"),
    ({"name": "x", "polygon": [[0, 0], [2, 0], [1, 1]]}, "zone 1: polygon.1.0: Input should be less than"),
    ({"name": "x", "polygon": [[0, 0], [float("nan"), 0], [1, 1]]}, "zone 1: polygon.1.0: "),
    ({"name": "x", "polygon": [[0, 0, 0], [1, 0], [1, 1]]}, "zone 1: polygon.0: "),
    ({"name": "x", "polygon": "all"}, "zone 1: polygon: "),
    (
        {"name": "x", "polygon": SQUARE, "dor": True},
        "zone 1: dor: is not a key of zones; there are crowd_size, ",
    ),
    ({"name": "x", "polygon": SQUARE, "door": "yes"}, "zone 1: door: "),
    ({"name": "x", "polygon": SQUARE, "line": [[0, 0], [1, 1]]}, "zone 1: either a polygon or a line"),
    ({"name": "x", "line": [[0, 0], [0, 0]]}, "zone 1: a line has two different ends"),
    ({"name": "x", "line": [[0, 0], [0, 1]], "door": True}, "zone 1: a line has no door"),
    ({"name": "x", "polygon": SQUARE, "inside": "left"}, "zone 1: inside is of lines"),
    ({"name": "x", "polygon": SQUARE, "mask": True, "door": True}, "zone 1: nothing is looked for in a mask"),
    ({"name": "x", "polygon": SQUARE, "dwell_seconds": 0}, "zone 1: dwell_seconds: "),
    ({"name": "x", "polygon": SQUARE, "smallest": 2}, "zone 1: smallest: "),
    ({"name": "x", "polygon": SQUARE, "crowd_size": 1}, "zone 1: crowd_size: "),
    ({"name": "x", "polygon": SQUARE, "forbidden": []}, "zone 1: forbidden: "),
    ({"name": "x", "polygon": SQUARE, "forbidden": [{"from": "25:00", "to": "06:00"}]}, "zone 1: forbidden"),
    ({"name": "x", "polygon": SQUARE, "forbidden": [{"from": "22:00"}]}, "zone 1: forbidden"),
    (
        {"name": "x", "polygon": SQUARE, "forbidden": [{"from": "1:00", "to": "2:00", "day": 1}]},
        "zone 1: forbidden",
    ),
]


@pytest.mark.parametrize(("zone", "words"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_what_may_not_be_written_is_said(zone, words):
    with pytest.raises(ValueError, match=r"^zone 1: ") as error:
        zones_from([zone])
    assert str(error.value).startswith(words), str(error.value)


def test_the_first_wrong_zone_is_named():
    with pytest.raises(ValueError, match=r"^zone 2: "):
        zones_from([LAWN, LAWN | {"colour": "green"}])
    with pytest.raises(ValueError, match="at most 50"):
        zones_from([LAWN] * 51)


def test_zones_are_drawn_once_for_each_camera(alice, bob, db):
    def made(who, **more):
        return who.post("/api/videos/", {"name": "v", "camera": "CAM-01", "site": "강남점"} | more).json()[
            "zones"
        ]

    zones = [LAWN | {"entered": True}]
    assert made(alice) == []
    assert made(alice, zones=zones) == zones
    assert made(alice) == zones
    assert made(alice, zones=[]) == []
    assert made(alice) == zones
    assert made(alice, camera="CAM-02") == made(alice, site="부산점") == made(alice, camera="") == []
    assert made(bob) == []


def test_an_upload_takes_over_the_camera_s_zones(alice, clip, as_file, db):
    video = alice.post("/api/videos/", {"name": "v", "camera": "CAM-01", "zones": [LAWN]}).json()
    fields = {"file": as_file(clip), "camera": "CAM-01", "analyze": "false"}
    body = alice.client.post("/api/videos/", fields, format="multipart").json()
    assert body["zones"] == video["zones"] == [LAWN]


def test_over_http(alice, make_video, db):
    from conftest import errors_of

    video = make_video(alice.user)
    path = f"/api/videos/{video.pk}/"
    zones = [
        LAWN | {"entered": True, "dwell_seconds": 20.5, "forbidden": [{"from": "22:00", "to": "06:00"}]},
        GATE | {"inside": "left"},
    ]
    assert alice.patch(path, {"zones": zones}).json()["zones"] == zones
    response = alice.patch(path, {"zones": [LAWN | {"colour": "green"}]})
    assert list(errors_of(response)) == ["zones"]
    assert "colour" in response.json()["errors"][0]["detail"]
    assert alice.get(path).json()["zones"] == zones
