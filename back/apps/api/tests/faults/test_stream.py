"""A client of the stream that goes away, over a real socket; and everything down at once."""

import http.client
import json
import time

import pytest
from django.db import connection

from apps.api.asking import stream
from apps.api.asking.breaker import BREAKERS
from apps.api.tests.faults.conftest import reply
from apps.db.models import Exchange
from llm.options import LlmOptions
from llm.standin import Fail, Reply
from llm.standin.fixtures import *  # noqa: F403

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = {"prompt": "도난 몇 건이야?", "video_id": 1}
PLAN = {
    "reading": "as asked",
    "kind": "answer",
    "sql": "SELECT e.id FROM db_event e WHERE e.id = 42",
    "evidence_sql": "",
}


@pytest.fixture
def claude(settings, bedrock_standin):
    settings.USE_BEDROCK = True
    settings.AUTH_REQUIRED = False
    settings.LLM = LlmOptions(
        bedrock_models=("anthropic.claude-haiku-4-5-20251001-v1:0",),
        region="us-east-1",
        max_tries=1,
        deadline=10.0,
    )
    for breaker in BREAKERS.values():
        breaker.reset()
    return bedrock_standin


def open_stream(live_server) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    line = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=20)
    line.request(
        "POST", "/api/prompt/stream/", json.dumps(QUESTION).encode(), {"Content-Type": "application/json"}
    )
    return line, line.getresponse()


def outcome_of_the_one_exchange() -> str:
    until = time.monotonic() + 10
    while not Exchange.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return Exchange.objects.get().outcome


def test_who_leaves_in_the_middle_of_the_words_hangs_up(demo, claude, live_server, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    claude.say(Reply(data=PLAN), Reply(text="네, 12분 30초에 도난이 있었습니다. " * 50, pause=0.05))
    line, response = open_stream(live_server)
    while b"event: delta" not in response.readline():
        pass
    response.close()
    line.close()
    assert claude.requests[-1].gone.wait(10)
    assert outcome_of_the_one_exchange() == "abandoned"


def test_who_leaves_while_it_is_planned_is_not_answered(demo, claude, live_server, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    claude.say(Reply(data=PLAN, delay=1.5))
    line, response = open_stream(live_server)
    while b"plan" not in response.readline():
        pass
    response.close()
    line.close()
    assert outcome_of_the_one_exchange() == "abandoned"
    assert [request.operation for request in claude.requests] == ["Converse"]


def test_everything_at_once(demo, claude, scripted, settings):
    settings.USE_BEDROCK = True
    claude.say(Fail(code="ServiceUnavailableException", status=503))
    scripted.answer = reply(b"<html>", 500)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE db_cache RENAME TO db_cache_gone")
    try:
        began = time.monotonic()
        assert demo.post("/api/prompt/", QUESTION).status_code == 503
        assert time.monotonic() - began < 10
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE db_cache_gone RENAME TO db_cache")
    exchange = Exchange.objects.get()
    assert (exchange.outcome, exchange.error) == ("failed", "text2sql_failed")
