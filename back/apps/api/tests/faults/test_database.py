"""PostgreSQL that goes away in mid-question, is too slow, or lost a table: one outcome, one exchange."""

import json
import threading
import time

import pytest
from django.db import connection
from django.test import override_settings

from apps.api.tests.faults.conftest import reply
from apps.db.models import Exchange

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = {"prompt": "도난 몇 건이야?", "video_id": 1}
# Allowed, and never done.
HEAVY = (
    "SELECT count(*) AS n FROM db_event a CROSS JOIN db_event b CROSS JOIN db_event c CROSS JOIN db_event d"
    " CROSS JOIN db_event e WHERE a.timestamp + b.timestamp + c.timestamp + d.timestamp + e.timestamp < 0"
)


def plan(sql: str, evidence_sql: str | None = None) -> bytes:
    return json.dumps({"kind": "answer", "sql": sql, "evidence_sql": evidence_sql}).encode()


def test_the_reader_s_timeout(demo, scripted, settings):
    settings.READER_TIMEOUT_MS = 200
    scripted.answer = reply(plan(HEAVY))
    began = time.monotonic()
    assert demo.post("/api/prompt/", QUESTION).status_code == 503
    assert time.monotonic() - began < 5
    exchange = Exchange.objects.get()
    assert (exchange.outcome, exchange.error) == ("failed", "sql_failed")
    scripted.answer = reply(plan("SELECT e.id FROM db_event e WHERE e.id = 42"))
    assert demo.post("/api/prompt/", QUESTION).json()["event_id"] == 42


def test_the_reader_s_connection_is_ended_in_the_middle(demo, scripted, terminate):
    scripted.answer = reply(plan(HEAVY))
    answers = []

    def ask() -> None:
        try:
            answers.append(demo.post("/api/prompt/", QUESTION))
        finally:
            connection.close()

    asking = threading.Thread(target=ask)
    asking.start()
    until = time.monotonic() + 4
    while not terminate("playhead-reader", doing="db_event d") and time.monotonic() < until:
        time.sleep(0.05)
    asking.join(20)
    assert [answer.status_code for answer in answers] == [503]
    exchange = Exchange.objects.get()
    assert (exchange.outcome, exchange.error) == ("failed", "reader_away")
    scripted.answer = reply(plan("SELECT e.id FROM db_event e WHERE e.id = 42"))
    assert demo.post("/api/prompt/", QUESTION).json()["event_id"] == 42


@pytest.mark.parametrize("whose", ["playhead", "playhead-reader"])
def test_connections_that_end_while_the_engine_thinks(demo, scripted, terminate, whose):
    planned = reply(plan("SELECT e.id FROM db_event e WHERE e.id = 42"))
    scripted.answer = planned
    assert demo.post("/api/prompt/", QUESTION).status_code == 200  # the reader keeps a connection

    def restart_meanwhile(handler) -> None:
        assert terminate(whose) >= 1
        planned(handler)

    scripted.answer = restart_meanwhile
    answer = demo.post("/api/prompt/", QUESTION | {"language": "en"})
    assert (answer.status_code, answer.json()["event_id"]) == (200, 42)
    assert [e.outcome for e in Exchange.objects.all()] == ["answered", "answered"]


def test_without_the_table_of_the_cache(demo, scripted):
    scripted.answer = reply(plan("SELECT e.id FROM db_event e WHERE e.id = 42"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE db_cache RENAME TO db_cache_gone")
    try:
        for _ in range(2):
            answer = demo.post("/api/prompt/", QUESTION).json()
            assert (answer["event_id"], answer["cached"]) == (42, False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE db_cache_gone RENAME TO db_cache")


def test_a_cache_that_is_out_of_reach(demo, scripted):
    scripted.answer = reply(plan("SELECT e.id FROM db_event e WHERE e.id = 42"))
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9"}
    with override_settings(CACHES={"default": away}):
        assert demo.post("/api/prompt/", QUESTION).json()["event_id"] == 42


def test_an_exchange_that_cannot_be_written_is_no_answer(demo, scripted):
    """What nobody can look up afterwards is not given."""
    scripted.answer = reply(plan("SELECT e.id FROM db_event e WHERE e.id = 42"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE db_exchange RENAME TO db_exchange_gone")
    try:
        assert demo.post("/api/prompt/", QUESTION).status_code == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE db_exchange_gone RENAME TO db_exchange")
    assert not Exchange.objects.exists()


def test_a_huge_result_is_cut(demo, scripted):
    wide = ", ".join(f"a.description AS a{n}, b.description AS b{n}" for n in range(10))
    scripted.answer = reply(plan(f"SELECT {wide} FROM db_event a JOIN db_event b ON a.id <> b.id"))
    response = demo.post("/api/prompt/", QUESTION)
    assert response.status_code == 200
    assert response.json()["result"]["truncated"] is True
    assert len(response.content) < 4 * 1024 * 1024
    assert Exchange.objects.get().outcome == "answered"
