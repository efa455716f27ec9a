"""A client of the stream that goes away, over a real socket; and everything down at once."""

import http.client
import json
import time
from dataclasses import replace

import pytest
from django.db import connection

from apps.api.asking import stream
from apps.api.asking.breaker import BREAKERS
from apps.api.tests.faults.conftest import reply
from apps.db.models import Exchange
from llm.options import LlmOptions
from llm.standin import Fail, Fault, Reply
from llm.standin.fixtures import *  # noqa: F403

SECOND = "anthropic.claude-sonnet-4-6"

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


def the_one_exchange() -> Exchange:
    until = time.monotonic() + 10
    while not Exchange.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return Exchange.objects.get()


def test_who_leaves_in_the_middle_of_the_words_hangs_up(demo, claude, live_server, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    usage = {"inputTokens": 100, "outputTokens": 10}
    words = "네, 12분 30초에 도난이 있었습니다. " * 50
    claude.say(Reply(data=PLAN, usage=usage), Reply(text=words, pause=0.05))
    line, response = open_stream(live_server)
    while b"event: delta" not in response.readline():
        pass
    response.close()
    line.close()
    assert claude.requests[-1].gone.wait(10)
    exchange = the_one_exchange()
    assert exchange.outcome == "abandoned"
    # The plan by its usage, the words by an estimate: what was sent, and what had come.
    assert exchange.input_tokens > 600
    assert 10 < exchange.output_tokens < 600
    assert exchange.cost_usd > 0


def test_who_leaves_while_the_words_hang_hangs_up(demo, claude, live_server, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    claude.say(Reply(data=PLAN), Reply(text="네, 도난이 있었습니다.", fault=Fault("stall", after=1)))
    line, response = open_stream(live_server)
    while b"event: delta" not in response.readline():
        pass
    response.close()
    line.close()
    assert claude.requests[-1].gone.wait(5)
    assert the_one_exchange().outcome == "abandoned"


def test_who_leaves_while_it_is_planned_cuts_the_call_off(demo, claude, settings, live_server, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    settings.LLM = replace(settings.LLM, max_tries=3, bedrock_models=(*settings.LLM.bedrock_models, SECOND))
    claude.say(Reply(data=PLAN, delay=30))
    line, response = open_stream(live_server)
    while b"plan" not in response.readline():
        pass
    while not claude.requests:
        time.sleep(0.02)
    began = time.monotonic()
    response.close()
    line.close()
    assert claude.requests[0].gone.wait(5)
    exchange = the_one_exchange()
    assert time.monotonic() - began < 5
    assert (exchange.outcome, exchange.error) == ("abandoned", "cancelled")
    assert exchange.input_tokens > 1000
    assert exchange.cost_usd > 0
    # Nobody is asked instead, and nothing is held against the model.
    time.sleep(0.3)
    assert [request.operation for request in claude.requests] == ["Converse"]
    assert Exchange.objects.count() == 1
    assert BREAKERS["bedrock"].closed_for() is None
    claude.say(Reply(data=PLAN), Reply(text="네, 12분 30초[[e:42]]에 있었습니다."))
    assert demo.post("/api/prompt/", QUESTION).json()["engine"] == "bedrock"


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
