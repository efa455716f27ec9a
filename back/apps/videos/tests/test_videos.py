import threading

import pytest
from django.db import connections

from apps.db.models import Event, Video, VideoShare
from apps.videos.catalog import sharing
from conftest import errors_of

WHOLE = {
    "name": "매장 CCTV",
    "camera": "CAM-01",
    "site": "강남점",
    "duration": 1200,
    "recorded_at": "2026-03-02T14:00:00+09:00",
    "timezone": "Asia/Seoul",
    "status": "ready",
    "analyzed_until": 1200.0,
}


def test_a_feed_makes_a_video_without_a_file(alice):
    response = alice.post("/api/videos/", WHOLE)
    assert response.status_code == 201
    body = response.json()
    assert response.headers["Location"] == f"/api/videos/{body['id']}/"
    assert {name: body[name] for name in WHOLE} == WHOLE | {"recorded_at": "2026-03-02T05:00:00Z"}
    assert body["owner"] == "alice"
    assert body["events_version"] == 0
    video = Video.objects.get(pk=body["id"])
    assert video.owner == alice.user
    assert video.recorded_at.isoformat() == "2026-03-02T05:00:00+00:00"


def test_a_name_is_enough(alice):
    body = alice.post("/api/videos/", {"name": "뒷문"}).json()
    assert (body["status"], body["timezone"], body["analyzed_until"]) == ("uploaded", "Asia/Seoul", 0)
    assert body["recorded_at"] is None


WRONG = [
    ({}, {"name": "required"}),
    ({"name": ""}, {"name": "too_short"}),
    ({"name": "x" * 201}, {"name": "too_long"}),
    ({"name": 5}, {"name": "string_type"}),
    ({"name": "x", "colour": "red"}, {"colour": "unknown_field"}),
    ({"name": "x", "id": 7}, {"id": "unknown_field"}),
    ({"name": "x", "duration": "12"}, {"duration": "float_type"}),
    ({"name": "x", "duration": True}, {"duration": "float_type"}),
    ({"name": "x", "duration": -1}, {"duration": "greater_than_equal"}),
    ({"name": "x", "duration": 1e300}, {"duration": "less_than_equal"}),
    ({"name": "x", "status": "done"}, {"status": "literal_error"}),
    ({"name": "x", "timezone": "Mars/Olympus"}, {"timezone": "value_error"}),
    ({"name": "x", "timezone": "../../etc/passwd"}, {"timezone": "value_error"}),
    ({"name": "x", "recorded_at": "yesterday"}, {"recorded_at": "datetime_from_date_parsing"}),
    ({"name": "x", "recorded_at": "2026-03-02T14:00:00"}, {"recorded_at": "timezone_aware"}),
    ({"name": "x", "recorded_at": "0001-01-01T00:00:00+14:00"}, {"recorded_at": "value_error"}),
    ({"name": "x", "recorded_at": "9999-12-31T23:59:59-12:00"}, {"recorded_at": "value_error"}),
    (
        {"name": "x", "recorded_at": "2026-03-02T14:00:00+99:00"},
        {"recorded_at": "datetime_from_date_parsing"},
    ),
]


@pytest.mark.parametrize(("body", "problems"), WRONG, ids=lambda v: str(v)[:60])
def test_wrong_fields_are_named(alice, body, problems):
    response = alice.post("/api/videos/", body)
    assert response.status_code == 400
    assert errors_of(response) == problems
    assert not Video.objects.exists()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "required"),
        (b"[]", "object"),
        (b'"x"', "object"),
        (b"{", "Expecting property name"),
        (b'{"name": "x", "name": "y"}', "twice"),
        (b'{"name": NaN}', "NaN"),
        (b'{"name": Infinity}', "Infinity"),
        (b'{"name": "x", "duration": 1e999}', "too large"),
        (b'{"name": "x", "duration": 1' + b"0" * 5000 + b"}", "too large"),
        (b'{"name": "a\\u0000b"}', "U+0000"),
        (b'{"name": "a\\ud800b"}', "surrogate"),
        (b'{"a\\udfff": 1}', "surrogate"),
        (b'{"name": "\xff\xfe"}', "UTF-8"),
        ('{"name": "한글"}'.encode("euc-kr"), "UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "deep"),
        (b'{"a":' * 1000, "deep"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_bad_json_is_a_400_that_says_why(alice, body, says):
    response = alice.post("/api/videos/", body)
    assert response.status_code == 400
    assert says in response.json()["errors"][0]["detail"]
    assert not Video.objects.exists()


def test_too_much_json_is_a_413(alice, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = alice.post("/api/videos/", b'{"name": "' + b"x" * 2000 + b'"}')
    assert response.status_code == 413
    assert errors_of(response) == {None: "too_large"}


def test_another_content_type_is_a_415(alice):
    assert alice.post("/api/videos/", "name=x", content_type="application/x-yaml").status_code == 415


@pytest.mark.parametrize("path", ["/api/videos", "/api/videos/"])
def test_every_address_answers_with_and_without_its_slash(alice, path):
    assert alice.post(path, {"name": "x"}).status_code == 201
    assert len(alice.get(path).json()["results"]) == 1


def test_a_change_touches_what_is_sent(alice, make_video):
    video = make_video(alice.user, name="before", camera="CAM-01")
    response = alice.patch(f"/api/videos/{video.pk}/", {"name": "after", "analyzed_until": 30.5})
    assert response.status_code == 200
    video.refresh_from_db()
    assert (video.name, video.camera, video.analyzed_until) == ("after", "CAM-01", 30.5)


def test_a_new_clock_moves_the_events(alice, make_video, make_event):
    video = make_video(alice.user)
    event = make_event(video, 60)
    assert alice.get(f"/api/events/{event.pk}/").json()["occurred_at"] is None
    alice.patch(f"/api/videos/{video.pk}/", {"recorded_at": "2026-03-02T14:00:00+09:00"})
    assert alice.get(f"/api/events/{event.pk}/").json()["occurred_at"] == "2026-03-02T05:01:00Z"


@pytest.mark.parametrize(
    "body", [{"name": None}, {"name": ""}, {"owner": "bob"}, {"events_version": 9}, {"status": None}]
)
def test_a_wrong_change_changes_nothing(alice, make_video, body):
    video = make_video(alice.user, name="before")
    assert alice.patch(f"/api/videos/{video.pk}/", body).status_code == 400
    video.refresh_from_db()
    assert (video.name, video.status) == ("before", "ready")


def test_a_deleted_video_takes_its_events_along(alice, make_video, make_event):
    video = make_video(alice.user)
    make_event(video)
    assert alice.delete(f"/api/videos/{video.pk}/").status_code == 204
    assert not Video.objects.exists()
    assert not Event.objects.exists()


def test_pages_follow_each_other_without_gap_or_repeat(alice, make_video):
    videos = [make_video(alice.user, name=f"v{n}") for n in range(7)]
    path, names, pages = "/api/videos/?limit=3", [], 0
    while path:
        body = alice.get(path).json()
        names += [video["name"] for video in body["results"]]
        path, pages = body["next"], pages + 1
        if pages == 1:
            make_video(alice.user, name="came in between")
    assert names == [video.name for video in reversed(videos)]
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("cursor=nonsense", {"cursor": "invalid_cursor"}),
        ("cursor=W10", {"cursor": "invalid_cursor"}),
        ("cursor=WyJhIiwgImIiXQ", {"cursor": "invalid_cursor"}),
        ("cursor=%00", {"cursor": "value_error"}),
        ("limit=0", {"limit": "greater_than_equal"}),
        ("limit=many", {"limit": "int_parsing"}),
        ("limit=1&limit=2", {"limit": "repeated"}),
        ("colour=red", {"colour": "unknown_field"}),
        ("q=%00", {"q": "value_error"}),
    ],
)
def test_wrong_queries_are_named(alice, query, problem):
    response = alice.get(f"/api/videos/?{query}")
    assert response.status_code == 400
    assert errors_of(response) == problem


def test_the_list_is_searched_by_name_camera_and_site(alice, make_video):
    make_video(alice.user, name="창고", camera="CAM-03", site="판교")
    make_video(alice.user, name="매장", camera="CAM-01", site="강남점")
    for word in ("창고", "cam-03", "판교"):
        assert [v["name"] for v in alice.get("/api/videos/", {"q": word}).json()["results"]] == ["창고"]


# --- who may ---


def routes(video, event) -> list[tuple[str, str, dict | None]]:
    return [
        ("get", f"/api/videos/{video.pk}/", None),
        ("patch", f"/api/videos/{video.pk}/", {"name": "x"}),
        ("delete", f"/api/videos/{video.pk}/", None),
        ("get", f"/api/videos/{video.pk}/events/", None),
        ("post", f"/api/videos/{video.pk}/events/", {"timestamp": 1, "event_type": "enter"}),
        ("get", f"/api/videos/{video.pk}/timeline/", None),
        ("get", f"/api/videos/{video.pk}/shares/", None),
        ("post", f"/api/videos/{video.pk}/shares/", {"username": "bob"}),
        ("delete", f"/api/videos/{video.pk}/shares/carol/", None),
        ("get", f"/api/events/{event.pk}/", None),
        ("patch", f"/api/events/{event.pk}/", {"location": "x"}),
        ("delete", f"/api/events/{event.pk}/", None),
    ]


def call(caller, method, path, body):
    return getattr(caller, method)(path, body) if body is not None else getattr(caller, method)(path)


def test_somebody_elses_video_is_not_there(alice, bob, make_video, make_event):
    video = make_video(alice.user)
    event = make_event(video)
    for method, path, body in routes(video, event):
        response = call(bob, method, path, body)
        assert response.status_code == 404, (method, path)
        missing = call(bob, method, path.replace(str(video.pk), "999999", 1), body)
        assert missing.json() == response.json() or "events/" in path
    assert bob.get("/api/videos/").json()["results"] == []
    assert bob.get("/api/events/").json()["results"] == []
    assert bob.get("/api/events/", {"video_id": video.pk}).status_code == 404
    assert Video.objects.get().name == video.name


def test_a_viewer_sees_and_cannot_change(alice, bob, make_video, make_event):
    video = make_video(alice.user)
    event = make_event(video)
    assert alice.post(f"/api/videos/{video.pk}/shares/", {"username": "bob"}).status_code == 201
    for method, path, body in routes(video, event):
        expected = 200 if method == "get" and "shares" not in path else 403
        assert call(bob, method, path, body).status_code == expected, (method, path)
    assert len(bob.get("/api/events/").json()["results"]) == 1


def test_an_editor_changes_but_does_not_own(alice, bob, make_video, make_event):
    video = make_video(alice.user)
    event = make_event(video)
    alice.post(f"/api/videos/{video.pk}/shares/", {"username": "bob", "may_edit": True})
    expected = {"delete /api/videos/": 403, "shares": 403}
    for method, path, body in routes(video, event):
        status = call(bob, method, path, body).status_code
        if "shares" in path or (method == "delete" and path == f"/api/videos/{video.pk}/"):
            assert status == 403, (method, path, expected)
        else:
            assert status in {200, 201, 204}, (method, path)


def test_sharing_again_changes_the_right_and_ending_it_ends_it(alice, bob, make_video):
    video = make_video(alice.user)
    path = f"/api/videos/{video.pk}/shares/"
    assert alice.post(path, {"username": "bob"}).status_code == 201
    assert alice.post(path, {"username": "bob", "may_edit": True}).status_code == 200
    assert [(s["username"], s["may_edit"]) for s in alice.get(path).json()["results"]] == [("bob", True)]
    assert alice.delete(f"{path}bob/").status_code == 204
    assert alice.delete(f"{path}bob/").status_code == 404
    assert bob.get(f"/api/videos/{video.pk}/").status_code == 404
    assert not VideoShare.objects.exists()


def test_who_was_given_a_video_may_leave_it_and_nobody_elses(alice, bob, make_user, signed_in, make_video):
    video = make_video(alice.user)
    carol = signed_in(make_user("carol"))
    path = f"/api/videos/{video.pk}/shares/"
    for name in ("bob", "carol"):
        assert alice.post(path, {"username": name}).status_code == 201
    assert bob.delete(f"{path}carol/").status_code == 403
    assert bob.delete(f"{path}bob/").status_code == 204
    assert bob.get(f"/api/videos/{video.pk}/").status_code == 404
    assert bob.delete(f"{path}bob/").status_code == 404
    assert carol.get(f"/api/videos/{video.pk}/").status_code == 200


def test_all_that_somebody_shares_can_be_left_at_once(alice, bob, staff, make_video):
    videos = [make_video(alice.user) for _ in range(3)]
    kept = make_video(staff.user)
    for video in [*videos, kept]:
        staff.post(f"/api/videos/{video.pk}/shares/", {"username": "bob"})
    assert bob.delete("/api/shares/alice/").status_code == 204
    assert [video["id"] for video in bob.get("/api/videos/").json()["results"]] == [kept.pk]
    assert bob.delete("/api/shares/alice/").status_code == 404
    assert alice.delete("/api/shares/bob/").status_code == 404
    assert len(alice.get("/api/videos/").json()["results"]) == 3


@pytest.mark.parametrize("name", ["%00", "%ED%A0%80", "a" * 1000, "%ff"])
def test_a_name_that_nobody_has_is_not_found(alice, make_video, name):
    for path in (f"/api/shares/{name}/", f"/api/videos/{make_video(alice.user).pk}/shares/{name}/"):
        assert alice.delete(path).status_code == 404


def test_one_owner_and_all_together_may_give_a_user_so_many_videos(
    alice, bob, staff, make_video, monkeypatch
):
    monkeypatch.setattr(sharing, "MOST_SHARED", 3)
    monkeypatch.setattr(sharing, "MOST_BY_ONE", 2)

    def share(owner, **fields):
        return staff.post(f"/api/videos/{make_video(owner).pk}/shares/", {"username": "bob"} | fields)

    assert [share(alice.user).status_code for _ in range(3)] == [201, 201, 409]
    assert errors_of(share(alice.user)) == {None: "too_many_shared"}
    assert [share(staff.user).status_code for _ in range(2)] == [201, 409]
    # What is there already may still change.
    path = f"/api/videos/{VideoShare.objects.first().video_id}/shares/"
    assert staff.post(path, {"username": "bob", "may_edit": True}).status_code == 200
    assert bob.delete("/api/shares/alice/").status_code == 204
    assert share(alice.user).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_shares_stays_within_the_bound(make_user, make_video, monkeypatch):
    monkeypatch.setattr(sharing, "MOST_BY_ONE", 3)
    alice, bob = make_user("alice"), make_user("bob")
    videos = [make_video(alice) for _ in range(8)]
    start = threading.Barrier(len(videos))

    def share(video):
        try:
            start.wait()
            sharing.share_with(bob, video, may_edit=False)
        except sharing.TooManyShared:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=share, args=[video]) for video in videos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert VideoShare.objects.count() == 3


def test_sharing_with_nobody_is_said(alice, make_video):
    response = alice.post(f"/api/videos/{make_video(alice.user).pk}/shares/", {"username": "ghost"})
    assert response.status_code == 404


def test_staff_see_and_change_all(alice, staff, make_video, make_event):
    video = make_video(alice.user)
    event = make_event(video)
    for method, path, body in sorted(routes(video, event), key=lambda route: route[0] == "delete"):
        if "shares" not in path and path != f"/api/videos/{video.pk}/":
            assert call(staff, method, path, body).status_code in {200, 201, 204}, (method, path)
    assert staff.get("/api/videos/").json()["results"][0]["owner"] == "alice"


def test_without_an_account_nothing_answers(nobody, make_video, make_event):
    video = make_video()
    for method, path, body in [*routes(video, make_event(video)), ("get", "/api/videos/", None)]:
        response = call(nobody, method, path, body)
        assert response.status_code == 401, (method, path)
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_an_open_service_lets_everybody_work_on_everything(nobody, alice, make_video, settings):
    settings.AUTH_REQUIRED = False
    make_video(alice.user)
    created = nobody.post("/api/videos/", {"name": "x"})
    assert created.status_code == 201
    assert created.json()["owner"] is None
    assert len(nobody.get("/api/videos/").json()["results"]) == 2
    # An account still sees what is its own.
    assert len(alice.get("/api/videos/").json()["results"]) == 1


@pytest.mark.parametrize("video_id", ["0", "99999999999999999999999", "9223372036854775808"])
def test_an_impossible_number_is_not_found(alice, video_id):
    assert alice.get(f"/api/videos/{video_id}/").status_code == 404
    assert alice.get(f"/api/events/{video_id}/").status_code == 404
