"""Vectors: in a database with pgvector and in one without, and what of them a scope sees."""

import os
import subprocess
import sys

import psycopg2
import pytest
from django.db import connection

from apps.db.models import EmbeddingModel
from apps.db.reader import reader
from apps.db.vectors import pgvector, searching, writing
from apps.db.vectors.searching import Within
from config.env import ROOT

EVERYWHEN = Within()


def kind_of_vector(cursor) -> str:
    cursor.execute(
        "SELECT atttypid::regtype::text FROM pg_attribute"
        " WHERE attrelid = 'db_eventembedding'::regclass AND attname = 'vector'"
    )
    return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_without_pgvector_everything_else_is_there(tmp_path):
    given = connection.get_connection_params()
    name = "playhead_without_vector"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        url = f"postgresql://{given['user']}:{given['password']}@{given['host']}:{given['port']}/{name}"
        clean = {key: value for key, value in os.environ.items() if not key.startswith("READER")}
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"],
            env=clean | {"DATABASE_URL": url}, cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        bare = psycopg2.connect(url)
        try:
            with bare.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")
                if cursor.fetchone()[0]:
                    pytest.skip("who owns this database may make extensions")
                assert kind_of_vector(cursor) == "real[]"
                assert pgvector.pgvector(cursor) is None
                assert searching.index_of(cursor, name="m", requested=0) is None
        finally:
            bare.close()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")


@pytest.mark.django_db
def test_pgvector_that_comes_later_is_taken_up():
    model = EmbeddingModel.objects.create(name="m")
    with connection.cursor() as cursor:
        assert kind_of_vector(cursor) == "halfvec"
        cursor.execute("ALTER TABLE db_eventembedding ALTER COLUMN vector TYPE real[] USING vector::real[]")
        pgvector.make_ready(model, 3)
        assert kind_of_vector(cursor) == "halfvec"
    pgvector.make_ready(model, 3)  # twice is once


@pytest.mark.parametrize(
    ("version", "told"), [((0, 7, 4), "0.7.4 is too old"), ((0, 8, 0), None), ((1, 0), None)]
)
@pytest.mark.django_db
def test_an_old_pgvector_is_told(monkeypatch, version, told):
    monkeypatch.setattr(pgvector, "pgvector", lambda cursor: pgvector.Pgvector(version, "public"))
    why = pgvector.why_not()
    assert why is None if told is None else told in why


@pytest.fixture
def two_videos(transactional_db, make_video, make_event):
    """Mine with ten events, and one of somebody else's that is nearer than any of them."""
    mine, theirs = make_video(name="mine"), make_video(name="theirs")
    model = EmbeddingModel.objects.create(name="m", dimensions=2)
    pgvector.make_ready(model, 2)
    for n in range(10):
        make_event(mine, float(n), "motion")
    make_event(theirs, 1.0, "theft")
    for video in (mine, theirs):
        events = writing.unembedded(model, video.pk, most=100)
        vectors = [[1.0, 0.1 * (at + 1)] if video is mine else [1.0, 0.0] for at in range(len(events))]
        digest = "00000000-0000-0000-0000-000000000001"
        written = [
            writing.Embedded(event, digest, writing.unit(vector))
            for event, vector in zip(events, vectors, strict=True)
        ]
        assert writing.write(model, written) == len(events)
    yield mine, theirs
    model.delete()


@pytest.mark.parametrize("compared", [0, 20_000], ids=["by the index", "one by one"])
class TestNearest:
    @pytest.fixture(autouse=True)
    def _how(self, monkeypatch, compared):
        monkeypatch.setattr(searching, "COMPARED", compared)

    def find(self, scope, asked=None, within=EVERYWHEN, most=5):
        with reader(video_ids=scope) as cursor:
            index = searching.index_of(cursor, name="m", requested=0)
            return searching.nearest(
                cursor, index, [1.0, 0.0], video_ids=asked or scope, within=within, most=most
            )

    def test_the_nearest_come_first(self, two_videos):
        mine, _ = two_videos
        likeness = [near.likeness for near in self.find([mine.pk])]
        assert len(likeness) == 5
        assert likeness == sorted(likeness, reverse=True)
        assert likeness[0] == pytest.approx(1 / 1.01**0.5, abs=0.001)

    def test_what_is_not_in_scope_is_not_found_however_near_and_whoever_asks_for_it(self, two_videos):
        mine, theirs = two_videos
        own = {near.event_id for near in self.find([mine.pk], most=50)}
        assert own == set(mine.events.values_list("pk", flat=True))
        assert self.find([mine.pk], asked=[theirs.pk]) == []
        assert {near.event_id for near in self.find([mine.pk], asked=[mine.pk, theirs.pk], most=50)} == own

    def test_only_of_the_span(self, two_videos):
        mine, _ = two_videos
        found = self.find([mine.pk], within=Within(from_=3.0, to=6.0), most=50)
        assert {mine.events.get(pk=near.event_id).timestamp for near in found} == {3.0, 4.0, 5.0, 6.0}


def test_the_reader_sees_no_vector_outside_its_scope(two_videos):
    mine, _ = two_videos
    with reader(video_ids=[mine.pk]) as cursor:
        cursor.execute("SELECT DISTINCT video_id FROM db_eventembedding")
        assert cursor.fetchall() == [(mine.pk,)]
    with reader(video_ids=[]) as cursor:
        cursor.execute("SELECT count(*) FROM db_eventembedding")
        assert cursor.fetchone() == (0,)


def test_many_are_looked_up_in_the_index(two_videos):
    mine, _ = two_videos
    with reader(video_ids=[mine.pk]) as cursor:
        index = searching.index_of(cursor, name="m", requested=0)
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            f"EXPLAIN SELECT event_id FROM db_eventembedding x WHERE x.model_id = {index.id}"
            f" ORDER BY x.vector::{index.schema}.halfvec(2) <=> '[1,0]'::{index.schema}.halfvec(2) LIMIT 5"
        )
        assert f"event_embedding_{index.id}_nearest" in "\n".join(row[0] for row in cursor.fetchall())


def test_whether_all_is_embedded_is_known(two_videos):
    mine, theirs = two_videos
    model = EmbeddingModel.objects.get()
    mine.refresh_from_db()
    with reader(video_ids=[mine.pk, theirs.pk]) as cursor:
        index = searching.index_of(cursor, name="m", requested=0)
        assert not searching.whole(cursor, index, versions={mine.pk: mine.events_version})
    writing.caught_up(model, writing.Behind(mine.pk, mine.events_version))
    with reader(video_ids=[mine.pk, theirs.pk]) as cursor:
        assert searching.whole(cursor, index, versions={mine.pk: mine.events_version})
        assert not searching.whole(cursor, index, versions={mine.pk: mine.events_version + 1})
        assert not searching.whole(cursor, index, versions={mine.pk: mine.events_version, theirs.pk: 1})
