"""Who was there and when: stored with each window, replaced by another run, seen by who may see the video."""

import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.db.models import Analysis, Presence, TrackSpan, Video
from apps.videos.analysis.windows import Superseded, store_window
from apps.videos.detectors import WindowResult
from apps.videos.detectors.window import Counted, TrackSeen
from apps.videos.retention.deleting import Cause, remove_events
from apps.videos.testing import make_clip, model_finder, room, silhouette

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.fixture
def video(alice, make_video):
    video = make_video(alice.user, duration=35.0, recorded_at=START)
    Analysis.objects.create(video=video, job=uuid4())
    return video


def store(video, start, end, people, tracks, *spans, is_last=False, source="people"):
    result = WindowResult(
        start=start,
        end=end,
        is_last=is_last,
        events=(),
        sources=("motion", source),
        id_prefix=f"{start:g}#",
        spans=tuple((source, TrackSeen("person", *span)) for span in spans),
        counted=((source, Counted(people=people, tracks=tracks)),),
    )
    store_window(video.pk, video.analysis.job, result, rate=1.0)


def counts(video):
    return list(
        Presence.objects.filter(video=video).values_list("timestamp", "end_timestamp", "people", "tracks")
    )


def spans(video):
    return list(TrackSpan.objects.filter(video=video).values_list("track_id", "timestamp", "end_timestamp"))


def stored(video):
    store(video, 0.0, 10.0, 1, 1, ("P1", 4.0, 9.5))
    store(video, 10.0, 20.0, 2, 3, ("P1", 4.0, 17.0), ("P2", 11.0, 13.0), ("P3", 15.0, 19.5))
    store(video, 20.0, 30.0, 1, 1, ("P3", 15.0, 22.0))
    store(video, 30.0, 35.0, 0, 0, is_last=True)


def test_each_window_tells_who_was_there(video):
    stored(video)
    assert counts(video) == [(0, 10, 1, 1), (10, 20, 2, 3), (20, 30, 1, 1), (30, 35, 0, 0)]
    assert spans(video) == [("P1", 4.0, 17.0), ("P2", 11.0, 13.0), ("P3", 15.0, 22.0)]
    assert Presence.objects.get(timestamp=10).occurred_at == START + timedelta(seconds=10)
    assert TrackSpan.objects.get(track_id="P3").occurred_at == START + timedelta(seconds=15)


def test_a_window_that_is_run_again_replaces_what_it_said(video):
    stored(video)
    store(video, 10.0, 20.0, 1, 2, ("P1", 4.0, 12.0), ("P9", 15.0, 19.5))
    assert counts(video)[1] == (10, 20, 1, 2)
    assert spans(video) == [("P1", 4.0, 12.0), ("P9", 15.0, 19.5)]


def test_the_last_window_ends_what_an_earlier_and_longer_run_said(video):
    stored(video)
    store(video, 10.0, 12.0, 0, 0, is_last=True)
    assert counts(video) == [(0, 10, 1, 1), (10, 12, 0, 0)]
    assert spans(video) == [("P1", 4.0, 17.0)]


def test_other_detectors_rows_stay(video):
    stored(video)
    store(video, 10.0, 20.0, 5, 5, source="feed")
    assert len(counts(video)) == 5
    assert len(spans(video)) == 3


def test_nothing_of_a_superseded_run_is_stored(video):
    video.analysis.job = uuid4()
    with pytest.raises(Superseded):
        store(video, 0.0, 10.0, 1, 1, ("P1", 4.0, 9.5))
    assert counts(video) == []


def test_cached_answers_end_when_the_counts_change(video):
    def version():
        return Video.objects.get(pk=video.pk).events_version

    before = version()
    store(video, 0.0, 10.0, 1, 1, ("P1", 4.0, 9.5))
    between = version()
    assert between > before
    TrackSpan.objects.update(end_timestamp=9.8)
    assert version() > between


def test_the_clock_follows_the_video(video):
    stored(video)
    Video.objects.filter(pk=video.pk).update(recorded_at=START + timedelta(hours=1))
    assert Presence.objects.get(timestamp=20).occurred_at == START + timedelta(hours=1, seconds=20)
    assert TrackSpan.objects.get(track_id="P2").occurred_at == START + timedelta(hours=1, seconds=11)
    Video.objects.filter(pk=video.pk).update(recorded_at=None)
    assert set(TrackSpan.objects.values_list("occurred_at", flat=True)) == {None}


def test_they_go_with_the_events_and_with_the_video(video):
    stored(video)
    remove_events(video, Cause(actor="alice", reason="test"))
    assert (counts(video), spans(video)) == ([], [])
    stored(video)
    video.delete()
    assert not Presence.objects.exists()
    assert not TrackSpan.objects.exists()


def test_from_footage_to_counts(alice, as_file, run_jobs):
    if model_finder() is None:
        pytest.skip("the model was not fetched: python -m launcher.models")

    background = room()

    def draw(picture, seconds):
        picture[:] = background
        if 12 <= seconds < 26:
            silhouette(picture, x=100 + (seconds - 12) * 30, feet=320, height=170, stride=0.05)

    file = io.BytesIO()
    make_clip(file, seconds=34, fps=5, size=(640, 360), draw=draw, codec_options={"preset": "ultrafast"})
    fields = {"file": as_file(file.getvalue()), "detectors": "people"}
    body = alice.client.post("/api/videos/", fields, format="multipart").json()
    for _ in range(2):  # analysed twice, nothing is there twice
        assert run_jobs() == ["SUCCESSFUL"]
        video = Video.objects.get(pk=body["id"])
        assert [row[:3] for row in counts(video)] == [(0, 10, 0), (10, 20, 1), (20, 30, 1), (30, 34, 0)]
        [(_, start, end)] = spans(video)
        assert (start, end) == (pytest.approx(12, abs=1.1), pytest.approx(25.5, abs=1.1))
        assert alice.post(f"/api/videos/{video.pk}/analyze/", {"from": 0}).status_code == 202


@pytest.mark.parametrize("table", ["db_presence", "db_trackspan"])
def test_rows_are_bound_to_the_scope_of_who_asks(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT qual FROM pg_policies WHERE tablename = %s", [table])
        [(qual,)] = cursor.fetchall()
    assert "db_reader_scope" in qual
