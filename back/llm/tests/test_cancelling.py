"""Cancelling a call cuts its connection, and no other."""

import socket
import threading
import time as clock

import pytest

from llm import Prompt, errors
from llm.cancelling import Cancel, Wire
from llm.estimating import tokens_of
from llm.standin import Fault, Reply

ASK = Prompt.of("언제?", system="Answer.")
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


def soon(cancel: Cancel, standin, *, wait_for: threading.Event | None = None) -> None:
    """Sets it once the stand-in is at work."""

    def wait() -> None:
        while not standin.requests:
            clock.sleep(0.01)
        if wait_for is not None:
            wait_for.wait(5)
            clock.sleep(0.1)
        cancel.set()

    threading.Thread(target=wait, daemon=True).start()


@pytest.mark.parametrize("call", ["data", "complete", "stream", "stalled stream", "cut at once"])
def test_a_call_that_is_cancelled_ends_at_once(bedrock_standin, make_llm, call):
    cancel, llm, speaks = Cancel(), make_llm(), threading.Event()
    began = clock.monotonic()
    if call == "stalled stream":
        bedrock_standin.say(Reply(text="네, 12분 30초입니다.", fault=Fault("stall", after=1)))
    else:
        bedrock_standin.say(Reply(text="네.", data={"a": 1}, delay=20))
    if call == "cut at once":
        cancel.set()
    else:
        soon(cancel, bedrock_standin, wait_for=speaks if call == "stalled stream" else None)

    def wait_for_it() -> None:
        if call == "data":
            llm.data(ASK, role="plan", schema=SCHEMA, name="plan", cancel=cancel)
        elif "stream" in call:
            for _ in llm.stream(ASK, role="phrase", cancel=cancel):
                speaks.set()
        else:
            llm.complete(ASK, role="plan", cancel=cancel)

    with pytest.raises(errors.Cancelled) as caught:
        wait_for_it()
    assert clock.monotonic() - began < 5
    if call == "cut at once":
        assert bedrock_standin.requests == []
        assert caught.value.usage.input_tokens == 0
        return
    assert bedrock_standin.requests[0].gone.wait(2)
    assert len(bedrock_standin.requests) == 1
    assert caught.value.usage.input_tokens >= tokens_of("언제?Answer.")
    assert caught.value.usage.cost_usd > 0
    assert (caught.value.usage.output_tokens > 0) == (call == "stalled stream")
    assert llm.available("plan")  # nothing is held against the model


def test_vectors_are_cut_off_too(bedrock_standin, make_llm):
    cancel, llm = Cancel(), make_llm(bedrock_embedding_model="amazon.titan-embed-text-v2:0")
    bedrock_standin.say(*[Reply(text="", delay=20)] * 3)
    soon(cancel, bedrock_standin)
    with pytest.raises(errors.Cancelled):
        llm.embed(["가", "나", "다"], kind="document", cancel=cancel)
    assert bedrock_standin.requests[0].gone.wait(2)


def test_a_connection_serves_on_after_the_call_that_could_be_cancelled(bedrock_standin, make_llm):
    cancel, llm = Cancel(), make_llm()
    bedrock_standin.say(Reply(text="하나."), Reply(text="둘.", delay=0.3))
    assert llm.complete(ASK, role="plan", cancel=cancel).text == "하나."
    threading.Timer(0.1, cancel.set).start()
    assert llm.complete(ASK, role="plan").text == "둘."


def test_what_a_stream_costs_is_estimated_until_it_is_said(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="네, 12분 30초입니다." * 3, usage={"inputTokens": 7, "outputTokens": 9}))
    stream = make_llm().stream(ASK, role="phrase")
    assert stream.usage.input_tokens == 0
    next(stream)
    early = stream.usage
    assert early.input_tokens > 0
    assert early.output_tokens > 0
    list(stream)
    assert (stream.usage.input_tokens, stream.usage.output_tokens) == (7, 9)


def test_what_timed_out_is_counted_beside_what_answered(bedrock_standin, make_llm):
    models = ("anthropic.claude-haiku-4-5", "anthropic.claude-sonnet-4-6")
    llm = make_llm(plan_timeout=0.3, bedrock_models=models)
    usage = {"inputTokens": 1, "outputTokens": 1}
    bedrock_standin.say(Reply(text="spät", delay=3), Reply(text="네.", usage=usage))
    done = llm.complete(ASK, role="plan")
    assert done.model == models[1]
    assert done.usage.input_tokens > 1


class Line:
    """A kept-alive connection."""

    wire = None


def test_a_connection_that_went_to_another_call_is_left_alone():
    ours, theirs = socket.socketpair()
    try:
        line, first, second = Line(), Wire(), Wire()
        first.hold(line, ours)
        second.hold(line, ours)
        first.cut()
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
        second.cut()
        assert theirs.recv(1) == b""
    finally:
        ours.close()
        theirs.close()


def test_a_connection_that_comes_too_late_is_cut_as_it_comes():
    ours, theirs = socket.socketpair()
    try:
        wire = Wire()
        wire.cut()
        wire.hold(Line(), ours)
        assert theirs.recv(1) == b""
    finally:
        ours.close()
        theirs.close()
