"""The reader sees the allowed columns of the videos in its scope, and can do nothing else."""

import threading
import time
import tomllib
import uuid
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.db import reader as reader_module
from apps.db.models import Event, Video
from apps.db.reader import reader, reading, signed_scope
from apps.db.reader_role import BESIDE, ReaderRole, ensure_reader
from semantics import VOCABULARY

pytestmark = pytest.mark.django_db(transaction=True)

ATTACKS = tomllib.loads(Path(__file__).with_name("adversarial.toml").read_text(encoding="utf-8"))


@pytest.fixture
def mine(make_video) -> Video:
    return _with_events(make_video(name="mine"))


@pytest.fixture
def theirs(make_video) -> Video:
    return _with_events(make_video(name="theirs"))


def _with_events(video: Video) -> Video:
    Event.objects.bulk_create([Event(video=video, timestamp=n, event_type="enter") for n in range(3)])
    return video


def in_a_block(sql: str, *, video_ids: list[int]) -> list[tuple]:
    with reader(video_ids=video_ids) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def alone(sql: str, *, video_ids: list[int]) -> list[tuple]:
    with reading(sql, video_ids=video_ids) as cursor:
        return cursor.fetchall()


both_ways = pytest.mark.parametrize("run", [in_a_block, alone])
ALL = "SELECT video_id FROM db_event UNION SELECT id FROM db_video"


def seen(scope: list[int], run=in_a_block) -> set[int]:
    return {row[0] for row in run(ALL, video_ids=scope)}


def test_it_reads_the_allowed_columns(mine):
    with reader(video_ids=[mine.pk]) as cursor:
        for table in VOCABULARY.tables:
            columns = ", ".join(f'"{name}"' for name in table.column_names)
            cursor.execute(f"SELECT {columns} FROM {table.name}")
            assert cursor.fetchall()


def test_exactly_the_columns_of_the_vocabulary_and_those_beside_are_granted(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges"
            " WHERE grantee = 'playhead_reader' AND table_schema = 'public'"
        )
        granted = set(cursor.fetchall())
        cursor.execute(
            "SELECT table_name FROM information_schema.table_privileges WHERE grantee = 'playhead_reader'"
        )
        assert cursor.fetchall() == []
    tables = [*((table.name, table.column_names) for table in VOCABULARY.tables), *BESIDE]
    assert granted == {(table, column, "SELECT") for table, columns in tables for column in columns}


@both_ways
def test_it_sees_its_scope_and_nothing_beside(mine, theirs, run):
    assert seen([mine.pk], run) == {mine.pk}
    assert seen([theirs.pk], run) == {theirs.pk}
    assert seen([mine.pk, theirs.pk], run) == {mine.pk, theirs.pk}
    assert seen([], run) == set()


def test_one_connection_serves_scope_after_scope_without_a_leak(mine, theirs):
    with reader(video_ids=[mine.pk]) as cursor:
        first = cursor.connection.info.backend_pid
    assert seen([theirs.pk]) == {theirs.pk}
    with reader(video_ids=[mine.pk]) as cursor:
        assert cursor.connection.info.backend_pid == first


@both_ways
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_fails(settings, mine, theirs, name, run):
    settings.READER_TIMEOUT_MS = 300
    attack = ATTACKS[name]
    sql = attack["sql"].replace("{mine}", str(mine.pk)).replace("{theirs}", str(theirs.pk))
    before = Event.objects.count()
    started = time.monotonic()
    with pytest.raises(psycopg2.Error, match=attack["error"]):
        run(sql, video_ids=[mine.pk])
    assert time.monotonic() - started < 5
    assert Event.objects.count() == before
    assert not Path("/tmp/playhead-reader-was-here").exists()
    # Whatever was tried, the next question on this connection has its own scope again.
    assert seen([mine.pk]) == {mine.pk}


def test_a_signature_of_another_backend_is_refused(mine, theirs):
    key = reader_module._signing_key()
    with reader(video_ids=[mine.pk]) as cursor:
        scope, signature = signed_scope([theirs.pk], backend_pid=1, key=key)
        for name, value in (("playhead.scope", scope), ("playhead.signature", signature)):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SELECT count(id) FROM db_event")


def test_an_old_signature_is_refused(mine, monkeypatch):
    monkeypatch.setattr(reader_module, "GRACE_SECONDS", -3600)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), reader(video_ids=[mine.pk]):
        pass


@both_ways
@pytest.mark.parametrize("seconds", [-3600, -70, 70, 3600])
def test_a_clock_that_differs_from_the_database_s_is_told_and_does_no_harm(
    mine, monkeypatch, caplog, run, seconds
):
    """As if this machine's clock had been set wrongly while it ran."""
    assert seen([mine.pk]) == {mine.pk}
    right = time.time
    monkeypatch.setattr(reader_module.time, "time", lambda: right() + seconds)
    with caplog.at_level("WARNING", "apps.db.reader"):
        assert seen([mine.pk], run) == {mine.pk}
        reader_module._signing_key(fresh=True)
    assert abs(reader_module.clock_skew() + seconds) < 5
    word = "behind" if seconds < 0 else "ahead of"
    assert f"clock is {abs(seconds)} s {word} the database's" in caplog.text
    monkeypatch.undo()
    reader_module._signing_key(fresh=True)
    assert abs(reader_module.clock_skew()) < 5


@both_ways
def test_a_renewed_key_is_found(mine, run):
    assert seen([mine.pk]) == {mine.pk}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE db_reader_key SET key = uuid_send(gen_random_uuid())")
    assert seen([mine.pk], run) == {mine.pk}


@both_ways
@pytest.mark.parametrize("believed", [2.0, 0.0])
def test_an_idle_connection_that_was_killed_is_replaced(mine, monkeypatch, believed, run):
    monkeypatch.setattr("apps.db.shared.pool.BELIEVED_SECONDS", believed)
    with reader(video_ids=[]):
        with reader(video_ids=[mine.pk]) as idle:
            pid = idle.connection.info.backend_pid
        end(pid)
        assert seen([mine.pk], run) == {mine.pk}


def end(backend: int) -> None:
    """By a signal, as the server does it: the reader may end none, not even its own."""
    process = psutil.Process(backend)
    process.terminate()
    process.wait(5)


def test_one_that_dies_unnoticed_is_replaced(mine, monkeypatch):
    """Between the look at its socket and the statement."""
    monkeypatch.setattr("apps.db.shared.pool._lives", lambda lent: True)
    with reader(video_ids=[]):
        with reader(video_ids=[mine.pk]) as idle:
            pid = idle.connection.info.backend_pid
        end(pid)
        assert seen([mine.pk], alone) == {mine.pk}


def test_a_statement_alone_leaves_nothing_behind(settings, mine):
    settings.READER_TIMEOUT_MS = 1234
    with reading("SELECT pg_backend_pid(), current_setting('transaction_read_only')", video_ids=[]) as cursor:
        assert cursor.fetchone() == (cursor.connection.info.backend_pid, "on")
        connection_used = cursor.connection
    with connection_used.cursor() as cursor:
        cursor.execute("SELECT current_setting('playhead.scope', true), current_setting('statement_timeout')")
        scope, timeout = cursor.fetchone()
        assert (scope, timeout != "1234ms") == ("", True)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SELECT count(id) FROM db_event")


def test_a_statement_alone_is_stopped_in_time(settings, mine):
    settings.READER_TIMEOUT_MS = 200
    with reader(video_ids=[]) as cursor:
        backend = cursor.connection.info.backend_pid
    began = time.monotonic()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        alone("SELECT count(*) FROM generate_series(1, 1000000000)", video_ids=[mine.pk])
    assert time.monotonic() - began < 3
    assert alone("SELECT pg_backend_pid()", video_ids=[]) == [(backend,)]


def test_behind_a_pooler_a_statement_alone_goes_as_a_block(settings, mine, monkeypatch):
    """The backend is another than the driver believes: its signature is not taken, and then made anew."""
    monkeypatch.setattr(reader_module, "_pooled", False)

    class Elsewhere:
        backend_pid = 1
        transaction_status = psycopg2.extensions.TRANSACTION_STATUS_IDLE

    class Pooled(psycopg2.extensions.connection):
        info = Elsewhere()

    def pooled():
        line = psycopg2.connect(settings.READER_DATABASE_URL, connection_factory=Pooled)
        line.autocommit = True
        return line

    reader_module.close_reader()
    monkeypatch.setattr(reader_module, "_connect", pooled)
    try:
        assert seen([mine.pk], alone) == {mine.pk}
        assert reader_module._pooled
        assert seen([mine.pk], alone) == {mine.pk}
    finally:
        reader_module.close_reader()


def test_connections_are_kept_to_a_number(mine, monkeypatch):
    monkeypatch.setattr(reader_module.READERS, "most", 1)
    monkeypatch.setattr("apps.db.shared.pool.PATIENCE_SECONDS", 0.05)
    with reader(video_ids=[]) as first, reader(video_ids=[mine.pk]) as second:
        connections = [first.connection, second.connection]
    assert sorted(connection.closed for connection in connections) == [0, 1]


def test_the_role_survives_being_made_again(mine):
    from django.core.management import call_command

    call_command("ensure_reader", verbosity=0)
    assert seen([mine.pk]) == {mine.pk}


@pytest.mark.django_db(transaction=True)
def test_what_the_role_may_not_is_taken_away_where_it_may_and_not_named_elsewhere(settings):
    """An owner who may not create databases is not allowed to name that right either (Compose's owner)."""
    role = ReaderRole.from_url(settings.READER_DATABASE_URL)
    with CaptureQueriesContext(connection) as queries:
        ensure_reader(connection, role=role, timeout_ms=1000)
    assert not [query for query in queries.captured_queries if "NOCREATEDB" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER ROLE "{role.name}" CREATEDB CREATEROLE')
        try:
            ensure_reader(connection, role=role, timeout_ms=1000)
            cursor.execute("SELECT rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s", [role.name])
            assert cursor.fetchone() == (False, False)
        finally:
            cursor.execute(f'ALTER ROLE "{role.name}" NOCREATEDB NOCREATEROLE')


def test_a_role_that_somebody_else_makes_meanwhile_is_taken_as_it_is():
    role = ReaderRole(f"reader_{uuid.uuid4().hex[:12]}", "secret")
    given = connection.get_connection_params()
    for name in ("cursor_factory", "client_encoding"):
        given.pop(name, None)
    other = psycopg2.connect(**given)
    try:
        with other.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role.name}")
        # ensure_reader does not see the role yet, and waits for this commit to be told that it is there.
        threading.Timer(0.3, other.commit).start()
        ensure_reader(connection, role=role, timeout_ms=1000)
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role.name])
            assert cursor.fetchone() == (True,)
            cursor.execute(
                f"GRANT {role.name} TO CURRENT_USER; DROP OWNED BY {role.name}; DROP ROLE {role.name}"
            )
    finally:
        other.close()


def test_the_tables_owner_is_no_superuser(db):
    """As on RDS: everything above was set up and held without one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
