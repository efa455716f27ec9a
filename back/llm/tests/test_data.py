"""Data by a schema: the ladder, the check, the one repair."""

import json

import pytest

from llm import Prompt, errors
from llm.binding import Schema
from llm.schemas import complaints, enforceable, json_in
from llm.standin import Fail, Raw, Reply

from .conftest import HAIKU

ASK = Prompt.of("10분에서 15분 사이?", system="schema…")
SCHEMA = {
    "type": "object",
    "properties": {
        "sql": {"type": "string", "minLength": 1},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100},
    },
    "required": ["sql"],
    "additionalProperties": False,
}
GOOD = {"sql": "SELECT 1", "limit": 5}
BAD = {"sql": "SELECT 1", "limit": 500}


def ask(llm, **more):
    return llm.data(ASK, role="plan", schema=SCHEMA, name="plan", description="the query", **more)


def rejects(name: str) -> Fail:
    return Fail(code="ValidationException", status=400, message=f"{name}: not supported for this model")


def test_native_first(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(data=GOOD))
    answer = ask(make_llm())
    assert (answer.data, answer.rung, answer.repaired, answer.model) == (GOOD, "native", False, HAIKU)
    body = bedrock_standin.requests[0].body
    described = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert (described["name"], described["description"]) == ("plan", "the query")
    # what no provider enforces is left out there, and still checked here
    assert json.loads(described["schema"])["properties"]["limit"] == {"type": "integer"}
    assert "toolConfig" not in body


def test_down_the_ladder_by_what_is_refused_and_remembered(bedrock_standin, make_llm):
    bedrock_standin.say(rejects("outputConfig.textFormat"), Reply(data=GOOD))
    llm = make_llm()
    assert ask(llm).rung == "tool"
    tool = bedrock_standin.requests[1].body["toolConfig"]
    assert tool["toolChoice"] == {"tool": {"name": "plan"}}
    assert tool["tools"][0]["toolSpec"]["inputSchema"]["json"] == SCHEMA
    bedrock_standin.forget()
    bedrock_standin.say(rejects("toolConfig.toolChoice"), Reply(data=GOOD), Reply(data=GOOD))
    assert ask(llm).rung == "text"
    assert "JSON" in bedrock_standin.requests[1].body["system"][-1]["text"]
    assert ask(llm).attempts == 1


def test_the_table_knows_what_a_model_takes(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(data=GOOD), Reply(data=GOOD), Reply(text="네"))
    assert ask(make_llm(bedrock_models=("anthropic.claude-3-sonnet-20240229-v1:0",))).rung == "tool"
    newer = make_llm(bedrock_models=("global.anthropic.claude-sonnet-5-5",))
    newer.memory.drop("global.anthropic.claude-sonnet-5-5", "native_schema")
    assert ask(newer).rung == "text"
    newer.complete(ASK, role="plan", temperature=0.3)
    assert all(
        "temperature" not in request.body["inferenceConfig"] for request in bedrock_standin.requests[1:]
    )


def test_a_refused_temperature_is_left_out_from_then_on(bedrock_standin, make_llm):
    refusal = "The model returned the following errors: `temperature` is deprecated for this model."
    bedrock_standin.say(
        Fail(code="ValidationException", status=400, message=refusal), Reply(data=GOOD), Reply(text="네")
    )
    llm = make_llm()
    assert ask(llm).attempts == 2
    llm.complete(ASK, role="phrase")
    assert ["temperature" in request.body["inferenceConfig"] for request in bedrock_standin.requests] == [
        True,
        False,
        False,
    ]
    assert "outputConfig" in bedrock_standin.requests[1].body


def test_a_refused_cache_point_is_left_out(bedrock_standin, make_llm):
    refusal = "You invoked an unsupported model or your request did not allow prompt caching."
    bedrock_standin.say(Fail(code="ValidationException", status=400, message=refusal), Reply(text="네"))
    make_llm().complete(ASK, role="phrase")
    assert [len(request.body["system"]) for request in bedrock_standin.requests] == [2, 1]


def test_the_same_refusal_twice_is_an_error(bedrock_standin, make_llm):
    bedrock_standin.say(rejects("temperature"), rejects("temperature"))
    with pytest.raises(errors.BadRequest):
        make_llm().complete(ASK, role="phrase")


@pytest.mark.parametrize("rung", ["native", "tool", "text"])
def test_one_repair_with_what_was_wrong(bedrock_standin, make_llm, rung):
    llm = make_llm()
    for feature in {"native": (), "tool": ("native_schema",), "text": ("native_schema", "forced_tool")}[rung]:
        llm.memory.drop(HAIKU, feature)
    spent = {"inputTokens": 1000, "outputTokens": 100}
    bedrock_standin.say(Reply(data=BAD, usage=spent), Reply(data=GOOD, usage=spent))
    answer = ask(llm)
    assert (answer.data, answer.rung, answer.repaired, answer.attempts) == (GOOD, rung, True, 2)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (2000, 200)
    question, said, complaint = bedrock_standin.requests[1].body["messages"]
    assert question["role"] == "user"
    assert "500" in said["content"][0]["text"]
    assert "$.limit" in complaint["content"][0]["text"]
    assert "maximum" in complaint["content"][0]["text"]


def test_after_one_repair_it_is_an_error_with_all_it_cost(bedrock_standin, make_llm):
    spent = {"inputTokens": 1000, "outputTokens": 0}
    bedrock_standin.say(Reply(data=BAD, usage=spent), Reply(data=BAD, usage=spent), Reply(data=GOOD))
    with pytest.raises(errors.InvalidOutput) as caught:
        ask(make_llm())
    assert caught.value.usage.input_tokens == 2000
    assert caught.value.detail == "plan does not fit at $.limit"
    assert json.loads(caught.value.text) == BAD
    assert bedrock_standin.unused == 1


def test_a_server_that_ignores_the_format_is_asked_another_way(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="Sure! You could select everything."), Reply(data=GOOD))
    answer = ask(make_llm())
    assert (answer.rung, answer.repaired) == ("tool", True)


def test_a_failure_during_the_repair_still_counts_what_was_spent(bedrock_standin, make_llm):
    bedrock_standin.say(
        Reply(data=BAD, usage={"inputTokens": 9, "outputTokens": 0}),
        Fail(code="AccessDeniedException", status=403),
    )
    with pytest.raises(errors.AccessDenied) as caught:
        ask(make_llm())
    assert caught.value.usage.input_tokens == 9


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_said_can_be_repaired(bedrock_standin, make_llm, text):
    # the service refuses blank texts, so nothing must not be quoted back as nothing
    bedrock_standin.say(Reply(text=text), Reply(data=GOOD))
    assert ask(make_llm()).repaired


@pytest.mark.parametrize("stop", ["malformed_model_output", "malformed_tool_use"])
def test_malformed_output_is_repaired(bedrock_standin, make_llm, stop):
    bedrock_standin.say(Reply(text="{", stop=stop), Reply(data=GOOD))
    assert ask(make_llm()).data == GOOD


def test_cut_data_is_an_error(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text='{"sql": "SELECT', stop="max_tokens"))
    with pytest.raises(errors.OutputTruncated) as caught:
        ask(make_llm())
    assert caught.value.usage.input_tokens > 0


def test_a_guardrail_stops_data_too(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="안 됩니다.", stop="guardrail_intervened"))
    with pytest.raises(errors.GuardrailIntervened):
        ask(make_llm(guardrail_id="gr1"))


def test_an_unreadable_answer_is_no_answer(bedrock_standin, make_llm):
    bedrock_standin.say(Raw(b"<html>"), Reply(data=GOOD))
    assert ask(make_llm()).data == GOOD


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("  [1, 2]\n", [1, 2]),
        ('Here:\n```json\n{"a": {"b": [1]}}\n```\nDone {ok}.', {"a": {"b": [1]}}),
        ('{oops {"a": "}"} and [1]', {"a": "}"}),
        ('"just text"', "just text"),
    ],
)
def test_json_is_found_in_text(text, value):
    assert json_in(text) == value


@pytest.mark.parametrize("text", ["", "no", "{", "[" * 5000, '{"a": NaN}', "{'a': 1}"])
def test_text_without_json_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"JSON"):
        json_in(text)


def test_a_property_may_be_called_like_a_keyword():
    schema = {
        "type": "object",
        "properties": {"minimum": {"type": "number", "minimum": 3}, "title": {"enum": ["default"]}},
    }
    assert enforceable(schema) == {
        "type": "object",
        "properties": {"minimum": {"type": "number"}, "title": {"enum": ["default"]}},
        "additionalProperties": False,
    }


def test_complaints_are_few_and_short():
    schema = Schema("x", {"type": "array", "items": {"type": "integer"}})
    found = complaints(["x" * 5000] * 50, schema)
    assert len(found) == 5
    assert all(len(line) < 400 for line in found)
