"""Anthropic's own API through its real client library."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from llm import (
    CachePoint,
    Image,
    Llm,
    LlmOptions,
    Message,
    Prompt,
    StopReason,
    Text,
    TextDelta,
    errors,
    open_llm,
)
from llm.cancelling import Cancel
from llm.memory import ModelMemory

from .web_standin import Page, Web, web

MODEL = "claude-sonnet-4-6"
ASK = Prompt.of("언제?", system="Answer from the events.")
SCHEMA = {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]}


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as state:
        yield state


@pytest.fixture
def make(site, time) -> Iterator[Callable[..., Llm]]:
    made: list[Llm] = []

    def make(**options: Any) -> Llm:
        given = {"default_models": (MODEL,), "api_key": "sk-test", "base_url": site.url} | options
        llm = open_llm(LlmOptions(provider="anthropic", **given), memory=ModelMemory(), timing=time.timing())
        made.append(llm)
        return llm

    yield make
    for llm in made:
        llm.close()


def message(*content: dict[str, Any], stop: str = "end_turn", **usage: int) -> Page:
    counted = {"input_tokens": 10, "output_tokens": 5, **usage}
    body = {"id": "msg_1", "type": "message", "role": "assistant", "model": MODEL, "content": list(content)}
    return Page({**body, "stop_reason": stop, "stop_sequence": None, "usage": counted})


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def failure(status: int, kind: str, words: str = "no", **headers: str) -> Page:
    body = {"type": "error", "error": {"type": kind, "message": words}}
    return Page(body, status=status, headers=headers)


def streamed(*pieces: str, stop: str = "end_turn", end: bool = True, **page: Any) -> Page:
    start = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
    }
    start |= {
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1, "cache_read_input_tokens": 7},
    }
    events: list[Any] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
    ]
    events += [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
        for piece in pieces
    ]
    if end:
        done = {"stop_reason": stop, "stop_sequence": None}
        events += [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": done, "usage": {"output_tokens": 15}},
            {"type": "message_stop"},
        ]
    return Page(events=events, **page)


def test_text(site, make):
    thinking = {"type": "thinking", "thinking": "hm", "signature": "s"}
    counted = {"cache_read_input_tokens": 100, "cache_creation_input_tokens": 1000}
    site.pages = [message(thinking, text("12분 30초"), **counted)]
    prompt = Prompt(
        system=(Text("stable"), CachePoint(), Text("now")),
        messages=(Message("user", (Image(b"x", "png"), Text("무엇?"))),),
    )
    answer = make().complete(prompt, role="vision", metadata={"user_id": "u1"})
    assert (answer.text, answer.stop_reason, answer.model) == ("12분 30초", StopReason.END, MODEL)
    # 10·3 + 5·15 + 100·0.30 + 1000·3.75, per million
    assert answer.usage.cost_usd == Decimal("0.003885")
    [body] = site.requests
    assert body["system"] == [
        {"type": "text", "text": "stable", "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": "now"},
    ]
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "eA=="}}
    assert body["messages"] == [{"role": "user", "content": [image, {"type": "text", "text": "무엇?"}]}]
    assert (body["model"], body["max_tokens"], body["temperature"]) == (MODEL, 2048, 0)
    assert body["metadata"] == {"user_id": "u1"}
    assert site.paths == ["/v1/messages"]
    assert site.headers[0]["authorization"] == "Bearer sk-test"


def test_data_down_the_ladder(site, make):
    tool = {"type": "tool_use", "id": "t", "name": "plan", "input": {"sql": "SELECT 1"}}
    refusal = failure(400, "invalid_request_error", "output_config.format: not supported by this model")
    site.pages = [
        message(text('{"sql": 1}')),
        message(text('{"sql": "x"}')),
        refusal,
        message(tool, stop="tool_use"),
    ]
    llm = make()
    repaired = llm.data(ASK, role="plan", schema=SCHEMA, name="plan")
    assert (repaired.data, repaired.rung, repaired.repaired) == ({"sql": "x"}, "native", True)
    answer = llm.data(ASK, role="plan", schema=SCHEMA, name="plan")
    assert (answer.data, answer.rung) == ({"sql": "SELECT 1"}, "tool")
    assert site.requests[0]["output_config"]["format"]["schema"]["additionalProperties"] is False
    assert site.requests[3]["tool_choice"] == {"type": "tool", "name": "plan"}
    assert "output_config" not in site.requests[3]


def test_stream(site, make):
    site.pages = [streamed("하나 ", "둘")]
    stream = make().stream(ASK, role="phrase")
    assert [event.text for event in stream if isinstance(event, TextDelta)] == ["하나 ", "둘"]
    done = stream.completion
    assert (done.text, done.stop_reason) == ("하나 둘", StopReason.END)
    assert (done.usage.input_tokens, done.usage.output_tokens, done.usage.cache_read_tokens) == (10, 15, 7)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (streamed("하나", end=False), "stream_broken"),
        (streamed("하나", end=False, cut=True), "unavailable"),
        (streamed("하나", end=False, stall=True), "timed_out"),
        (streamed("나쁜 말", stop="refusal"), "content_filtered"),
    ],
)
def test_a_stream_that_breaks(site, make, page, code):
    site.pages = [page]
    stream = make(phrase_timeout=0.3).stream(ASK, role="phrase")
    next(stream)
    with pytest.raises(errors.LlmError) as caught:
        list(stream)
    assert caught.value.code == code
    assert len(site.requests) == 1


def test_an_error_event_before_the_first_word_is_tried_again(site, make):
    overloaded = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    site.pages = [Page(events=[overloaded]), streamed("네")]
    stream = make().stream(ASK, role="phrase")
    assert [event.text for event in stream if isinstance(event, TextDelta)] == ["네"]


@pytest.mark.parametrize("how", ["at once", "on a kept connection"])
def test_cancelling_cuts_the_connection(site, make, how):
    llm, cancel = make(), Cancel()
    site.pages = [Page(events=[], stall=True)]
    if how == "on a kept connection":
        site.pages.insert(0, message(text("네")))
        llm.complete(ASK, role="phrase", cancel=Cancel())
    threading.Timer(0.3, cancel.set).start()
    with pytest.raises(errors.Cancelled) as caught:
        list(llm.stream(ASK, role="phrase", cancel=cancel))
    assert site.gone.wait(2)
    assert not site.pages
    assert caught.value.usage.input_tokens > 0


def test_a_consumer_that_leaves_closes_the_connection(site, make):
    site.pages = [streamed("하나", "둘", end=False, stall=True)]
    with make().stream(ASK, role="phrase") as stream:
        next(stream)
    assert site.gone.wait(2)


@pytest.mark.parametrize(
    ("page", "code", "sent"),
    [
        (failure(429, "rate_limit_error"), "throttled", 3),
        (failure(529, "overloaded_error"), "unavailable", 3),
        (failure(500, "api_error"), "unavailable", 3),
        (failure(401, "authentication_error"), "credentials_refused", 1),
        (failure(402, "billing_error"), "quota_exceeded", 1),
        (failure(403, "permission_error"), "access_denied", 1),
        (failure(404, "not_found_error", "model: claude-x"), "model_retired", 1),
        (failure(413, "request_too_large"), "prompt_too_long", 1),
        (
            failure(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
            "prompt_too_long",
            1,
        ),
        (failure(400, "invalid_request_error", "messages: wrong"), "bad_request", 1),
        (Page(b"{"), "stream_broken", 3),
    ],
)
def test_errors(site, make, page, code, sent):
    site.pages = [page] * 3
    with pytest.raises(errors.LlmError) as caught:
        make().complete(ASK, role="plan")
    assert caught.value.code == code
    assert len(site.requests) == sent


def test_a_refused_temperature_is_dropped(site, make):
    site.pages = [
        failure(400, "invalid_request_error", "temperature is deprecated for this model."),
        message(text("네")),
    ]
    assert make().complete(ASK, role="plan").attempts == 2
    assert ["temperature" in body for body in site.requests] == [True, False]


def test_retry_after(site, make, time):
    site.pages = [failure(429, "rate_limit_error", **{"retry-after": "4"}), message(text("네"))]
    make().complete(ASK, role="plan")
    assert time.waits == [4.0]


def test_nobody_listens(make):
    with pytest.raises(errors.Unreachable):
        make(base_url="http://127.0.0.1:9", max_tries=1).complete(ASK, role="plan")


def test_no_key_says_what_to_do(site, make, monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(errors.NoCredentials, match="LLM_API_KEY"):
        make(api_key="").complete(ASK, role="plan")
    assert site.requests == []


def test_no_embeddings(make):
    with pytest.raises(errors.ConfigurationError, match="no embeddings"):
        make(embedding="x").embed(["a"], kind="query")


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_a_missing_library_says_what_to_install(monkeypatch, provider):
    monkeypatch.setitem(sys.modules, provider, None)
    with pytest.raises(errors.MissingExtra, match=rf"\.\[{provider}\]"):
        open_llm(LlmOptions(provider=provider))
