"""The questions that are asked find their index, in a table large enough for it to matter."""

import json

import pytest
from django.db import connection

from apps.db.models import Event

ROWS = 60_000
VIDEOS = 60


@pytest.fixture(scope="module")
def large_table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO db_video (id, name, recorded_at)"
            " SELECT 900000 + n, 'v', timestamptz '2026-01-01' + n * interval '1 day'"
            " FROM generate_series(1, %s) n",
            [VIDEOS],
        )
        cursor.execute("ALTER TABLE db_event DISABLE TRIGGER USER")
        cursor.execute(
            """
            INSERT INTO db_event (video_id, "timestamp", occurred_at, event_type, track_id)
            SELECT 900000 + n %% %s + 1, n * 1.1, timestamptz '2026-01-01' + n * interval '86 seconds',
                   -- In each video one event of a hundred is a theft; were they many, any order would do.
                   CASE WHEN n / %s %% 100 = 7 THEN 'theft'
                        ELSE (array['enter', 'exit', 'motion', 'person'])[n / %s %% 4 + 1] END,
                   'P' || n %% 1000
            FROM generate_series(1, %s) n
            """,
            [VIDEOS, VIDEOS, VIDEOS, ROWS],
        )
        cursor.execute("ALTER TABLE db_event ENABLE TRIGGER USER")
        # 300 rows to each of the target: all of them, so that the planner is told the same each time.
        cursor.execute(f"SET default_statistics_target = {ROWS // 300}")
        cursor.execute("ANALYZE db_event")
        cursor.execute("RESET default_statistics_target")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM db_event WHERE video_id > 900000")
        cursor.execute("DELETE FROM db_video WHERE id > 900000")


def indexes_of(plan: dict) -> set[str]:
    found = {plan["Index Name"]} if "Index Name" in plan else set()
    return found.union(*(indexes_of(child) for child in plan.get("Plans", [])))


QUESTIONS = {
    "a span of a video": ("video_id = 900007 AND timestamp BETWEEN 600 AND 900", "event_video_time"),
    "a type in a video": ("video_id = 900007 AND event_type = 'theft'", "event_video_type_time"),
    "the first of a video": ("video_id = 900007 ORDER BY timestamp, id LIMIT 1", "event_video_time"),
    "an hour of the wall clock": (
        "occurred_at >= '2026-01-05 14:00+09' AND occurred_at < '2026-01-05 15:00+09'",
        "event_clock",
    ),
    "the latest of a type anywhere": (
        "event_type = 'theft' AND occurred_at IS NOT NULL ORDER BY occurred_at DESC, id DESC LIMIT 5",
        "event_type_clock",
    ),
    "a person's path": ("video_id = 900007 AND track_id = 'P306'", "event_video_track"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_finds_its_index(large_table, db, name):
    condition, index = QUESTIONS[name]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT id FROM db_event WHERE {condition}")
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    assert index in indexes_of(plan[0]["Plan"]), json.dumps(plan, indent=1)
    assert Event.objects.filter(video_id__gt=900000).count() == ROWS
