"""The service through HTTP: the contract, its bounds, and that nothing makes it fail."""

import json
import logging

import postgast
import pytest
import sqlglot
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from text2sql.app import app
from text2sql.tests.reading import sites

client = TestClient(app, raise_server_exceptions=False)
VIDEOS = [video for site in sites().values() for video in site["videos"]]


def post(prompt: str, **more: object) -> dict:
    reply = client.post("/text2sql", json={"prompt": prompt, "videos": VIDEOS, **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_health() -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200


def test_answer_carries_the_contract() -> None:
    found = post("10분 이후에 도난 있었어?", video_id=11)
    assert set(found) == {"kind", "sql", "evidence_sql", "query", "language", "reason"}
    assert found["kind"] == "answer"
    assert found["query"]["filters"]["types"] == ["theft"]
    assert found["query"]["offset"]["from"] == 600
    assert found["query"]["understood"]
    assert found["reason"] is None


def test_same_question_same_sql() -> None:
    assert post("어제 도난 몇 건", now="2026-06-10T00:00:00Z") == post(
        "어제 도난 몇 건", now="2026-06-10T00:00:00Z"
    )


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "x" * 4001, "videos": []},
        {"videos": []},
        {"prompt": 3, "videos": []},
        {"prompt": "x", "videos": [{"id": 1}] * 2001},
        {"prompt": "x", "videos": [{"id": 1, "locations": ["a"] * 10_001}]},
        {
            "prompt": "x",
            "videos": [{"id": 1, "locations": ["a"] * 6_000}, {"id": 2, "locations": ["b"] * 6_000}],
        },
        {"prompt": "x", "videos": [{"id": 1, "duration": -1}]},
        {"prompt": "x", "now": "0001-01-01T00:00:00Z"},
    ],
)
def test_too_much_is_refused_with_a_code(body: dict) -> None:
    reply = client.post("/text2sql", json=body)
    assert reply.status_code == 422
    assert reply.json()["type"] == "validation_error"
    assert reply.json()["errors"][0]["code"]


@pytest.mark.parametrize(
    ("sent", "kind", "code"),
    [
        (b'{"prompt": ', "application/json", "json_invalid"),
        (b'{"prompt": "\xff"}', "application/json", "json_invalid"),
        (b'{"prompt": "\\ud800"}', "application/json", "json_invalid"),
        (b"", "application/json", "json_invalid"),
        (b"[" * 100_000, "application/json", "json_invalid"),
        (b"[]", "application/json", "model_type"),
        (b'{"prompt": "x"}', "text/plain", "json_type"),
        (b'{"prompt": "x"}', "", "json_type"),
    ],
)
def test_what_is_no_json_is_refused_with_a_code(sent: bytes, kind: str, code: str) -> None:
    reply = client.post("/text2sql", content=sent, headers={"content-type": kind} if kind else {})
    assert reply.status_code == 422
    assert [error["code"] for error in reply.json()["errors"]] == [code]


def test_json_may_name_its_letters() -> None:
    sent = json.dumps({"prompt": "도난 있었어?", "videos": VIDEOS}, ensure_ascii=False).encode()
    kind = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post("/text2sql", content=sent, headers=kind).json()["kind"] == "answer"


def test_the_contract_is_told_to_others() -> None:
    told = client.get("/openapi.json").json()["paths"]["/text2sql"]["post"]
    body = told["requestBody"]["content"]["application/json"]["schema"]
    reply = told["responses"]["200"]["content"]["application/json"]["schema"]
    assert (body["$ref"], reply["$ref"]) == ("#/components/schemas/Question", "#/components/schemas/Answer")


TABLES = {"db_event", "db_video"}
UNREADABLE: list[logging.LogRecord] = []  # what the service swallowed, to be found here


class _Found(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        UNREADABLE.append(record)


logging.getLogger("text2sql.app").addHandler(_Found())


def assert_one_plain_select(sql: str) -> None:
    statements = postgast.parse(sql).stmts
    assert len(statements) == 1
    (tree,) = sqlglot.parse(sql, dialect="postgres")
    assert isinstance(tree, exp.Select)
    names = {cte.alias for cte in tree.find_all(exp.CTE)}
    assert {table.name for table in tree.find_all(exp.Table)} <= TABLES | names
    assert not any(
        isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count) for node in tree.walk()
    )
    for column in tree.find_all(exp.Column):
        assert column.table or column.name in ("value", "label", "n"), column.sql()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=200))
def test_any_text_gets_a_reply(prompt: str) -> None:
    check(prompt)


WORDS = [
    "도난",
    "폭행",
    "이상행동",
    "사람",
    "남자",
    "여자",
    "20대",
    "10분",
    "15분",
    "오후",
    "2시",
    "어제",
    "이후",
    "이전",
    "사이",
    "까지",
    "부터",
    "에서",
    "가장",
    "많이",
    "몇",
    "명",
    "건",
    "처음",
    "마지막",
    "말고",
    "직후",
    "비율",
    "평균",
    "나이",
    "유형별",
    "카메라",
    "그",
    "사람",
    "그때",
    "theft",
    "fight",
    "men",
    "women",
    "after",
    "before",
    "between",
    "and",
    "or",
    "not",
    "the",
    "first",
    "last",
    "five",
    "minutes",
    "most",
    "how",
    "many",
    "who",
    "when",
    "where",
    "at",
    "in",
    "10:30",
    "pm",
    "P009",
    "-5",
    "0",
    "99999999999",
    "%",
    "'",
    '"',
    ";",
    "--",
    "~",
    "31일",
    "13월",
    "25시",
    "February",
    "30",
    "90%",
    "이상",
]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["", " "]))
def test_any_words_get_a_reply(words: list[str], joint: str) -> None:
    check(joint.join(words))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), max_size=6), st.lists(st.sampled_from(WORDS), max_size=8))
def test_any_words_after_any_others_get_a_reply(words: list[str], before: list[str]) -> None:
    check(" ".join(words), history=[{"prompt": " ".join(before)}])


def check(prompt: str, **more: object) -> None:
    encoded = json.dumps({"prompt": prompt, "videos": VIDEOS, "now": "2026-06-10T00:00:00Z", **more})
    reply = client.post("/text2sql", content=encoded, headers={"content-type": "application/json"})
    assert reply.status_code == 200, reply.text
    assert not UNREADABLE, prompt
    found = reply.json()
    if found["kind"] == "answer":
        assert_one_plain_select(found["sql"])
        assert_one_plain_select(found["evidence_sql"])
    else:
        assert found["sql"] is None
        assert found["reason"]["text"]
