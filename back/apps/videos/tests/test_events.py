# ruff: noqa: E501  a case a line

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from apps.db.models import Event, Video, VideoShare
from conftest import errors_of

ONE = {
    "timestamp": 750.0,
    "end_timestamp": 768.0,
    "event_type": "theft",
    "action_detected": "화장품 절도",
    "location": "화장품 코너",
    "age": 31,
    "gender": "female",
    "confidence": 0.93,
    "track_id": "P010",
    "description": "30대 여성이 화장품을 가방에 넣는다.",
    "bbox": [0.1, 0.2, 0.3, 0.4],
    "attributes": {"bag": True},
    "source": "cam01",
    "external_id": "000750",
}


@pytest.fixture
def video(alice, make_video) -> Video:
    return make_video(alice.user, recorded_at="2026-03-02T05:00:00Z")


def path(video: Video) -> str:
    return f"/api/videos/{video.pk}/events/"


def test_one_event_is_answered_with_itself(alice, video):
    response = alice.post(path(video), ONE)
    assert response.status_code == 201
    body = response.json()
    assert {name: body[name] for name in ONE} == ONE
    assert (body["video_id"], body["severity"]) == (video.pk, 2)
    assert body["occurred_at"] == "2026-03-02T05:12:30Z"
    assert alice.get(f"/api/events/{body['id']}/").json() == body


def test_type_and_time_are_enough(alice, video):
    body = alice.post(path(video), {"timestamp": 1, "event_type": "motion"}).json()
    assert (body["gender"], body["confidence"], body["age"], body["track_id"]) == ("unknown", 1, None, None)


def test_sent_twice_it_is_there_once(alice, video):
    first = alice.post(path(video), ONE)
    version = Video.objects.get().events_version
    again = alice.post(path(video), ONE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Video.objects.get().events_version == version
    changed = alice.post(path(video), ONE | {"age": 32})
    assert (changed.status_code, changed.json()["age"], changed.json()["id"]) == (200, 32, first.json()["id"])
    assert Event.objects.count() == 1


def test_the_same_id_of_another_source_or_video_is_another_event(alice, video, make_video):
    other = make_video(alice.user)
    alice.post(path(video), ONE)
    assert alice.post(path(video), ONE | {"source": "cam02"}).status_code == 201
    assert alice.post(path(other), ONE).status_code == 201
    assert Event.objects.count() == 3


WRONG = [
    ({"timestamp": 1}, {"event_type": "required"}),
    ({"event_type": "enter"}, {"timestamp": "required"}),
    (ONE | {"timestamp": -1, "end_timestamp": None}, {"timestamp": "greater_than_equal"}),
    (ONE | {"timestamp": "12:30"}, {"timestamp": "float_type"}),
    (ONE | {"timestamp": True}, {"timestamp": "float_type"}),
    (ONE | {"timestamp": None}, {"timestamp": "float_type"}),
    (ONE | {"timestamp": 1e18}, {"timestamp": "less_than_equal"}),
    (ONE | {"end_timestamp": 749}, {None: "value_error"}),
    (ONE | {"event_type": "picnic"}, {"event_type": "literal_error"}),
    (ONE | {"age": -1}, {"age": "greater_than_equal"}),
    (ONE | {"age": 131}, {"age": "less_than_equal"}),
    (ONE | {"age": 30.5}, {"age": "int_type"}),
    (ONE | {"age": 10**15}, {"age": "less_than_equal"}),
    (ONE | {"gender": "F"}, {"gender": "literal_error"}),
    (ONE | {"confidence": 1.2}, {"confidence": "less_than_equal"}),
    (ONE | {"track_id": ""}, {"track_id": "too_short"}),
    (ONE | {"location": None}, {"location": "string_type"}),
    (ONE | {"description": "x" * 2001}, {"description": "too_long"}),
    (ONE | {"bbox": [0, 0, 1]}, {"bbox": "too_short"}),
    (ONE | {"bbox": [0.5, 0, 0.6, 0.1]}, {"bbox": "value_error"}),
    (ONE | {"attributes": {"x": "y" * 9000}}, {"attributes": "value_error"}),
    (ONE | {"attributes": []}, {"attributes": "dict_type"}),
    (ONE | {"source": "a b"}, {"source": "string_pattern_mismatch"}),
    (ONE | {"severity": 2}, {"severity": "unknown_field"}),
    (ONE | {"occurred_at": "2026-03-02T05:12:30Z"}, {"occurred_at": "unknown_field"}),
    (ONE | {"id": 1}, {"id": "unknown_field"}),
]


@pytest.mark.parametrize(("body", "problems"), WRONG, ids=lambda v: str(v)[-60:])
def test_wrong_fields_are_named(alice, video, body, problems):
    response = alice.post(path(video), body)
    assert response.status_code == 400
    assert errors_of(response) == problems
    assert not Event.objects.exists()


# --- change and delete ---


def test_a_change_touches_what_is_sent_and_what_follows(alice, video):
    event = alice.post(path(video), ONE).json()
    response = alice.patch(f"/api/events/{event['id']}/", {"event_type": "loitering", "timestamp": 700})
    assert response.status_code == 200
    body = response.json()
    assert (body["severity"], body["occurred_at"], body["age"]) == (1, "2026-03-02T05:11:40Z", 31)


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"end_timestamp": 10}, {None: "value_error"}),
        ({"timestamp": 800}, {None: "value_error"}),
        ({"event_type": None}, {"event_type": "literal_error"}),
        ({"video_id": 1}, {"video_id": "unknown_field"}),
        ([], {None: "not_an_object"}),
    ],
)
def test_a_change_must_fit_what_stays(alice, video, body, problems):
    event = alice.post(path(video), ONE).json()
    response = alice.patch(f"/api/events/{event['id']}/", body)
    assert response.status_code == 400
    assert errors_of(response) == problems
    assert alice.get(f"/api/events/{event['id']}/").json() == event


def test_an_external_id_cannot_be_taken_twice(alice, video):
    alice.post(path(video), ONE)
    other = alice.post(path(video), ONE | {"external_id": "other"}).json()
    response = alice.patch(f"/api/events/{other['id']}/", {"external_id": ONE["external_id"]})
    assert response.status_code == 409


def test_a_deleted_event_is_gone(alice, video):
    event = alice.post(path(video), ONE).json()
    assert alice.delete(f"/api/events/{event['id']}/").status_code == 204
    assert alice.get(f"/api/events/{event['id']}/").status_code == 404
    assert alice.delete(f"/api/events/{event['id']}/").status_code == 404


# --- lists ---

MANY = [
    {"timestamp": 10, "event_type": "enter", "gender": "male", "age": 29, "location": "입구", "track_id": "P1"},
    {"timestamp": 20, "event_type": "enter", "gender": "female", "age": 30, "location": "정문", "track_id": "P2"},
    {"timestamp": 30, "event_type": "loitering", "gender": "male", "age": 29, "location": "주류 코너",
     "track_id": "P1", "confidence": 0.6},
    {"timestamp": 40, "event_type": "theft", "gender": "male", "age": 29, "location": "주류 코너",
     "track_id": "P1", "confidence": 0.9},
    {"timestamp": 50, "event_type": "exit", "location": "입구", "source": "cam"},
]  # fmt: skip
FILTERS = [
    ({}, [10, 20, 30, 40, 50]),
    ({"event_type": "theft"}, [40]),
    ({"event_type": ["theft", "exit"]}, [40, 50]),
    ({"event_type": "theft,exit"}, [40, 50]),
    ({"severity": "1"}, [30]),
    ({"severity": ["1", "2"]}, [30, 40]),
    ({"severity_min": 1}, [30, 40]),
    ({"from": 20, "to": 40}, [20, 30, 40]),
    ({"occurred_from": "2026-03-02T14:00:30+09:00"}, [30, 40, 50]),
    ({"occurred_from": "2026-03-02T05:00:20Z", "occurred_to": "2026-03-02T05:00:30Z"}, [20, 30]),
    ({"gender": "male"}, [10, 30, 40]),
    ({"gender": "unknown"}, [50]),
    ({"age_min": 30}, [20]),
    ({"age_max": 29}, [10, 30, 40]),
    ({"location": "주류코너"}, [30, 40]),
    ({"location": "입 구"}, [10, 50]),
    ({"confidence_min": 0.9, "confidence_max": 0.9}, [40]),
    ({"confidence_max": 0.6}, [30]),
    ({"track_id": "P1"}, [10, 30, 40]),
    ({"source": "cam"}, [50]),
    ({"gender": "male", "severity_min": 1, "to": 35}, [30]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=lambda v: str(v))
def test_filters(alice, video, query, expected):
    alice.post(path(video), MANY)
    for address in (path(video), f"/api/events/?video_id={video.pk}"):
        response = (
            alice.get(address, query)
            if "?" not in address
            else alice.get(address, query | {"video_id": video.pk})
        )
        assert [event["timestamp"] for event in response.json()["results"]] == expected


ORDERS = {
    "timestamp": [10, 20, 30, 40, 50],
    "-timestamp": [50, 40, 30, 20, 10],
    "occurred_at": [10, 20, 30, 40, 50],
    "-occurred_at": [50, 40, 30, 20, 10],
    "confidence": [30, 40, 10, 20, 50],
    "-confidence": [50, 20, 10, 40, 30],
    "created": [10, 20, 30, 40, 50],
    "-created": [50, 40, 30, 20, 10],
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_orders_page_by_page(alice, video, order, limit):
    alice.post(path(video), MANY)
    address, seen = f"{path(video)}?order={order}&limit={limit}", []
    while address:
        body = alice.get(address).json()
        assert len(body["results"]) <= limit
        seen += [event["timestamp"] for event in body["results"]]
        address = body["next"]
    assert seen == ORDERS[order]


def test_ties_are_paged_without_loss(alice, video):
    alice.post(path(video), [{"timestamp": 5, "event_type": "enter"}] * 9)
    address, seen = f"{path(video)}?limit=2", []
    while address:
        body = alice.get(address).json()
        seen += [event["id"] for event in body["results"]]
        address = body["next"]
    assert len(seen) == len(set(seen)) == 9


def test_by_wall_clock_only_events_that_have_one(alice, video, make_video):
    without = make_video(alice.user, recorded_at=None)
    alice.post(path(video), {"timestamp": 1, "event_type": "enter"})
    alice.post(path(without), {"timestamp": 1, "event_type": "enter"})
    assert len(alice.get("/api/events/").json()["results"]) == 2
    results = alice.get("/api/events/", {"order": "-occurred_at"}).json()["results"]
    assert [event["video_id"] for event in results] == [video.pk]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("event_type=picnic", {"event_type.0": "literal_error"}),
        ("from=nan", {"from": "finite_number"}),
        ("from=inf", {"from": "finite_number"}),
        ("from=-1", {"from": "greater_than_equal"}),
        ("age_min=200", {"age_min": "less_than_equal"}),
        ("occurred_from=2026-03-02", {"occurred_from": "timezone_aware"}),
        ("occurred_from=0001-01-01T00:00:00%2B14:00", {None: "value_error"}),
        ("occurred_to=9999-12-31T23:59:59-12:00", {None: "value_error"}),
        ("order=age", {"order": "literal_error"}),
        ("limit=501", {"limit": "less_than_equal"}),
        ("location=%00", {"location": "value_error"}),
        ("colour=red", {"colour": "unknown_field"}),
        ("cursor=WzEsMl0", None),
    ],
)
def test_wrong_queries_are_named(alice, video, query, problem):
    response = alice.get(f"{path(video)}?{query}")
    if problem is None:
        assert response.status_code == 200
    else:
        assert response.status_code == 400
        assert errors_of(response) == problem


def test_a_page_costs_two_statements(alice, video, settings, django_assert_num_queries):
    """Who is calling together with the throttles, then the page; or pages are no longer quick."""
    alice.post(path(video), MANY)
    settings.THROTTLE_USER = settings.THROTTLE_ADDRESS = (1000, 60)
    client = APIClient(headers={"Authorization": f"Bearer {AuthToken.objects.create(alice.user)[1]}"})
    for address in (path(video), f"/api/events/?video_id={video.pk}", "/api/events/?severity_min=1"):
        with django_assert_num_queries(2):
            assert client.get(address).json()["results"]


def test_somebody_elses_events_are_not_listed(alice, bob, video, make_video):
    alice.post(path(video), MANY)
    theirs = make_video(bob.user)
    bob.post(path(theirs), MANY)
    VideoShare.objects.create(video=theirs, user=alice.user)
    listed = alice.get("/api/events/").json()["results"]
    assert {event["video_id"] for event in listed} == {video.pk, theirs.pk}
    assert {event["video_id"] for event in bob.get("/api/events/").json()["results"]} == {theirs.pk}
    assert bob.get(path(video)).status_code == 404
    assert bob.get(f"/api/events/?video_id={video.pk}").status_code == 404
    assert bob.get(f"/api/videos/{2**70}/events/").status_code == 404


@pytest.mark.parametrize("asked", ["100%", "_", "a\\b", "%%s"])
def test_a_place_is_text_and_no_pattern(alice, video, asked):
    alice.post(path(video), [{"timestamp": 1, "event_type": "enter", "location": "abc"}])
    assert alice.get(path(video), {"location": asked}).json()["results"] == []
    alice.post(path(video), [{"timestamp": 2, "event_type": "enter", "location": f"x{asked}x"}])
    assert len(alice.get(path(video), {"location": asked}).json()["results"]) == 1


# --- the histogram ---


def test_the_timeline_counts_per_bucket_and_type(alice, make_video):
    video = make_video(alice.user, duration=60, analyzed_until=45)
    alice.post(path(video), [*MANY, {"timestamp": 60, "event_type": "exit"}])
    body = alice.get(f"/api/videos/{video.pk}/timeline/", {"bucket": 20}).json()
    assert (body["from"], body["to"], body["bucket"], body["analyzed_until"], body["total"]) == (
        0,
        60,
        20,
        45,
        6,
    )
    assert body["buckets"] == [
        {"start": 0, "end": 20, "total": 1, "counts": {"enter": 1}},
        {"start": 20, "end": 40, "total": 2, "counts": {"enter": 1, "loitering": 1}},
        # The very last instant belongs to the last bucket.
        {"start": 40, "end": 60, "total": 3, "counts": {"exit": 2, "theft": 1}},
    ]


def test_the_timeline_takes_filters_and_spans(alice, make_video):
    video = make_video(alice.user, duration=60)
    alice.post(path(video), MANY)
    query = {"from": 20, "to": 50, "buckets": 3, "severity_min": 1}
    body = alice.get(f"/api/videos/{video.pk}/timeline/", query).json()
    assert [(b["start"], b["counts"]) for b in body["buckets"]] == [
        (30, {"loitering": 1}),
        (40, {"theft": 1}),
    ]


@pytest.mark.parametrize("fields", [{"duration": None}, {"duration": 0}])
def test_the_timeline_of_a_video_of_unknown_length(alice, make_video, fields):
    video = make_video(alice.user, **fields)
    assert alice.get(f"/api/videos/{video.pk}/timeline/").json()["buckets"] == []
    alice.post(path(video), MANY)
    body = alice.get(f"/api/videos/{video.pk}/timeline/").json()
    assert body["total"] == (5 if fields["duration"] is None else 0)


@pytest.mark.parametrize("query", ["bucket=5e-324", "bucket=1e-310&to=1000", "to=5e-324&bucket=1e-323"])
def test_the_tiniest_of_buckets_is_no_fault(alice, make_video, make_event, query):
    video = make_video(alice.user)
    make_event(video, 0.0)
    response = alice.get(f"/api/videos/{video.pk}/timeline/?{query}")
    assert response.status_code == 200
    assert response.json()["total"] == 1


def test_a_tiny_bucket_over_a_long_video_stays_bounded(alice, make_video):
    video = make_video(alice.user, duration=86400 * 30)
    alice.post(path(video), MANY)
    body = alice.get(f"/api/videos/{video.pk}/timeline/", {"bucket": 0.0001}).json()
    assert body["total"] == 5
    assert body["bucket"] > 1
