"""The stand-in itself: what it refuses, its mind, and starting it by hand."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from llm import LlmOptions, Message, Prompt, Text, TextDelta, errors, open_llm
from llm.bedrock import clients
from llm.standin.mind import mind, plan
from llm.standin.vectors import vector

PLAN = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["answer", "refusal", "clarification"]},
        "sql": {"type": "string"},
        "evidence_sql": {"type": ["string", "null"]},
        "reason": {"type": "string"},
        "confidence": {"type": "number"},
    },
    "required": ["kind", "sql", "confidence"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt(messages=(Message("assistant", (Text("?"),)),)),
        Prompt(messages=(Message("user", (Text("?"),)), Message("user", (Text("?"),)))),
        Prompt.of("  "),
        Prompt(messages=(Message("user", ()),)),
    ],
)
def test_it_refuses_what_the_service_refuses(bedrock_standin, make_llm, prompt):
    with pytest.raises(errors.BadRequest):
        make_llm().complete(prompt, role="plan")


def test_it_counts_tokens_and_knows_every_model(bedrock_standin):
    runtime = clients.client("bedrock-runtime", LlmOptions(), timeout=5)
    messages = [{"role": "user", "content": [{"text": "도난이 있었나요?"}]}]
    assert runtime.count_tokens(modelId="x.y", input={"converse": {"messages": messages}})["inputTokens"] > 0
    bedrock = clients.client("bedrock", LlmOptions(), timeout=5)
    found = bedrock.get_foundation_model(modelIdentifier="amazon.titan-embed-text-v2:0")["modelDetails"]
    assert (found["modelId"], found["modelLifecycle"]["status"]) == ("amazon.titan-embed-text-v2:0", "ACTIVE")


def test_without_a_script_it_says_so(bedrock_standin, make_llm):
    with pytest.raises(errors.BadRequest, match="script"):
        make_llm().complete(Prompt.of("?"), role="plan")


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        (
            "10분에서 15분 사이에 도난 사건이 있었나요?",
            "event_type IN ('theft') AND timestamp >= 600 AND timestamp <= 900",
        ),
        (
            "Was there a theft between 10 and 15 minutes?",
            "event_type IN ('theft') AND timestamp >= 600 AND timestamp <= 900",
        ),
        ("12분에 무슨 일이 있었어?", "timestamp >= 720 AND timestamp < 780"),
        ("누가 물건을 훔치나요?", "event_type IN ('theft')"),
        ("수상한 행동이 있었나요?", "severity IN (1, 2)"),
    ],
)
def test_it_plans_simple_questions(question, condition):
    assert f" WHERE {condition} ORDER BY" in plan(question).sql


@pytest.mark.parametrize(
    ("question", "sql"),
    [
        ("도난이 몇 번 있었나요?", r"^SELECT COUNT\(\*\)"),
        ("첫 번째 화재는?", r"ORDER BY video_id, timestamp LIMIT 1$"),
        ("the last theft?", r"ORDER BY timestamp DESC LIMIT 1$"),
    ],
)
def test_it_knows_counts_and_ends(question, sql):
    assert re.search(sql, plan(question).sql)
    assert plan("안녕").kind == "clarification"


@pytest.mark.parametrize("dropped", [(), ("native_schema",), ("native_schema", "forced_tool")])
def test_it_fits_any_plan_schema_on_any_rung(bedrock_standin, make_llm, dropped):
    bedrock_standin.mind = mind
    llm = make_llm()
    for feature in dropped:
        llm.memory.drop(llm.options.models("plan")[0], feature)
    prompt = Prompt.of("<question>도난이 있었나요?</question>", system="schema")
    answer = llm.data(prompt, role="plan", schema=PLAN, name="plan")
    assert answer.data["kind"] == "answer"
    assert "'theft'" in answer.data["sql"]


@pytest.mark.parametrize(
    ("question", "events", "said"),
    [
        (
            "도난이 있었나요?",
            [{"timestamp": 750.0, "event_type": "theft"}],
            "네, 12분 30초에 도난 이벤트가 있었습니다.",
        ),
        (
            "any theft?",
            [{"timestamp": 750.0, "event_type": "theft"}] * 6,
            "Yes: theft at 12:30, 12:30, 12:30, 12:30, 12:30. There are 1 more.",
        ),
        ("도난이 있었나요?", [], "찾은 범위에는 그런 이벤트가 없습니다."),
    ],
)
def test_it_words_the_evidence(bedrock_standin, make_llm, question, events, said):
    bedrock_standin.mind = mind
    prompt = Prompt.of(f"<events>{json.dumps({'events': events})}</events>\n<question>{question}</question>")
    stream = make_llm().stream(prompt, role="phrase")
    assert "".join(event.text for event in stream if isinstance(event, TextDelta)) == said


def test_vectors_are_steady_and_likeness_shows():
    theft, thief, fire = (vector(text, 256) for text in ("계산대에서 도난", "계산대 도난", "주차장 화재"))

    def near(a: list[float], b: list[float]) -> float:
        return sum(x * y for x, y in zip(a, b, strict=True))

    assert theft == vector("계산대에서  도난", 256)
    assert near(theft, thief) > 0.5 > near(theft, fire)


def test_started_by_hand(monkeypatch):
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "llm.standin", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip().partition("=")[2]
        body = json.dumps({"messages": [{"role": "user", "content": [{"text": "도난?"}]}]}).encode()
        request = urllib.request.Request(f"{url}/model/x/converse", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=10) as response:
            assert json.load(response)["stopReason"] == "end_turn"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()


def test_options_from_nowhere_open(bedrock_standin):
    assert open_llm(LlmOptions()).options.provider == "bedrock"
