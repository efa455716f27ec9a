import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.db.models import AuditLine, Event, RetentionRule, User, Video
from apps.videos.retention.rules import apply_all
from apps.videos.storage import StorageDown
from apps.videos.storage.folder import Folder
from conftest import errors_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def upload(clip, as_file):
    def send(caller) -> Video:
        fields = {"file": as_file(clip), "analyze": "false", "allow_duplicate": "true"}
        body = caller.client.post("/api/videos/", fields, format="multipart").json()
        video = Video.objects.get(pk=body["id"])
        event = Event.objects.create(video=video, timestamp=1.0, event_type="enter")
        assert caller.client.get(f"/api/events/{event.pk}/thumbnail/").getvalue()
        return video

    return send


def kept(settings) -> list:
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def age(video: Video, days: float) -> None:
    Video.objects.filter(pk=video.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_a_deleted_video_takes_everything_with_it_but_a_line(alice, upload, settings, run_jobs):
    video = upload(alice)
    assert len(kept(settings)) == 2
    assert alice.delete(f"/api/videos/{video.pk}/").status_code == 204
    run_jobs()
    assert kept(settings) == []
    assert not Event.objects.exists()
    line = AuditLine.objects.get()
    assert (line.action, line.actor, line.video_id, line.reason) == (
        "video.deleted", "alice", video.pk, "by request",
    )  # fmt: skip
    assert line.details["events"] == 1
    assert line.details["sha256"] == video.sha256


def test_an_account_s_videos_go_with_it(alice, upload, settings, run_jobs):
    upload(alice)
    User.objects.get(pk=alice.user.pk).delete()
    run_jobs()
    assert kept(settings) == []
    assert AuditLine.objects.get().action == "video.deleted"


def test_storage_that_is_down_is_tried_again(alice, upload, settings, run_jobs, monkeypatch):
    video = upload(alice)
    real, calls = Folder.delete_under, []

    def down_at_first(self, prefix):
        calls.append(prefix)
        if len(calls) == 1:
            raise StorageDown
        return real(self, prefix)

    monkeypatch.setattr(Folder, "delete_under", down_at_first)
    alice.delete(f"/api/videos/{video.pk}/")
    assert run_jobs() == ["READY", "SUCCESSFUL"]
    assert kept(settings) == []


def dry_run() -> str:
    out = io.StringIO()
    call_command("retention", stdout=out)
    return out.getvalue()


def test_nothing_expires_unless_a_rule_says_so(alice, upload):
    age(upload(alice), 10_000)
    assert "nothing has expired" in dry_run()
    assert apply_all() == 0


def test_the_file_goes_first_and_its_events_stay(alice, upload, settings, run_jobs):
    settings.RETENTION_FILE_DAYS = 30
    old, young = upload(alice), upload(alice)
    age(old, 31)
    age(young, 29)
    said = dry_run()
    assert f"would delete: file of video {old.pk} " in said
    assert "nothing was changed" in said
    assert len(kept(settings)) == 4
    assert apply_all() == 1
    run_jobs()
    assert len(kept(settings)) == 2
    body = alice.get(f"/api/videos/{old.pk}/").json()
    assert body["playback"] == "none"
    assert Event.objects.filter(video=old).count() == 1
    assert alice.get(f"/api/videos/{old.pk}/file/").status_code == 404
    line = AuditLine.objects.get()
    assert (line.action, line.reason) == ("video.file_removed", "30 days by the settings")
    assert apply_all() == 0


def test_events_go_and_then_the_video(alice, upload, settings, run_jobs):
    video = upload(alice)
    age(video, 10)
    rule = RetentionRule.objects.create(video=video, event_days=5)
    assert apply_all() == 1
    assert not Event.objects.exists()
    assert Video.objects.filter(pk=video.pk).exists()
    assert apply_all() == 0
    rule.file_days = 7
    rule.save()
    call_command("retention", "--apply", stdout=io.StringIO())
    run_jobs()
    assert not Video.objects.exists()
    assert kept(settings) == []
    actions = AuditLine.objects.order_by("id").values_list("action", "reason")
    assert list(actions) == [
        ("video.events_removed", "5 days by the video's rule"),
        ("video.deleted", "5 days by the video's rule"),
    ]


def test_the_nearest_rule_wins(alice, bob, upload, settings):
    settings.RETENTION_FILE_DAYS = 10
    by_settings, by_account, by_video = upload(bob), upload(alice), upload(alice)
    for video in (by_settings, by_account, by_video):
        age(video, 20)
    RetentionRule.objects.create(account=alice.user, file_days=15)
    RetentionRule.objects.create(video=by_video, file_days=0)  # for ever
    said = dry_run()
    assert f"file of video {by_settings.pk} (“cam01”): older than 10 days by the settings" in said
    assert f"file of video {by_account.pk} (“cam01”): older than 15 days by the account's rule" in said
    assert f"video {by_video.pk} " not in said


def test_rules_over_http(alice, bob, nobody, make_video):
    video = make_video(alice.user)
    path = f"/api/videos/{video.pk}/retention/"
    unset = {"file_days": None, "event_days": None, "default_file_days": 0, "default_event_days": 0}
    assert alice.get(path).json() == unset
    assert put(alice, path, {"file_days": 30, "event_days": 0}).json() == unset | {
        "file_days": 30,
        "event_days": 0,
    }
    assert put(alice, path, {"event_days": 7}).json() == unset | {"event_days": 7}
    assert RetentionRule.objects.get().video == video
    assert put(bob, path, {}).status_code == 404
    alice.post(f"/api/videos/{video.pk}/shares/", {"username": "bob", "may_edit": True})
    assert put(bob, path, {"file_days": 1}).status_code == 403
    for body, attr in (
        ({"file_days": -1}, "file_days"),
        ({"file_days": "1"}, "file_days"),
        ({"days": 1}, "days"),
    ):
        assert list(errors_of(put(alice, path, body))) == [attr]
    assert put(alice, "/api/retention/", {"file_days": 90}).json()["file_days"] == 90
    assert bob.get("/api/retention/").json() == unset
    assert put(nobody, "/api/retention/", {}).status_code == 401


def put(caller, path: str, body: dict):
    return caller._checked(caller.client.put(path, body, format="json"))
