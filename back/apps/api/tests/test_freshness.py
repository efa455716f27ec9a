"""An answer from a replica that lags is given, and not kept under the version of newer data."""

import pytest
from django.core.cache import cache
from django.db import connection

from apps.api.asking import freshness, pipeline
from apps.api.asking.pipeline import Asked
from apps.db import reader as reader_module
from apps.db.access import EVERYBODY
from apps.db.models import Video
from apps.db.reader import _is_elsewhere, reader

QUESTION = "도난 몇 건이야?"


@pytest.fixture
def shop(transactional_db, offline, settings, make_video, make_event):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    video = make_video(analyzed_until=1200.0)
    make_event(video, 10.0, "theft")
    yield video
    cache.clear()


def ask(video: Video) -> dict:
    *_, last = pipeline.ask(Asked(QUESTION, EVERYBODY, video_id=video.pk))
    return last.reply


@pytest.fixture
def elsewhere(monkeypatch):
    monkeypatch.setattr(freshness, "is_elsewhere", lambda: True)


def test_a_replica_that_is_up_to_date_is_believed(shop, elsewhere):
    assert not ask(shop)["cached"]
    assert ask(shop)["cached"]


def test_what_a_replica_said_that_lags_is_not_kept(shop, elsewhere, monkeypatch):
    real = pipeline.scope_of

    def ahead(*args, **kwargs):
        """The version that is read where events are written, a change further than the reader's."""
        return tuple(
            type(scoped)(scoped.video, scoped.locations, scoped.actions, "999:" + scoped.version)
            for scoped in real(*args, **kwargs)
        )

    monkeypatch.setattr(pipeline, "scope_of", ahead)
    first = ask(shop)
    assert first["verified"]
    assert not ask(shop)["cached"]
    monkeypatch.setattr(pipeline, "scope_of", real)
    assert not ask(shop)["cached"]
    assert ask(shop)["cached"]


def test_a_reader_that_may_not_see_versions_answers_all_the_same(shop, elsewhere, caplog):
    with connection.cursor() as cursor:
        cursor.execute("REVOKE SELECT (events_version) ON db_video FROM playhead_reader")
    try:
        assert ask(shop)["verified"]
        assert not ask(shop)["cached"]
        assert "ensure_reader" in caplog.text
    finally:
        with connection.cursor() as cursor:
            cursor.execute("GRANT SELECT (events_version) ON db_video TO playhead_reader")


def test_on_the_same_server_nothing_is_asked(shop):
    assert not reader_module.is_elsewhere()
    with reader(video_ids=[shop.pk]) as cursor:
        assert freshness.is_current(cursor, {shop.pk: "not looked at"})


@pytest.mark.parametrize(
    ("url", "elsewhere"),
    [
        ("postgresql://r:x@127.0.0.1:5432/playhead", False),
        ("postgresql://r:x@localhost/playhead", False),
        ("postgresql://r:x@DB.example:5432/playhead", True),
        ("postgresql://r:x@127.0.0.1:5433/playhead", True),
        ("postgresql://r:x@127.0.0.1:5432/another", True),
    ],
)
def test_another_server_is_told_by_its_address(url, elsewhere):
    assert _is_elsewhere(url, "127.0.0.1", "5432", "playhead") is elsewhere
