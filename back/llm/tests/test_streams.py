"""Streams: events in order, every way to break, and nothing left open."""

import threading
from typing import Any

import pytest

from llm import Prompt, Stop, StreamEvent, TextDelta, TextStream, UsageReport, errors
from llm.standin import Fail, Fault, Reply

from .conftest import HAIKU, cases

ASK = Prompt.of("언제?")
TEXT = "하나 둘 셋 넷 다섯 여섯 일곱 여덟"


def _take(stream: TextStream, into: list[StreamEvent]) -> None:
    for event in stream:
        into.append(event)


def test_text_then_usage_then_stop(bedrock_standin, make_llm):
    counted = {"inputTokens": 10, "outputTokens": 5, "cacheReadInputTokens": 7, "cacheWriteInputTokens": 3}
    bedrock_standin.say(Reply(text=TEXT, reasoning="hm", usage=counted))
    with make_llm().stream(ASK, role="phrase") as stream:
        events = list(stream)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == TEXT
    assert [type(event) for event in events[-2:]] == [UsageReport, Stop]
    done = stream.completion
    assert (done.text, done.model, done.attempts, done.truncated) == (TEXT, HAIKU, 1, False)
    assert (done.usage.input_tokens, done.usage.cache_read_tokens, done.usage.cache_write_tokens) == (
        10,
        7,
        3,
    )
    assert bedrock_standin.requests[0].operation == "ConverseStream"


def test_nothing_is_sent_before_the_first_event_is_wanted(bedrock_standin, make_llm):
    make_llm().stream(ASK, role="phrase").close()
    assert bedrock_standin.requests == []


@pytest.mark.parametrize(
    "case", cases("stream_faults"), ids=lambda case: f"{case['fault']}-{case.get('code', '')}"
)
def test_after_the_first_word_a_broken_stream_is_an_error(bedrock_standin, make_llm, case: dict[str, Any]):
    fault = Fault(case["fault"], after=2, code=case.get("code", ""))
    bedrock_standin.say(Reply(text=TEXT, fault=fault))
    stream = make_llm(phrase_timeout=0.2).stream(ASK, role="phrase")
    got: list[StreamEvent] = []
    with pytest.raises(errors.LlmError) as caught:
        _take(stream, got)
    assert caught.value.code == case["after"]
    assert caught.value.model == HAIKU
    assert got
    assert all(isinstance(event, TextDelta) for event in got)
    assert stream.completion is None
    assert len(bedrock_standin.requests) == 1


@pytest.mark.parametrize(
    "case",
    [case for case in cases("stream_faults") if "before" in case],
    ids=lambda case: f"{case['fault']}-{case.get('code', '')}",
)
def test_before_the_first_word_it_is_tried_again(bedrock_standin, make_llm, case: dict[str, Any]):
    fault = Fault(case["fault"], after=0, code=case.get("code", ""))
    bedrock_standin.say(*[Reply(text=TEXT, fault=fault)] * 3)
    with pytest.raises(errors.LlmError) as caught:
        list(make_llm(phrase_timeout=0.2).stream(ASK, role="phrase"))
    assert caught.value.code == case["before"]
    assert len(bedrock_standin.requests) == case.get("before_sent", 3)


def test_a_second_try_streams_as_if_nothing_had_been(bedrock_standin, make_llm):
    bedrock_standin.say(
        Fail(code="ThrottlingException", status=429),
        Reply(text="x", fault=Fault("exception", after=0, code="throttlingException")),
        Reply(text=TEXT),
    )
    stream = make_llm().stream(ASK, role="phrase")
    assert "".join(event.text for event in stream if isinstance(event, TextDelta)) == TEXT
    assert stream.completion.attempts == 3


def test_the_next_model_streams_when_the_first_is_retired(bedrock_standin, make_llm):
    retired = Fail(
        code="ValidationException", status=400, message="The provided model identifier is invalid."
    )
    bedrock_standin.say(retired, model="old.model")
    bedrock_standin.say(Reply(text=TEXT), model=HAIKU)
    stream = make_llm(bedrock_models=("old.model", HAIKU)).stream(ASK, role="phrase")
    list(stream)
    assert stream.completion.model == HAIKU


def test_missing_usage_does_not_spoil_the_answer(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text=TEXT, fault=Fault("no_metadata")))
    stream = make_llm().stream(ASK, role="phrase")
    list(stream)
    assert stream.completion.text == TEXT
    assert stream.completion.usage.cost_usd is None


def test_a_cut_answer_says_so(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text=TEXT, stop="max_tokens"))
    stream = make_llm().stream(ASK, role="phrase")
    list(stream)
    assert stream.completion.truncated


def test_a_guardrail_in_a_stream(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="안 됩니다.", stop="guardrail_intervened"))
    with pytest.raises(errors.GuardrailIntervened) as caught:
        list(make_llm(guardrail_id="gr1").stream(ASK, role="phrase"))
    assert caught.value.text == "안 됩니다."
    assert caught.value.usage.output_tokens > 0
    assert bedrock_standin.requests[0].body["guardrailConfig"]["streamProcessingMode"] == "sync"


def test_an_empty_stream_is_an_error(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text=""))
    with pytest.raises(errors.InvalidOutput):
        list(make_llm().stream(ASK, role="phrase"))


@pytest.mark.parametrize("how", ["close", "with", "forget"])
def test_a_consumer_that_leaves_closes_the_connection(bedrock_standin, make_llm, how):
    bedrock_standin.say(Reply(text=TEXT, fault=Fault("stall", after=2)))
    stream = make_llm().stream(ASK, role="phrase")
    next(stream)
    if how == "close":
        stream.close()
    elif how == "with":
        with stream:
            pass
    else:
        del stream
    assert bedrock_standin.requests[0].gone.wait(2)


def test_cancelling_closes_the_connection(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text=TEXT, fault=Fault("stall", after=4)))
    cancel = threading.Event()
    stream = make_llm().stream(ASK, role="phrase", cancel=cancel)
    next(stream)
    cancel.set()
    with pytest.raises(errors.Cancelled):
        next(stream)
    assert bedrock_standin.requests[0].gone.wait(2)


def test_the_deadline_ends_a_stream_that_goes_on(bedrock_standin, make_llm, time):
    bedrock_standin.say(Reply(text=TEXT))
    stream = make_llm().stream(ASK, role="phrase", deadline=20)
    next(stream)
    time.now += 30
    with pytest.raises(errors.DeadlineExceeded):
        next(stream)
