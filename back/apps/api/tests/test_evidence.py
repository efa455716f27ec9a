"""Which events an answer rests on, and how many."""

import pytest

from apps.api.asking import evidence
from apps.api.asking.running import MOST_ROWS, run_plan
from apps.api.guard import check
from apps.api.types import Plan
from apps.db.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "SELECT e.* FROM db_event e WHERE e.event_type = 'theft' ORDER BY e.timestamp, e.id"
IDS = "SELECT e.id AS id FROM db_event e WHERE e.event_type = 'theft' ORDER BY e.timestamp, e.id"


@pytest.mark.parametrize(
    "sql",
    [
        LIST,
        "SELECT e.* FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE v.camera = 'a'",
        "SELECT x.* FROM db_event AS x WHERE x.timestamp = (SELECT MIN(y.timestamp) FROM db_event y) LIMIT 1",
    ],
)
def test_rows_of_the_table_are_whole_events(sql):
    assert evidence.are_whole_events(check(sql).sql)


def columns_of(alias: str, **instead: str) -> str:
    """All columns under their names, or something else under one of them."""
    return ", ".join(instead.get(name, f"{alias}.{name}") for name in evidence._COLUMNS)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT e.id FROM db_event e",
        "SELECT COUNT(*) AS value FROM db_event e",
        f"SELECT {columns_of('e', confidence='0.99 AS confidence')} FROM db_event e",
        f"SELECT {columns_of('e', id='1 AS id')} FROM db_event e",
        f"SELECT {columns_of('e', age='e.severity AS age')} FROM db_event e",
        f"SELECT DISTINCT {columns_of('e')} FROM db_event e",
        "SELECT e.* FROM (SELECT x.* FROM db_event x) e",
        "WITH e AS (SELECT x.* FROM db_event x) SELECT e.* FROM e",
        f"SELECT e.* FROM db_event x JOIN (SELECT {columns_of('y', age='5 AS age')} FROM db_event y) e ON e.id = x.id",  # noqa: E501
        f"SELECT e.* FROM db_event e UNION ALL SELECT {columns_of('y', age='5 AS age')} FROM db_event y",
        f"SELECT e.* FROM db_event e EXCEPT SELECT {columns_of('y')} FROM db_event y",
    ],
)
def test_rows_that_somebody_may_have_made_up_are_not(sql):
    assert not evidence.are_whole_events(check(sql).sql)


@pytest.mark.parametrize(
    ("ids", "same"),
    [
        (IDS, True),
        (IDS.replace(" AS id", ""), True),
        (IDS.replace("theft", "fight"), False),
        (IDS + " LIMIT 1", False),
        (IDS.replace("e.id AS id", "e.video_id AS id"), False),
        (IDS.replace("e.id AS id", "DISTINCT e.id"), False),
        ("", False),
    ],
)
def test_the_same_events_by_their_ids(ids, same):
    assert evidence.lists_the_same(LIST, ids) is same


@pytest.fixture
def statements(monkeypatch) -> list[str]:
    """What the reader is asked to run."""
    import psycopg2.extensions

    ran: list[str] = []

    class Told(psycopg2.extensions.cursor):
        def execute(self, sql, *values):
            ran.append(sql)
            return super().execute(sql, *values)

    from apps.db import reader as module

    connect = module._connect

    def connected():
        connection = connect()
        connection.cursor_factory = Told
        return connection

    module.close_reader()
    monkeypatch.setattr(module, "_connect", connected)
    yield ran
    module.close_reader()


def run(video, sql: str, evidence_sql: str = ""):
    return run_plan(Plan("answer", sql=sql, evidence_sql=evidence_sql), versions={video.pk: ""})


@pytest.mark.parametrize("evidence_sql", ["", IDS])
def test_a_list_is_its_own_evidence(make_video, make_event, statements, evidence_sql):
    video = make_video(recorded_at="2031-05-06T14:00:00+09:00")
    made = [make_event(video, second, "theft", age=30) for second in (9.0, 5.0)]
    make_event(video, 7.0, "fight")
    ran, result, found, _ = run(video, LIST, evidence_sql)
    assert sum("FROM" in sql for sql in statements) == 1
    assert ran.evidence_sql == ""
    assert [row[0] for row in result.rows] == [made[1].pk, made[0].pk]
    assert found == evidence.Evidence(whole(video, made[1], made[0]), 2)


def whole(video, *events):
    from apps.db.reader import reader

    with reader(video_ids=[video.pk]) as cursor:
        return evidence.whole_events(cursor, [event.pk for event in events])


def test_an_age_that_was_made_up_is_no_evidence(make_video, make_event):
    video = make_video()
    event = make_event(video, 5.0, "theft", age=30)
    sql = f"SELECT {columns_of('e', age='77 AS age')} FROM db_event e"
    _, result, found, _ = run(video, sql)
    assert 77 in result.rows[0]
    assert [(one.id, one.age) for one in found.events] == [(event.pk, 30)]


@pytest.mark.parametrize("evidence_sql", ["", IDS])
def test_what_is_beyond_the_rows_is_counted_all_the_same(make_video, make_event, evidence_sql):
    video = make_video(duration=3600)
    make_event(video, 0.5, "fight")
    Event.objects.bulk_create(
        Event(video=video, timestamp=1.0 + n, event_type="theft") for n in range(MOST_ROWS + 30)
    )
    ran, result, found, _ = run(video, LIST, evidence_sql)
    assert result.truncated
    assert len(result.rows) == MOST_ROWS
    assert found.count == MOST_ROWS + 30
    assert len(found.events) == evidence.MOST_EVIDENCE
    assert found.events[0].timestamp == 1.0
    assert ran.evidence_sql


def test_sql_too_long_to_be_wrapped_still_answers(make_video):
    video = make_video(duration=3600)
    Event.objects.bulk_create(
        Event(video=video, timestamp=1.0 + n, event_type="theft") for n in range(MOST_ROWS + 30)
    )
    long = LIST.replace(" ORDER", f" AND e.description <> '{'x' * (9_950 - len(LIST))}' ORDER")
    ran, result, found, _ = run(video, long)
    assert result.truncated
    assert (found.count, ran.evidence_sql) == (MOST_ROWS, "")


def test_a_list_cut_by_the_question_counts_no_more(make_video):
    video = make_video(duration=3600)
    Event.objects.bulk_create(
        Event(video=video, timestamp=1.0 + n, event_type="theft") for n in range(MOST_ROWS + 30)
    )
    asked = MOST_ROWS + 10
    _, _, found, _ = run(video, f"{LIST} LIMIT {asked}")
    assert found.count == asked


def test_events_that_a_join_repeats_count_once(make_video, make_event):
    video = make_video()
    first, second = make_event(video, 5.0, "theft"), make_event(video, 6.0, "theft")
    _, result, found, _ = run(video, "SELECT e.* FROM db_event e JOIN db_event f ON f.video_id = e.video_id")
    assert len(result.rows) == 4
    assert ([event.id for event in found.events], found.count) == ([first.pk, second.pk], 2)
