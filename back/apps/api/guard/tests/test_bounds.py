"""What is accepted at the edge of its bounds can still be ended by the reader's timeout."""

import time
from contextlib import suppress

import psycopg2
import pytest

from apps.api.guard import check
from apps.api.guard.allowed import TEXT_COLUMN
from apps.db.models import Event
from apps.db.reader import reader

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = Event._meta.get_field("description").max_length
# Each text is as long as a text may be, and nothing is found before its end.
CONDITIONS = [
    "a.description LIKE '%' || b.description || 'b'",
    "a.description ILIKE '%' || LEFT(b.description, 4000) || 'b%'",
    "REPLACE(a.description, LEFT(b.description, 4000) || 'b', '') = b.description",
    # Each takes exponential time in an engine that goes back; PostgreSQL's can be interrupted in any.
    "a.timestamp >= b.timestamp AND a.description ~ '(😀+)+$' AND b.description ~ '(😀|😀😀)*x'",
    "a.timestamp >= b.timestamp AND a.description ~* '(.*)(.*)(.*)(.*)(.*)x'",
    "regexp_replace(a.description, '((.*)*)*x', '<\\1>', 'g') = b.description",
    "regexp_count(a.description, '(😀{0,50}){0,50}x') > b.timestamp",
    "SUBSTRING(a.description FROM '(.+)+x') = b.description",
    "POSITION(LEFT(b.description, 4000) || 'b' IN a.description) > b.timestamp",
]


@pytest.fixture
def long_texts(make_video) -> int:
    video = make_video()
    Event.objects.bulk_create(
        Event(video=video, timestamp=n, event_type="theft", description="😀" * (LONGEST - n))
        for n in range(100)
    )
    return video.pk


def test_the_timeout_ends_it(long_texts):
    for condition in CONDITIONS:
        checked = check(f"SELECT COUNT(*) FROM db_event a JOIN db_event b ON {condition}")
        with reader(video_ids=[long_texts]) as cursor:
            cursor.execute("SET LOCAL statement_timeout = '100ms'")
            start = time.monotonic()
            with suppress(psycopg2.errors.QueryCanceled):
                cursor.execute(checked.sql)
            assert time.monotonic() - start < 3, condition


def test_no_text_is_longer_than_the_guard_reckons_with():
    assert LONGEST * len("😀".encode()) <= TEXT_COLUMN
