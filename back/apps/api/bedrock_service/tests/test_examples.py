"""The examples teach what they say: each passes the guard, runs, and returns what its intent promises."""

import json

import pytest

from apps.api.asking.question import Example
from apps.api.asking.running import run_plan
from apps.api.bedrock_service import plan_reply
from apps.api.bedrock_service.examples import MOST, MOST_OWN, examples_for, product_examples
from apps.api.bedrock_service.likeness import Likeness
from apps.api.bedrock_service.teaching import INTENTS
from apps.api.types import Plan
from apps.evals.question_sets import SETS
from llm.binding import Schema
from llm.schemas import complaints

EXAMPLES, _ = product_examples()
ANSWERS = [example for example in EXAMPLES if example["reply"]["sql"]]
SHAPES = {intent: shape for shape, intents in INTENTS.items() for intent in intents}


def by_question(example) -> str:
    return example["question"]


@pytest.mark.parametrize("example", EXAMPLES, ids=by_question)
def test_it_is_a_reply_that_the_schema_takes(example):
    assert complaints(example["reply"], Schema(plan_reply.NAME, plan_reply.SCHEMA, "")) == []
    reply = example["reply"]
    if reply["kind"] != "answer":
        assert reply["reason_code"] in plan_reply.REASONS[reply["kind"]]


@pytest.mark.django_db(transaction=True)
def test_their_sql_passes_the_guard_and_runs(make_video, make_event):
    video = make_video(recorded_at="2031-05-06T14:00:00+09:00")
    make_event(video, 5.0, "theft", age=30)
    for example in ANSWERS:
        reply = example["reply"]
        plan = Plan("answer", sql=reply["sql"], evidence_sql=reply["evidence_sql"])
        _, result, _, _ = run_plan(plan, versions={video.pk: ""})
        shape = SHAPES[reply["intent"]]
        said = example["question"]
        if shape == "events":
            assert result.columns[0] == "id", said
            assert {"timestamp", "event_type", "track_id"} <= set(result.columns), said
            assert not reply["evidence_sql"], said
        else:
            assert reply["evidence_sql"], said
            if shape == "rows":
                assert result.columns == ("label", "n"), said
            elif reply["intent"] != "attribute":
                assert result.columns == ("value",), said


def test_they_cover_every_intent_and_both_languages():
    assert {example["reply"]["intent"] for example in EXAMPLES if "intent" in example["reply"]} == set(SHAPES)
    assert {example["reply"]["kind"] for example in EXAMPLES} == set(plan_reply.REASONS)
    for language in ("ko", "en"):
        assert sum(example["language"] == language for example in EXAMPLES) > 30


def test_no_question_of_a_question_set_is_among_them():
    """Or the sets would measure what was given away."""
    asked = {
        json.loads(line)["question"].strip()
        for file in SETS.glob("*/questions.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    assert asked
    assert asked.isdisjoint({example["question"] for example in EXAMPLES})


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("가장 오래 싸운 건 언제야?", "extremes"),
        ("오전 9시에서 10시 사이에 도난 있었나요?", "clock"),
        ("물건을 훔쳤지만 나가지 않은 사람", "absence"),
        ("몇 명이 나갔어?", "count_persons"),
        ("How many people came in after minute 3?", "count_persons"),
        ("who left within 30 seconds after the fight?", "sequence"),
        ("what percentage of the events are thefts?", "ratio"),
        ("그 사람 몇 살이야?", "followup"),
    ],
)
def test_the_likest_are_found(question, category):
    found = examples_for(question)
    assert len(found) == MOST
    assert category in [example["category"] for example in found]


def test_an_owners_exchange_stands_nearest_to_the_question():
    own = (Example("하역장에 온 트럭 몇 대?", "SELECT 1"), Example("날씨 어때?", "SELECT 2"))
    *_, last = examples_for("하역장에 트럭 몇 대 왔어?", own=own)
    assert last["reply"]["sql"] == "SELECT 1"
    assert "SELECT 2" not in json.dumps(examples_for("하역장에 트럭 몇 대 왔어?", own=own))
    assert len(examples_for("하역장에 트럭 몇 대?", own=own[:1] * 50)) == MOST + MOST_OWN


@pytest.mark.parametrize("text", ["", " ", "?", "\ud800", "가", "x" * 100_000])
def test_likeness_of_strange_texts(text):
    likeness = Likeness(["도난 있었어?", "", "any theft?"])
    assert all(0 <= score <= 1.0001 for _, score in likeness.nearest(text, most=3))
    assert list(Likeness([]).nearest(text, most=3)) == []
