"""Embeddings, knowledge base, guardrail, lifecycle; credentials, regions and what is left behind."""

import gc
import json
import math
import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm import Prompt, errors, open_llm
from llm.bedrock import Passage, apply_guardrail, clients, retrieve
from llm.options import LlmOptions
from llm.standin import Fail, Json, Reply

ASK = Prompt.of("언제?")

MODELS = {
    "amazon.titan-embed-text-v1": (None, 1536, 1),
    "amazon.titan-embed-text-v2:0": (256, 256, 1),
    "cohere.embed-multilingual-v3": (None, 1024, 96),
    "cohere.embed-v4:0": (512, 512, 96),
    "us.cohere.embed-v4:0": (None, 1536, 96),
    "amazon.nova-2-multimodal-embeddings-v1:0": (384, 384, 1),
}


@pytest.mark.parametrize(("model", "wanted"), MODELS.items())
def test_embeddings_of_each_model(bedrock_standin, make_llm, model, wanted):
    asked, dimensions, batch = wanted
    llm = make_llm(bedrock_embedding_model=model, embedding_dimensions=asked)
    texts = [f"사건 {number}" for number in range(100)] if batch > 1 else ["도난", "화재", "폭행"]
    found = llm.embed(texts, kind="document")
    assert (len(found.vectors), found.dimensions, found.model) == (len(texts), dimensions, model)
    assert all(math.isclose(sum(x * x for x in vector), 1, abs_tol=1e-6) for vector in found.vectors)
    assert len(bedrock_standin.requests) == found.attempts == math.ceil(len(texts) / batch)
    assert found.usage.input_tokens > 0
    assert found.usage.cost_usd > 0
    # in the order of the texts, though the calls ran side by side
    assert llm.embed([texts[1]], kind="document").vectors[0] == pytest.approx(found.vectors[1])


@pytest.mark.parametrize(
    ("model", "path", "query", "document"),
    [
        ("cohere.embed-multilingual-v3", ["input_type"], "search_query", "search_document"),
        ("cohere.embed-v4:0", ["input_type"], "search_query", "search_document"),
        (
            "amazon.nova-2-multimodal-embeddings-v1:0",
            ["singleEmbeddingParams", "embeddingPurpose"],
            "TEXT_RETRIEVAL",
            "GENERIC_INDEX",
        ),
    ],
)
def test_a_question_and_a_document_are_told_apart(bedrock_standin, make_llm, model, path, query, document):
    llm = make_llm(bedrock_embedding_model=model)
    llm.embed(["도난"], kind="query")
    llm.embed(["도난"], kind="document")

    def at(body: Any) -> Any:
        for step in path:
            body = body[step]
        return body

    assert [at(request.body) for request in bedrock_standin.requests] == [query, document]


def test_long_texts_are_cut_where_they_would_be_refused(bedrock_standin, make_llm):
    assert make_llm().embed(["도난 " * 2000], kind="document").dimensions == 1024


def test_cohere_may_answer_by_type(bedrock_standin, make_llm):
    bedrock_standin.say(Json({"embeddings": {"float": [[0.5, 0.5]]}}))
    assert make_llm().embed(["a"], kind="query").vectors == ((0.5, 0.5),)


def test_no_texts_ask_nothing(bedrock_standin, make_llm):
    found = make_llm().embed([], kind="document")
    assert (found.vectors, found.dimensions, bedrock_standin.requests) == ((), 0, [])


@pytest.mark.parametrize(
    ("options", "texts", "code"),
    [
        ({"bedrock_embedding_model": "x.unknown"}, ["a"], "configuration"),
        ({"embedding_dimensions": 7}, ["a"], "configuration"),
        ({}, ["a", "  "], "bad_request"),
    ],
)
def test_what_cannot_be_embedded(bedrock_standin, make_llm, options, texts, code):
    with pytest.raises(errors.LlmError) as caught:
        make_llm(**options).embed(texts, kind="query")
    assert caught.value.code == code
    assert bedrock_standin.requests == []


def test_one_batch_that_fails_fails_all_and_leaves_no_thread(bedrock_standin, make_llm):
    bedrock_standin.say(Fail(code="AccessDeniedException", status=403))
    with pytest.raises(errors.AccessDenied):
        make_llm(bedrock_embedding_model="amazon.titan-embed-text-v2:0").embed(["a"] * 20, kind="document")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("embed")]


def test_a_batch_is_tried_again_alone(bedrock_standin, make_llm):
    bedrock_standin.say(Fail(code="ThrottlingException", status=429))
    found = make_llm(bedrock_embedding_model="amazon.titan-embed-text-v2:0").embed(
        ["a", "b", "c"], kind="document"
    )
    assert found.attempts == 4


@pytest.mark.parametrize("body", [{"embeddings": []}, {"nothing": 1}, {"embeddings": [["x"]]}])
def test_strange_embeddings_are_an_error(bedrock_standin, make_llm, body):
    bedrock_standin.say(Json(body))
    with pytest.raises(errors.BadRequest):
        make_llm().embed(["a"], kind="query")


# --- knowledge base ---


def options(**more: Any) -> LlmOptions:
    return LlmOptions(**more)


def test_passages(bedrock_standin, time):
    result = {
        "content": {"text": "출입 규정", "type": "TEXT"},
        "score": 0.8,
        "location": {"type": "S3", "s3Location": {"uri": "s3://bucket/rules.md"}},
        "metadata": {"site": "강남점"},
    }
    bedrock_standin.say(
        Fail(code="ThrottlingException", status=429), Json({"retrievalResults": [result, {}]})
    )
    found = retrieve(
        options(knowledge_base_id="KB12345678"),
        query="규정" * 1000,
        limit=3,
        metadata_filter={"equals": {"key": "site", "value": "강남점"}},
        timing=time.timing(),
    )
    assert found == (
        Passage("출입 규정", 0.8, "s3://bucket/rules.md", {"site": "강남점"}),
        Passage("", None, "", {}),
    )
    request = bedrock_standin.requests[1]
    assert (request.target, len(request.body["retrievalQuery"]["text"])) == ("KB12345678", 1000)
    search = request.body["retrievalConfiguration"]["vectorSearchConfiguration"]
    assert search == {"numberOfResults": 3, "filter": {"equals": {"key": "site", "value": "강남점"}}}


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (
            Fail(
                code="ResourceNotFoundException",
                status=404,
                message="Knowledge Base with id X does not exist",
            ),
            "knowledge_base_unavailable",
        ),
        (Fail(code="AccessDeniedException", status=403), "knowledge_base_unavailable"),
        (Fail(code="ValidationException", status=400), "knowledge_base_unavailable"),
        (Fail(code="ExpiredTokenException", status=403), "credentials_expired"),
    ],
)
def test_a_knowledge_base_that_is_missing(bedrock_standin, failure, code):
    bedrock_standin.say(failure)
    with pytest.raises(errors.LlmError) as caught:
        retrieve(options(knowledge_base_id="KB12345678"), query="?")
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    "failure", ["BadGatewayException", "DependencyFailedException", "InternalServerException"]
)
def test_a_knowledge_base_out_of_order(bedrock_standin, time, failure):
    bedrock_standin.say(*[Fail(code=failure, status=502)] * 3)
    with pytest.raises(errors.Unavailable):
        retrieve(options(knowledge_base_id="KB12345678"), query="?", timing=time.timing())


def test_no_knowledge_base_is_configured():
    with pytest.raises(errors.KnowledgeBaseUnavailable, match="AWS_BEDROCK_KNOWLEDGE_BASE_ID"):
        retrieve(options(), query="?")


# --- guardrail ---


def test_a_guardrail_judges(bedrock_standin):
    arn = "arn:aws:bedrock:us-east-1:123456789012:guardrail/gr1"
    masked = {
        "action": "GUARDRAIL_INTERVENED",
        "outputs": [{"text": "{NAME}은 어디?"}],
        "assessments": [],
        "usage": {},
    }
    bedrock_standin.say(Json(masked))
    guarded = options(guardrail_id=arn, guardrail_version="2")
    first = apply_guardrail(guarded, text="홍길동은 어디?", source="INPUT")
    second = apply_guardrail(guarded, text="몇 명?", source="INPUT")
    assert (first.intervened, first.text) == (True, "{NAME}은 어디?")
    assert (second.intervened, second.text) == (False, "몇 명?")
    assert bedrock_standin.requests[0].target == arn


def test_a_guardrail_that_is_missing(bedrock_standin):
    bedrock_standin.say(Fail(code="ResourceNotFoundException", status=404))
    with pytest.raises(errors.GuardrailUnavailable):
        apply_guardrail(options(guardrail_id="gr1"), text="?", source="INPUT")
    with pytest.raises(errors.GuardrailUnavailable, match="AWS_BEDROCK_GUARDRAIL_ID"):
        apply_guardrail(options(), text="?", source="INPUT")


# --- what a fresh machine lacks ---


def _complete() -> None:
    open_llm(LlmOptions(region="", max_tries=1)).complete(ASK, role="plan", deadline=5)


@pytest.fixture
def fresh_sessions():
    clients.close_all()
    yield
    clients.close_all()


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "no_credentials"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "no_credentials"),
        ({"AWS_PROFILE": "missing"}, "no_credentials"),
        ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, "region_missing"),
        ({"AWS_DEFAULT_REGION": "not a region", "AWS_REGION": "not a region"}, "region_missing"),
        ({"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:9"}, "unreachable"),
        ({"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://bedrock.invalid"}, "unreachable"),
        ({"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "nonsense"}, "configuration"),
        ({"AWS_BEARER_TOKEN_BEDROCK": "token"}, "configuration"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(
    bedrock_standin, fresh_sessions, monkeypatch, environment: dict[str, str | None], code
):
    for name, value in environment.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(errors.LlmError) as caught:
        _complete()
    assert caught.value.code == code
    assert caught.value.hint
    assert caught.value.__cause__ is not None
    assert bedrock_standin.requests == []


def test_a_bearer_token_is_not_enough_for_a_knowledge_base(bedrock_standin, fresh_sessions, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "token")
    with pytest.raises(errors.NoCredentials, match="does not take AWS_BEARER_TOKEN_BEDROCK"):
        retrieve(options(knowledge_base_id="KB12345678"), query="?")


# --- one client, used well ---


def test_clients_are_shared_and_configured(bedrock_standin):
    chosen = options(pool_size=33, connect_timeout=2)
    first = clients.client("bedrock-runtime", chosen, timeout=30)
    assert clients.client("bedrock-runtime", chosen, timeout=30.0) is first
    config = first.meta.config
    assert (config.connect_timeout, config.read_timeout, config.max_pool_connections) == (2, 30, 33)
    assert config.tcp_keepalive is True
    assert config.retries["total_max_attempts"] == 1
    # rounded down, so that a deadline holds
    assert clients.client("bedrock-runtime", chosen, timeout=29.9).meta.config.read_timeout == 20


def test_many_threads_share_one_client(bedrock_standin, make_llm):
    bedrock_standin.say(*[Reply(text="ok")] * 32)
    llm = make_llm()
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(llm.complete(ASK, role="plan").text)) for _ in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["ok"] * 32
    assert len(clients._clients) == 1


def test_deadlines_do_not_breed_clients(bedrock_standin, make_llm):
    bedrock_standin.say(*[Reply(text="ok")] * 20)
    llm = make_llm()
    for number in range(20):
        llm.complete(ASK, role="plan", deadline=4 + number / 20)
    assert len(clients._clients) == 1


def _in_a_child(work: Callable[[], None]) -> int | None:
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(20)
    return child.exitcode


def test_a_forked_child_makes_its_own(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="parent"), Reply(text="child"), Reply(text="parent again"))
    llm = make_llm()
    assert llm.complete(ASK, role="plan").text == "parent"

    def work() -> None:
        assert clients._clients == {}
        os._exit(0 if llm.complete(ASK, role="plan").text == "child" else 1)

    assert _in_a_child(work) == 0
    assert llm.complete(ASK, role="plan").text == "parent again"


def _sockets() -> int:
    links = (link for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return sum(str(link.readlink()).startswith("socket:") for link in links)


def test_closing_leaves_no_socket_and_no_thread(bedrock_standin, make_llm):
    before, threads = _sockets(), threading.active_count()
    bedrock_standin.say(*[Reply(text="ok, a little longer")] * 3)
    llm = make_llm()
    llm.complete(ASK, role="plan")
    stream = llm.stream(ASK, role="phrase")
    next(stream)
    stream.close()
    list(llm.stream(ASK, role="phrase"))
    llm.close()
    # botocore's half-read stream is a cycle that holds the pool; the pool closes when it goes
    gc.collect()
    # and the stand-in's own ends a moment later
    for _ in range(100):
        if _sockets() <= before and threading.active_count() <= threads:
            break
        threading.Event().wait(0.02)
    # fewer, where an earlier test's had not all ended at the beginning
    assert _sockets() <= before
    assert threading.active_count() <= threads
    # and it may be used again
    bedrock_standin.say(Reply(text="ok"))
    assert llm.complete(ASK, role="plan").text == "ok"


def test_the_record_holds_no_credentials_of_ours(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="ok"))
    make_llm().complete(ASK, role="plan")
    assert "standin" in bedrock_standin.requests[0].headers["authorization"]
    assert json.dumps(bedrock_standin.requests[0].body).find("standin") == -1
