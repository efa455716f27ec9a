"""What follows from other columns is right whoever writes."""

import io
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, connections, transaction

from apps.db.models import Event, Video
from semantics import VOCABULARY

START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def version(video: Video) -> int:
    return Video.objects.values_list("events_version", flat=True).get(pk=video.pk)


@pytest.mark.parametrize("event_type", VOCABULARY.event_types, ids=lambda t: t.code)
def test_severity_is_that_of_the_vocabulary(make_video, make_event, event_type):
    event = make_event(make_video(), event_type=event_type.code)
    assert event.severity == event_type.severity


def test_severity_follows_a_new_type(make_video, make_event):
    event = make_event(make_video(), event_type="enter")
    Event.objects.filter(pk=event.pk).update(event_type="theft")
    event.refresh_from_db()
    assert event.severity == 2


def test_occurred_at_is_recorded_at_plus_timestamp(make_video, make_event):
    event = make_event(make_video(recorded_at=START), 750.5)
    assert event.occurred_at == START + timedelta(seconds=750.5)


def test_occurred_at_is_unknown_without_a_clock(make_video, make_event):
    assert make_event(make_video(recorded_at=None), 10).occurred_at is None


def test_occurred_at_cannot_be_set_by_hand(make_video, make_event):
    event = make_event(make_video(recorded_at=START), 60)
    Event.objects.filter(pk=event.pk).update(occurred_at=START - timedelta(days=1))
    event.refresh_from_db()
    assert event.occurred_at == START + timedelta(seconds=60)


@pytest.mark.parametrize("moved_to", [START + timedelta(hours=3), None])
def test_occurred_at_follows_the_video_and_the_timestamp(make_video, make_event, moved_to):
    video = make_video(recorded_at=START)
    event = make_event(video, 60)
    Video.objects.filter(pk=video.pk).update(recorded_at=moved_to)
    Event.objects.filter(pk=event.pk).update(timestamp=90)
    event.refresh_from_db()
    assert event.occurred_at == (moved_to and moved_to + timedelta(seconds=90))


def test_a_copy_by_hand_gets_them_too(make_video):
    video = make_video(recorded_at=START)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            'COPY db_event (video_id, "timestamp", event_type) FROM STDIN',
            io.StringIO(f"{video.pk}\t30\tfire\n{video.pk}\t40\texit\n"),
        )
    rows = list(Event.objects.values_list("severity", "occurred_at"))
    assert rows == [(2, START + timedelta(seconds=30)), (0, START + timedelta(seconds=40))]
    assert version(video) == 1


def test_the_version_grows_with_each_change_of_the_events(make_video, make_event):
    video, other = make_video(), make_video()
    seen = [version(video)]
    event = make_event(video, 1)
    seen.append(version(video))
    Event.objects.filter(pk=event.pk).update(location="입구")
    seen.append(version(video))
    Event.objects.bulk_create([Event(video=video, timestamp=n, event_type="enter") for n in range(3)])
    seen.append(version(video))
    event.delete()
    seen.append(version(video))
    assert seen == sorted(set(seen))
    assert version(other) == 0


def test_an_event_that_moves_changes_both_videos(make_video, make_event):
    here, there = make_video(), make_video()
    event = make_event(here, 1)
    before = version(here), version(there)
    Event.objects.filter(pk=event.pk).update(video=there)
    assert (version(here), version(there)) == (before[0] + 1, before[1] + 1)


@pytest.mark.django_db(transaction=True)
def test_an_event_written_while_the_clock_moves_gets_the_new_clock(make_video):
    video = make_video(recorded_at=START)
    written = threading.Event()

    def write():
        try:
            Event.objects.create(video_id=video.pk, timestamp=60, event_type="enter")
            written.set()
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    with transaction.atomic():
        Video.objects.filter(pk=video.pk).update(recorded_at=START + timedelta(hours=1))
        writer.start()
        assert not written.wait(0.3), "the writer must wait for the clock"
    writer.join(10)
    assert Event.objects.get(video=video).occurred_at == START + timedelta(hours=1, seconds=60)


WRONG = [
    ("event_timestamp_is_sane", {"timestamp": -0.1}),
    ("event_timestamp_is_sane", {"timestamp": float("inf")}),
    ("interval out of range", {"timestamp": float("nan")}),
    ("event_ends_after_its_start", {"timestamp": 5, "end_timestamp": 4.9}),
    ("event_confidence_is_a_share", {"confidence": 1.01}),
    ("event_confidence_is_a_share", {"confidence": -0.01}),
    ("event_age_is_sane", {"age": 131}),
    ("event_gender_is_known", {"gender": "other"}),
    ("event_type_is_known", {"event_type": "picnic"}),
]


@pytest.mark.parametrize(("constraint", "fields"), WRONG, ids=lambda v: str(v))
def test_the_database_refuses_what_cannot_be(make_video, constraint, fields):
    row = {"timestamp": 1.0, "event_type": "enter"} | fields
    with pytest.raises((IntegrityError, DataError), match=constraint), transaction.atomic():
        Event.objects.create(video=make_video(), **row)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("video_duration_is_sane", {"duration": -1}),
        ("video_analyzed_until_is_sane", {"analyzed_until": -1}),
        ("video_status_is_known", {"status": "lost"}),
        ("video_recorded_at_is_sane", {"recorded_at": datetime(1, 1, 2, tzinfo=UTC)}),
    ],
)
def test_a_video_that_cannot_be_is_refused(db, constraint, fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Video.objects.create(name="x", **fields)
