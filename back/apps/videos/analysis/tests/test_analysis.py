import io
import os
import signal
import time
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from apps.db.models import Analysis, Event, Video
from apps.jobs import control
from apps.jobs.tests.test_worker import until, worker
from apps.videos.analysis import running
from apps.videos.analysis.running import run_analysis
from apps.videos.analysis.windows import store_window
from apps.videos.testing import make_clip
from conftest import errors_of

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 45


def walks_through(picture, seconds: float) -> None:
    """A bright block crosses the picture from 12 s to 22 s, over the border of two windows."""
    picture += (np.indices(picture.shape[:2]).sum(axis=0) % 7 * 3).astype("uint8")[..., None]
    if 12 <= seconds < 22:
        left = int((seconds - 12) / 10 * 240)
        picture[80:180, left : left + 60] = 250


@pytest.fixture(scope="session")
def footage() -> bytes:
    file = io.BytesIO()
    make_clip(file, seconds=SECONDS, fps=5, size=(320, 240), draw=walks_through)
    return file.getvalue()


@pytest.fixture
def video(alice, footage, as_file) -> Video:
    fields = {"file": as_file(footage), "analyze": "false"}
    body = alice.client.post("/api/videos/", fields, format="multipart").json()
    return Video.objects.get(pk=body["id"])


def analyze(caller, video: Video, **body):
    response = caller.post(f"/api/videos/{video.pk}/analyze/", {"detectors": ["motion"]} | body)
    assert response.status_code == 202, response.content
    return response.json()


def shown(caller, video: Video) -> dict:
    return caller.get(f"/api/videos/{video.pk}/").json()


def told(video: Video) -> list[tuple]:
    rows = Event.objects.filter(video=video).order_by("timestamp", "source")
    return list(rows.values_list("source", "external_id", "event_type", "timestamp", "end_timestamp"))


def test_from_an_upload_to_events(alice, footage, as_file, run_jobs):
    zones = [{"name": "입구", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}]
    fields = {"file": as_file(footage), "detectors": "motion", "recorded_at": "2026-03-02T14:00:00+09:00"}
    body = alice.client.post("/api/videos/", fields, format="multipart").json()
    assert (body["status"], body["analysis"]["state"], body["analysis"]["percent"]) == (
        "uploaded",
        "queued",
        0.0,
    )
    assert alice.patch(f"/api/videos/{body['id']}/", {"zones": zones}).json()["zones"] == zones
    assert run_jobs() == ["SUCCESSFUL"]
    after = alice.get(f"/api/videos/{body['id']}/").json()
    assert (after["status"], after["error"]) == ("ready", "")
    assert after["analyzed_until"] == after["duration"]
    assert (after["analysis"]["state"], after["analysis"]["percent"]) == ("done", 100.0)
    assert after["analysis"]["rate"] > 0
    [event] = alice.get(f"/api/videos/{body['id']}/events/").json()["results"]
    assert (event["event_type"], event["source"], event["location"]) == ("motion", "motion", "입구")
    # One incident, though it was seen in two windows.
    assert event["timestamp"] == pytest.approx(12, abs=1)
    assert event["end_timestamp"] == pytest.approx(22, abs=1.5)
    assert event["occurred_at"].startswith("2026-03-02T05:00:1")
    assert event["bbox"] is not None


def test_analysed_twice_there_are_no_events_twice(alice, video, run_jobs):
    analyze(alice, video)
    run_jobs()
    once = told(video)
    assert once
    Event.objects.create(video=video, timestamp=13, event_type="theft", source="manual")
    Event.objects.create(video=video, timestamp=11, event_type="motion", source="motion", external_id="10#77")
    started = analyze(alice, video)
    assert (started["analyzed_until"], started["analysis"]["state"]) == (0.0, "queued")
    run_jobs()
    # What a window tells no more is gone; what somebody else told stays.
    assert [event for event in told(video) if event[0] == "motion"] == once
    assert Event.objects.filter(video=video, source="manual").count() == 1


def test_it_goes_on_where_it_stopped(alice, video, run_jobs, monkeypatch):
    analyze(alice, video)
    run_jobs()
    whole = told(video)
    Event.objects.all().delete()
    stored, real = [], store_window

    def interrupted(*args, **given):
        real(*args, **given)
        stored.append(args[2].end)
        if len(stored) == 2:  # in the middle of the incident
            control.request_stop()

    monkeypatch.setattr(running, "store_window", interrupted)
    analyze(alice, video, **{"from": 0})
    try:
        assert run_jobs() == ["READY"]
    finally:
        control._stop.clear()
    half = shown(alice, video)
    assert (half["status"], half["analyzed_until"]) == ("analyzing", 20.0)
    assert DBTaskResult.objects.latest("enqueued_at").worker_ids == []  # a stop is no try
    assert run_jobs() == ["SUCCESSFUL"]
    assert shown(alice, video)["status"] == "ready"
    assert stored == [10.0, 20.0, 30.0, 40.0, 45.0]  # no window twice, none left out
    assert told(video) == whole


def test_a_killed_worker_s_analysis_is_running_again_within_five_seconds(alice, video):
    Video.objects.filter(pk=video.pk).update(duration=100_000)  # empty windows to the end, which take a while
    analyze(alice, video)
    with worker():
        until(lambda: shown(alice, video)["analysis"]["state"] == "running")
        until(lambda: shown(alice, video)["analyzed_until"] > 30)
        job = DBTaskResult.objects.get()
        os.kill(int(job.worker_ids[-1].split(":")[1]), signal.SIGKILL)
        killed, position = time.monotonic(), shown(alice, video)["analyzed_until"]
        until(lambda: len(DBTaskResult.objects.get().worker_ids) == 2)
        until(lambda: shown(alice, video)["analyzed_until"] > position)
        assert time.monotonic() - killed < 5
        running_now = shown(alice, video)["analysis"]
        assert running_now["rate"] > 0
        assert running_now["seconds_left"] > 0
        # Deleted while it runs: the job ends by itself, and nothing of it comes back.
        assert alice.delete(f"/api/videos/{video.pk}/").status_code == 204
        until(lambda: DBTaskResult.objects.get(pk=job.pk).status == "SUCCESSFUL")
    assert DBTaskResult.objects.get(pk=job.pk).return_value == "superseded"
    assert not Event.objects.exists()


def test_a_new_request_takes_the_place_of_the_old(alice, video, run_jobs):
    analyze(alice, video)
    analyze(alice, video, detectors=["people"])
    assert run_jobs() == ["SUCCESSFUL"] * 2
    assert sorted(DBTaskResult.objects.values_list("return_value", flat=True)) == ["done", "superseded"]
    assert shown(alice, video)["analysis"]["detectors"] == ["people"]


def test_it_can_be_stopped(alice, bob, video, run_jobs):
    path = f"/api/videos/{video.pk}/analyze/"
    assert errors_of(alice.delete(path)) == {None: "not_running"}
    analyze(alice, video)
    assert bob.delete(path).status_code == 404
    stopped = alice.delete(path).json()
    assert (stopped["status"], stopped["analysis"]["state"]) == ("uploaded", "cancelled")
    run_jobs()
    assert shown(alice, video)["analysis"]["state"] == "cancelled"


def test_failures_are_told_in_words(alice, video, run_jobs, settings, monkeypatch):
    (settings.MEDIA_ROOT / str(video.file)).write_bytes(b"\x00\x00\x00\x18ftypmp42 no film at all" * 20)
    analyze(alice, video)
    assert run_jobs() == ["FAILED"]
    body = shown(alice, video)
    assert (body["status"], body["analysis"]["state"]) == ("failed", "failed")
    assert body["error"] == body["analysis"]["error"] != ""
    assert "Traceback" not in body["error"]
    (settings.MEDIA_ROOT / str(video.file)).unlink()
    analyze(alice, video)
    assert shown(alice, video)["error"] == ""
    run_jobs()
    assert shown(alice, video)["error"] == "The file of the video is not there any more."

    def broken(video, detectors):
        raise ConnectionError("secret-host:5432")

    monkeypatch.setattr(running, "setup_of", broken)
    analyze(alice, video)
    assert run_jobs() == ["READY", "READY", "FAILED"]
    body = shown(alice, video)
    assert body["status"] == "failed"
    assert "secret-host" not in body["error"]


def test_who_may_and_what_may_be_asked(alice, bob, video, make_video):
    path = f"/api/videos/{video.pk}/analyze/"
    assert bob.post(path, {}).status_code == 404
    alice.post(f"/api/videos/{video.pk}/shares/", {"username": "bob"})
    assert bob.post(path, {}).status_code == 403
    for body, expected in [
        ({"detectors": ["oracle"]}, {"detectors": "unknown_detector"}),
        ({"detectors": []}, {"detectors": "too_short"}),
        ({"detectors": ["claude"]}, {"detectors": "not_available"}),
        ({"from": -1}, {"from": "greater_than_equal"}),
        ({"from": 1e6}, {"from": "too_late"}),
        ({"from": "0"}, {"from": "float_type"}),
        ({"speed": 9}, {"speed": "unknown_field"}),
    ]:
        assert errors_of(alice.post(path, body)) == expected
    assert not DBTaskResult.objects.exists()
    bare = make_video(alice.user)
    assert errors_of(alice.post(f"/api/videos/{bare.pk}/analyze/", {})) == {None: "no_file"}
    assert alice.client.post(path).status_code == 202  # no body: everything by default
    for zones in ([{"name": ""}], [{"name": "x", "polygon": [[0, 0], [2, 0], [1, 1]]}], "입구", [5]):
        assert "zones" in next(iter(errors_of(alice.patch(f"/api/videos/{video.pk}/", {"zones": zones}))))


def test_without_a_model_nobody_is_looked_for_and_that_is_said(alice, video, settings, tmp_path, run_jobs):
    path = f"/api/videos/{video.pk}/analyze/"
    settings.ANALYZE_DETECTORS = ["motion", "people", "vehicles", "bags"]
    settings.DETECTOR_MODEL = str(tmp_path / "none.onnx")
    response = alice.post(path, {"detectors": ["motion", "people", "bags"]})
    assert errors_of(response) == {"detectors": "not_available"}
    assert [error["detail"].split()[2] for error in response.json()["errors"]] == ["bags", "people"]
    # What the settings name is looked with as far as it is there.
    assert alice.post(path, {}).json()["analysis"]["detectors"] == ["motion"]
    settings.ANALYZE_DETECTORS = ["people"]
    assert errors_of(alice.post(path, {})) == {"detectors": "required"}
    # There when it was asked for, and no model when it was looked at.
    for name, text in (("none.onnx", "nothing"), ("none.json", "{}")):
        (tmp_path / name).write_text(text)
    analyze(alice, video, detectors=["people"])
    assert "FAILED" in run_jobs()
    assert shown(alice, video)["error"].startswith("The model that finds people, vehicles and bags: ")


def test_in_the_foreground(alice, video, capsys):
    call_command("analyze", str(video.pk), detectors="motion")
    out = capsys.readouterr()
    assert "1 events" in out.out
    assert "100%" in out.err
    assert shown(alice, video)["status"] == "ready"
    for arguments in ((str(2**40),), (str(video.pk), "--detectors", "oracle")):
        with pytest.raises(CommandError):
            call_command("analyze", *arguments)


def test_a_job_without_its_video_ends(alice, video):
    job = uuid4()
    assert run_analysis(video.pk, job) == "superseded"
    analyze(alice, video)
    assert run_analysis(video.pk, job) == "superseded"
    assert Analysis.objects.get().updated_at > timezone.now() - timedelta(minutes=1)
