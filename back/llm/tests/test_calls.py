"""Text: the request on the wire, the reply, and which failures are tried again."""

import threading
import urllib.parse
from decimal import Decimal
from typing import Any

import pytest

from llm import CachePoint, Image, Message, Prompt, StopReason, Text, errors
from llm.standin import Fail, Fault, Raw, Reply

from .conftest import HAIKU, cases

ASK = Prompt.of("언제 도난이 있었나요?", system="Answer from the events.")
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_text_with_its_usage_cost_and_model(bedrock_standin, make_llm):
    counted = {
        "inputTokens": 100,
        "outputTokens": 20,
        "cacheReadInputTokens": 4000,
        "cacheWriteInputTokens": 400,
    }
    bedrock_standin.say(Reply(text="12분 30초입니다.", reasoning="let me see", usage=counted))
    answer = make_llm().complete(ASK, role="phrase")
    assert (answer.text, answer.stop_reason, answer.truncated) == ("12분 30초입니다.", StopReason.END, False)
    assert (answer.model, answer.attempts) == (HAIKU, 1)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (100, 20)
    assert (answer.usage.cache_read_tokens, answer.usage.cache_write_tokens) == (4000, 400)
    # 100·1 + 20·5 + 4000·0.10 + 400·1.25, per million
    assert answer.usage.cost_usd == Decimal("0.0011")


def test_the_request_on_the_wire(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="네"))
    prompt = Prompt(
        system=(Text("stable"), CachePoint(), Text("now: 2026-03-02")),
        messages=(
            Message("user", (Image(PNG, "png"), Text("무엇이 보이나요?"))),
            Message("assistant", (Text("사람"),)),
            Message("user", (Text("몇 명?"),)),
        ),
    )
    metadata = {"exchange": "abc-1", "누구": "사용자"}
    make_llm(max_tokens=77).complete(prompt, role="vision", temperature=0.5, metadata=metadata)
    [request] = bedrock_standin.requests
    assert request.target == HAIKU
    body = request.body
    assert body["system"] == [
        {"text": "stable"},
        {"cachePoint": {"type": "default"}},
        {"text": "now: 2026-03-02"},
    ]
    assert body["messages"][0]["content"][0]["image"] == {
        "format": "png",
        "source": {"bytes": "iVBORw0KGgo="},
    }
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert body["inferenceConfig"] == {"maxTokens": 77, "temperature": 0.5}
    assert body["requestMetadata"] == {"exchange": "abc-1", "__": "___"}


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/{HAIKU}",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456",
    ],
)
def test_an_arn_arrives_percent_encoded_and_whole(bedrock_standin, make_llm, arn):
    bedrock_standin.say(Reply(text="ok"))
    make_llm(bedrock_models=(arn,)).complete(ASK, role="plan")
    [request] = bedrock_standin.requests
    assert request.target == arn
    assert request.path == f"/model/{urllib.parse.quote(arn, safe='')}/converse"


@pytest.mark.parametrize(
    ("cache", "wire"), [("off", None), ("5m", {"type": "default"}), ("1h", {"type": "default", "ttl": "1h"})]
)
def test_the_cache_point_follows_the_option(bedrock_standin, make_llm, cache, wire):
    bedrock_standin.say(Reply(text="ok"))
    make_llm(prompt_cache=cache).complete(ASK, role="plan")
    points = [
        part["cachePoint"] for part in bedrock_standin.requests[0].body["system"] if "cachePoint" in part
    ]
    assert points == ([wire] if wire else [])


def test_an_hour_of_cache_costs_its_own_price(bedrock_standin, make_llm):
    bedrock_standin.say(
        Reply(text="ok", usage={"inputTokens": 0, "outputTokens": 0, "cacheWriteInputTokens": 1_000_000})
    )
    assert make_llm(prompt_cache="1h").complete(ASK, role="plan").usage.cost_usd == Decimal(2)


def test_extra_fields_reach_the_model(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="ok"))
    make_llm(extra_fields={"top_k": 5}).complete(ASK, role="plan")
    assert bedrock_standin.requests[0].body["additionalModelRequestFields"] == {"top_k": 5}


@pytest.mark.parametrize("stop", ["max_tokens", "model_context_window_exceeded"])
def test_a_cut_answer_says_so(bedrock_standin, make_llm, stop):
    bedrock_standin.say(Reply(text="12분 30", stop=stop))
    assert make_llm().complete(ASK, role="phrase").truncated


def test_no_text_at_all_is_an_error_with_its_cost(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(reasoning="hmm", usage={"inputTokens": 1_000_000, "outputTokens": 0}))
    with pytest.raises(errors.InvalidOutput) as caught:
        make_llm().complete(ASK, role="phrase")
    assert caught.value.usage.cost_usd == 1


def test_an_unknown_model_has_no_cost_and_one_warning(bedrock_standin, make_llm, caplog):
    bedrock_standin.say(Reply(text="a"), Reply(text="b"))
    llm = make_llm(bedrock_models=("meta.llama9-test-v1:0",))
    assert llm.complete(ASK, role="plan").usage.cost_usd is None
    assert llm.complete(ASK, role="plan").usage.cost_usd is None
    assert sum("no price is known" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize(
    "case", cases("service_errors"), ids=lambda case: f"{case['code']}-{case['outcome']}"
)
def test_each_error_of_the_service(bedrock_standin, make_llm, time, case: dict[str, Any]):
    failure = Fail(code=case["code"], status=case["status"], message=case.get("message", "no"))
    bedrock_standin.say(*[failure] * 4)
    with pytest.raises(errors.LlmError) as caught:
        make_llm().complete(ASK, role="plan")
    assert caught.value.code == case["outcome"]
    assert caught.value.model == (
        HAIKU if caught.value.skip or caught.value.code == "bad_request" else caught.value.model
    )
    assert case["code"] in caught.value.detail
    assert len(bedrock_standin.requests) == case["sent"]
    # exponential, and as long as the dice allow
    assert time.waits == [0.5, 1.0][: case["sent"] - 1]


def test_a_fault_that_passes_costs_only_time(bedrock_standin, make_llm, time):
    bedrock_standin.say(
        Fail(code="ThrottlingException", status=429),
        Fail(code="ModelErrorException", status=424),
        Reply(text="ok"),
    )
    answer = make_llm().complete(ASK, role="plan")
    assert (answer.text, answer.attempts, answer.latency_ms) == ("ok", 3, 1500)


def test_retry_after_is_the_least_to_wait(bedrock_standin, make_llm, time):
    bedrock_standin.say(
        Fail(code="ThrottlingException", status=429, headers={"Retry-After": "7"}), Reply(text="ok")
    )
    make_llm().complete(ASK, role="plan")
    assert time.waits == [7.0]


def test_retry_after_may_be_a_date_or_nonsense(bedrock_standin, make_llm, time):
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    bedrock_standin.say(
        Fail(code="ThrottlingException", status=429, headers={"Retry-After": past}),
        Fail(code="ThrottlingException", status=429, headers={"Retry-After": "soon"}),
        Reply(text="ok"),
    )
    make_llm().complete(ASK, role="plan")
    assert time.waits == [0.5, 1.0]


def test_one_deadline_over_all_tries(bedrock_standin, make_llm, time):
    bedrock_standin.say(*[Fail(code="ThrottlingException", status=429, headers={"Retry-After": "4"})] * 3)
    with pytest.raises(errors.Throttled):
        make_llm().complete(ASK, role="plan", deadline=10)
    # the third try would have fitted, the wait after it not
    assert len(bedrock_standin.requests) == 3
    bedrock_standin.forget()
    bedrock_standin.say(*[Fail(code="ThrottlingException", status=429, headers={"Retry-After": "8"})] * 3)
    with pytest.raises(errors.Throttled):
        make_llm().complete(ASK, role="plan", deadline=10)
    assert len(bedrock_standin.requests) == 2


def test_a_deadline_that_has_passed_sends_nothing(bedrock_standin, make_llm):
    with pytest.raises(errors.DeadlineExceeded):
        make_llm().complete(ASK, role="plan", deadline=0.01)
    assert bedrock_standin.requests == []


def test_the_deadline_bounds_the_read_timeout(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="late", delay=5))
    with pytest.raises(errors.TimedOut) as caught:
        make_llm(plan_timeout=30).complete(ASK, role="plan", deadline=0.15)
    assert caught.value.code == "timed_out"
    # not sent again: it may have been paid for
    assert len(bedrock_standin.requests) == 1


def test_a_cancelled_call_stops_between_tries(bedrock_standin, make_llm, time):
    cancel = threading.Event()
    time.on_wait = cancel.set
    bedrock_standin.say(*[Fail(code="ThrottlingException", status=429)] * 3)
    with pytest.raises(errors.Cancelled):
        make_llm().complete(ASK, role="plan", cancel=cancel)
    assert len(bedrock_standin.requests) == 1


def test_a_cancelled_call_is_not_sent(bedrock_standin, make_llm):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(errors.Cancelled):
        make_llm().complete(ASK, role="plan", cancel=cancel)
    assert bedrock_standin.requests == []


@pytest.mark.parametrize("answer", [Raw(b'{"output": {"mess', cut=True), Raw(b"not json")])
def test_a_broken_body_is_tried_again(bedrock_standin, make_llm, answer):
    bedrock_standin.say(answer, Reply(text="ok"))
    assert make_llm().complete(ASK, role="plan").text == "ok"
    assert len(bedrock_standin.requests) == 2


def test_a_body_that_stalls_times_out(bedrock_standin, make_llm):
    bedrock_standin.say(Raw(b'{"output": {"mess', stall=True))
    with pytest.raises(errors.TimedOut):
        make_llm(plan_timeout=0.2).complete(ASK, role="plan")


def test_a_guardrail_that_intervenes_is_an_outcome_of_its_own(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="정책상 답할 수 없습니다.", stop="guardrail_intervened"))
    llm = make_llm(guardrail_id="gr1", guardrail_version="3")
    with pytest.raises(errors.GuardrailIntervened) as caught:
        llm.complete(Prompt.of("질문", system="schema", guarded=True), role="plan")
    assert caught.value.text == "정책상 답할 수 없습니다."
    assert caught.value.usage.input_tokens > 0
    body = bedrock_standin.requests[0].body
    assert body["guardrailConfig"] == {"guardrailIdentifier": "gr1", "guardrailVersion": "3"}
    assert body["messages"][0]["content"] == [{"guardContent": {"text": {"text": "질문"}}}]


def test_content_filtered(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="", stop="content_filtered"))
    with pytest.raises(errors.ContentFiltered):
        make_llm().complete(ASK, role="plan")


def test_faults_of_streams_do_not_touch_whole_answers(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="ok", fault=Fault("cut")))
    assert make_llm().complete(ASK, role="plan").text == "ok"
