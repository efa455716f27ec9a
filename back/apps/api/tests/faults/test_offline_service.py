"""The offline service down, hanging, answering nonsense: a clear 503 in bounded time, recorded once."""

import json
import time

import pytest

from apps.api.asking import offline as offline_engine
from apps.api.asking.breaker import BREAKERS
from apps.api.tests.faults.conftest import reply
from apps.db.models import Exchange

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = {"prompt": "도난 몇 건이야?", "video_id": 1}


def hang(handler) -> None:
    time.sleep(1.5)
    handler.close_connection = True


def drip(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def hang_up(handler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(2)


def without_end(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(2**40))
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" " * 65536)


def told(**fields) -> bytes:
    return json.dumps({"kind": "answer", "sql": "SELECT id FROM db_event", "query": None} | fields).encode()


FAULTS = {
    "a 500": (reply(b"oops", 500), "text2sql_failed", True),
    "a 422": (reply(b"{}", 422), "text2sql_failed", False),
    "it hangs": (hang, "text2sql_unreachable", True),
    "it drips": (drip, "text2sql_unreachable", True),
    "it hangs up": (hang_up, "text2sql_unreachable", True),
    "no end": (without_end, "text2sql_failed", False),
    "not JSON": (reply(b"<html>"), "text2sql_failed", False),
    "not UTF-8": (reply(b"\xff\xfe"), "text2sql_failed", False),
    "a list": (reply(b"[]"), "text2sql_failed", False),
    "nothing": (reply(b""), "text2sql_failed", False),
    "another kind": (reply(told(kind="poem")), "text2sql_failed", False),
    "no SQL": (reply(told(sql=None)), "text2sql_failed", False),
    "SQL that is a number": (reply(told(sql=7)), "text2sql_failed", False),
    "a reason that is a text": (reply(told(reason="because")), "text2sql_failed", False),
    "half a coverage": (reply(told(query={"coverage": [{"video_id": 1}]})), "text2sql_failed", False),
    "SQL that writes": (reply(told(sql="DELETE FROM db_event")), "sql_refused", False),
    "SQL that is none": (reply(told(sql="SELEC id")), "sql_refused", False),
    "evidence that is none": (reply(told(evidence_sql="SELECT 'x' AS id")), "sql_failed", False),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_service_is_an_honest_503(demo, scripted, monkeypatch, name):
    answer, code, away = FAULTS[name]
    scripted.answer = answer
    if answer in (hang, drip):
        monkeypatch.setattr(offline_engine, "SECONDS", 0.3)
    offline_engine.forget_connections()
    began = time.monotonic()
    response = demo.post("/api/prompt/", QUESTION)
    assert time.monotonic() - began < 15  # a busy machine; without a bound it would be for ever
    assert response.status_code == 503
    exchange = Exchange.objects.get()
    assert (exchange.outcome, exchange.error, exchange.response) == ("failed", code, "")
    assert (BREAKERS["text2sql"].closed_for() == code) is away


def test_while_it_is_away_one_question_probes(demo, scripted, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(BREAKERS["text2sql"], "clock", lambda: now[0])
    scripted.answer = reply(b"", 500)
    for _ in range(5):
        assert demo.post("/api/prompt/", QUESTION).status_code == 503
    assert scripted.asked == 1
    now[0] += BREAKERS["text2sql"].pause
    scripted.answer = reply(told(kind="refusal", sql=None, reason={"code": "not_recorded"}))
    assert demo.post("/api/prompt/", QUESTION).json()["kind"] == "refusal"
    assert scripted.asked == 2
    assert Exchange.objects.filter(outcome="failed").count() == 5


def test_a_restarted_service_costs_nobody_an_answer(demo, scripted):
    refusal = reply(told(kind="refusal", sql=None, reason={"code": "not_recorded"}))
    scripted.answer = refusal
    assert demo.post("/api/prompt/", QUESTION).status_code == 200

    def once(handler) -> None:
        scripted.answer = refusal
        hang_up(handler)

    scripted.answer = once
    assert demo.post("/api/prompt/", QUESTION | {"language": "en"}).status_code == 200
    assert [e.outcome for e in Exchange.objects.all()] == ["refused", "refused"]
