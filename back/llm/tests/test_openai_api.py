"""OpenAI's API, and the servers that imitate it, through the real client library."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from llm import Image, Llm, LlmOptions, Message, Prompt, StopReason, Text, TextDelta, errors, open_llm
from llm.cancelling import Cancel
from llm.memory import ModelMemory

from .web_standin import Page, Web, web

MODEL = "qwen3:8b"
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
        given = {"default_models": (MODEL,), "base_url": f"{site.url}/v1"} | options
        llm = open_llm(LlmOptions(provider="openai", **given), memory=ModelMemory(), timing=time.timing())
        made.append(llm)
        return llm

    yield make
    for llm in made:
        llm.close()


def answer(
    content: str | None = None, *, stop: str = "stop", tool: Any = None, cached: int = 0, **message: Any
) -> Page:
    said: dict[str, Any] = {"role": "assistant", "content": content, **message}
    if tool is not None:
        function = {"name": "plan", "arguments": tool if isinstance(tool, str) else json.dumps(tool)}
        said["tool_calls"] = [{"id": "c", "type": "function", "function": function}]
    counted = {"prompt_tokens": 100, "completion_tokens": 5, "total_tokens": 105}
    counted["prompt_tokens_details"] = {"cached_tokens": cached}  # type: ignore[assignment]
    choice = {"index": 0, "message": said, "finish_reason": stop}
    return Page(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": MODEL,
            "choices": [choice],
            "usage": counted,
        }
    )


def streamed(*pieces: str, stop: str | None = "stop", **page: Any) -> Page:
    def chunk(choices: list[Any], usage: Any = None) -> dict[str, Any]:
        head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        return {**head, "choices": choices, "usage": usage}

    events: list[Any] = [
        chunk([{"index": 0, "delta": {"content": piece}, "finish_reason": None}]) for piece in pieces
    ]
    if stop:
        events.append(chunk([{"index": 0, "delta": {}, "finish_reason": stop}]))
        events.append(chunk([], {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}))
        events.append("[DONE]")
    return Page(events=events, **page)


def failure(status: int, message: str = "no", *, code: str | None = None) -> Page:
    return Page(
        {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": None}},
        status=status,
    )


def test_text(site, make):
    site.pages = [answer("12분 30초", cached=60)]
    prompt = Prompt(system=ASK.system, messages=(Message("user", (Image(b"x", "jpeg"), Text("무엇?"))),))
    done = make(extra_fields={"top_k": 3}).complete(prompt, role="vision")
    assert (done.text, done.stop_reason) == ("12분 30초", StopReason.END)
    assert (done.usage.input_tokens, done.usage.cache_read_tokens, done.usage.output_tokens) == (40, 60, 5)
    assert done.usage.cost_usd is None
    [body] = site.requests
    assert body["messages"][0] == {"role": "system", "content": "Answer from the events."}
    assert body["messages"][1]["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,eA=="}},
        {"type": "text", "text": "무엇?"},
    ]
    assert (body["max_tokens"], body["temperature"], body["top_k"]) == (2048, 0, 3)
    assert site.paths == ["/v1/chat/completions"]


def test_data_down_the_ladder(site, make):
    site.pages = [
        answer('{"sql": "SELECT 1"}'),
        failure(400, "This response_format type is unavailable now"),
        answer(tool={"sql": "SELECT 2"}, stop="tool_calls"),
        failure(400, "tool_choice is not supported"),
        answer('```json\n{"sql": "SELECT 3"}\n```'),
    ]
    llm = make()

    def ask() -> Any:
        return llm.data(ASK, role="plan", schema=SCHEMA, name="plan")

    assert [ask().rung for _ in range(3)] == ["native", "tool", "text"]
    held = site.requests[0]["response_format"]["json_schema"]
    assert (held["name"], held["strict"]) == ("plan", True)
    assert site.requests[2]["tool_choice"] == {"type": "function", "function": {"name": "plan"}}
    assert "JSON" in site.requests[4]["messages"][0]["content"]


def test_optional_properties_are_not_strict(site, make):
    site.pages = [answer("{}")]
    make().data(
        ASK, role="plan", schema={"type": "object", "properties": {"a": {"type": "string"}}}, name="plan"
    )
    assert site.requests[0]["response_format"]["json_schema"]["strict"] is False


def test_a_broken_tool_call_is_repaired(site, make):
    site.pages = [answer(tool='{"sql": ', stop="tool_calls"), answer('{"sql": "x"}')]
    llm = make()
    llm.memory.drop(MODEL, "native_schema")
    assert llm.data(ASK, role="plan", schema=SCHEMA, name="plan").repaired


@pytest.mark.parametrize(
    "page", [answer("no", stop="content_filter"), answer(refusal="I can't help with that.")]
)
def test_filtered(site, make, page):
    site.pages = [page]
    with pytest.raises(errors.ContentFiltered):
        make().complete(ASK, role="plan")


def test_cut(site, make):
    site.pages = [answer("12분", stop="length")]
    assert make().complete(ASK, role="plan").truncated


def test_stream(site, make):
    site.pages = [streamed("하나 ", "둘")]
    stream = make().stream(ASK, role="phrase")
    assert [event.text for event in stream if isinstance(event, TextDelta)] == ["하나 ", "둘"]
    assert (stream.completion.usage.input_tokens, stream.completion.usage.output_tokens) == (10, 2)
    assert site.requests[0]["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (streamed("하나", stop=None), "stream_broken"),
        (streamed("하나", stop=None, cut=True), "unavailable"),
        (streamed("하나", stop=None, stall=True), "timed_out"),
        (
            Page(events=[*streamed("하나", stop=None).events, {"error": {"message": "boom", "code": 500}}]),
            "unavailable",
        ),
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


@pytest.mark.parametrize("how", ["at once", "on a kept connection"])
def test_cancelling_cuts_the_connection(site, make, how):
    llm, cancel = make(), Cancel()
    site.pages = [Page(events=[], stall=True)]
    if how == "on a kept connection":
        site.pages.insert(0, answer("네"))
        llm.complete(ASK, role="phrase", cancel=Cancel())
    threading.Timer(0.3, cancel.set).start()
    with pytest.raises(errors.Cancelled) as caught:
        list(llm.stream(ASK, role="phrase", cancel=cancel))
    assert site.gone.wait(2)
    assert not site.pages
    assert caught.value.usage.input_tokens > 0


def test_a_consumer_that_leaves_closes_the_connection(site, make):
    site.pages = [streamed("하나", "둘", stop=None, stall=True)]
    with make().stream(ASK, role="phrase") as stream:
        next(stream)
    assert site.gone.wait(2)


@pytest.mark.parametrize(
    ("page", "code", "sent"),
    [
        (failure(429), "throttled", 3),
        (failure(429, code="insufficient_quota"), "quota_exceeded", 1),
        (failure(503), "unavailable", 3),
        (failure(401), "credentials_refused", 1),
        (failure(403), "access_denied", 1),
        (failure(404, "The model `x` does not exist"), "model_retired", 1),
        (failure(400, "too much", code="context_length_exceeded"), "prompt_too_long", 1),
        (failure(400, "filtered", code="content_filter"), "content_filtered", 1),
        (failure(400, "messages: wrong"), "bad_request", 1),
        (Page(b"{"), "stream_broken", 3),
        (Page({"choices": []}), "unavailable", 3),
    ],
)
def test_errors(site, make, page, code, sent):
    site.pages = [page] * 3
    with pytest.raises(errors.LlmError) as caught:
        make().complete(ASK, role="plan")
    assert caught.value.code == code
    assert len(site.requests) == sent


def test_embeddings_in_order_with_the_side_that_upstage_wants(site, make):
    def vectors(*indices: int) -> Page:
        data = [
            {"object": "embedding", "index": index, "embedding": [float(index), 1.0]} for index in indices
        ]
        return Page(
            {"object": "list", "model": MODEL, "data": data, "usage": {"prompt_tokens": 3, "total_tokens": 3}}
        )

    site.pages = [vectors(1, 0), vectors(0)]
    llm = make(embedding="solar-embedding-1-large-passage", embedding_dimensions=2)
    found = llm.embed(["a", "b"], kind="document")
    assert found.vectors == ((0.0, 1.0), (1.0, 1.0))
    assert (found.dimensions, found.usage.input_tokens) == (2, 3)
    llm.embed(["a"], kind="query")
    assert [body["model"] for body in site.requests] == [
        "solar-embedding-1-large-passage",
        "solar-embedding-1-large-query",
    ]
    assert site.requests[0]["dimensions"] == 2


def test_openai_itself_wants_a_key_and_another_name_for_the_limit(make, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    with pytest.raises(errors.NoCredentials):
        make(base_url="").complete(ASK, role="plan")


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("", "max_completion_tokens"),
        ("https://x.openai.azure.com/openai/v1/", "max_completion_tokens"),
        ("http://127.0.0.1:11434/v1", "max_tokens"),
        ("https://api.deepseek.com", "max_tokens"),
    ],
)
def test_the_limit_by_its_local_name(make, base_url, name):
    from llm.binding import Request
    from llm.openai_api import to_chat

    request = Request(model=MODEL, prompt=ASK, max_tokens=7)
    assert to_chat(request, LlmOptions(provider="openai", base_url=base_url))[name] == 7
