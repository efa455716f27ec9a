"""The three calls of the shell, without a request."""

import socket

import pytest

from apps.api.bedrock_service import BedrockError, get_bedrock_service
from apps.api.bedrock_service.tests.conftest import MODEL, plan
from apps.db.models import Event
from llm.bedrock import clients
from llm.standin import Fail, Json, Reply

pytestmark = pytest.mark.django_db(transaction=True)


def test_text_to_sql_gives_what_may_run(claude, shop):
    sql = "SELECT COUNT(*) AS value FROM db_event e WHERE e.event_type = 'theft'"
    evidence = "SELECT e.id FROM db_event e WHERE e.event_type = 'theft'"
    claude.say(
        Reply(
            data=plan(sql, evidence_sql=evidence, intent="count_events"),
            usage={"inputTokens": 900, "outputTokens": 80},
        )
    )
    made = get_bedrock_service().text_to_sql("도난 몇 건이야?", video_id=shop.pk)

    assert (made.kind, made.intent, made.model, made.tries) == ("answer", "count_events", MODEL, 1)
    assert made.sql.startswith("SELECT count(*) AS value FROM public.db_event e")
    assert "LIMIT" in made.evidence_sql
    assert made.usage.input_tokens == 900
    assert float(made.cost_usd) == pytest.approx((900 * 1 + 80 * 5) / 1e6)


def test_text_to_sql_says_why_there_is_none(claude, shop):
    reply = plan(kind="refusal", reason_code="identity", reason="이름은 기록되어 있지 않습니다.")
    claude.say(Reply(data=reply))
    made = get_bedrock_service().text_to_sql("도둑 이름이 뭐야?")
    assert (made.kind, made.reason_code, made.sql) == ("refusal", "identity", "")
    assert made.reason == "이름은 기록되어 있지 않습니다."


def test_text_to_sql_lets_the_model_learn_and_then_gives_up(claude, shop):
    bad = Reply(data=plan("SELECT pg_sleep(9)"))
    claude.say(bad, Reply(data=plan("SELECT e.* FROM db_event e")))
    assert get_bedrock_service().text_to_sql("무슨 일 있었어?").tries == 2
    claude.say(bad, bad, bad)
    with pytest.raises(BedrockError, match=r"not allowed, 3 times.*pg_sleep") as told:
        get_bedrock_service().text_to_sql("무슨 일 있었어?")
    assert told.value.code == "sql_refused"


def test_events_become_words_with_citations(claude, shop):
    events = list(Event.objects.filter(event_type="theft").order_by("timestamp").values())
    text = f"12분 30초[[e:{events[0]['id']}]]에 도난이 있었습니다."
    claude.say(Reply(text=text))
    made = get_bedrock_service().format_timeline_response("도난 있었어?", events, "매장 CCTV")
    assert str(made) == "12분 30초에 도난이 있었습니다."
    assert (made.verified, made.source) == (True, "model")
    assert [c.event_id for c in made.citations] == [events[0]["id"]]


def test_events_may_be_bare_and_the_text_streamed(claude):
    events = [{"timestamp": 75.0, "event_type": "fall"}, {"timestamp": 12, "event_type": "enter"}]
    claude.say(Reply(text="A fall at 1:15[[e:1]]."))
    *pieces, last = get_bedrock_service().format_timeline_response(
        "did anyone fall?", events, "Lobby", stream=True
    )
    assert len(pieces) > 1
    assert "".join(pieces) == last.text == "A fall at 1:15."
    assert last.citations[0].timestamp == 75.0


def test_words_that_cannot_be_traced_give_way_to_the_templates(claude):
    claude.say(Reply(text="There were 9 falls at 4:44."), Reply(text="At 5:55 somebody fell."))
    made = get_bedrock_service().format_timeline_response(
        "did anyone fall?", [{"timestamp": 75.0, "event_type": "fall"}], "Lobby"
    )
    assert (made.source, made.verified) == ("template", True)
    assert "1:15" in made.text


def test_an_event_without_its_moment_is_refused():
    with pytest.raises(ValueError, match="event 1 has no timestamp"):
        get_bedrock_service().format_timeline_response("?", [{"event_type": "fall"}], "Lobby")


def test_passages_come_with_their_source(claude, llm_options):
    llm_options(knowledge_base_id="ABCDEFGHIJ")
    place = {"type": "S3", "s3Location": {"uri": "s3://manuals/falls.pdf"}}
    result = {"content": {"text": "119에 신고합니다."}, "score": 0.9, "location": place}
    claude.say(Json({"retrievalResults": [result]}))
    (passage,) = get_bedrock_service().retrieve_from_knowledge_base("낙상 절차", limit=3)
    assert (passage.text, passage.score, passage.source) == (
        "119에 신고합니다.", 0.9, "s3://manuals/falls.pdf",
    )  # fmt: skip
    search = claude.requests[-1].body["retrievalConfiguration"]["vectorSearchConfiguration"]
    assert search["numberOfResults"] == 3


@pytest.mark.parametrize(
    ("status", "name", "message", "code", "says"),
    [
        (403, "AccessDeniedException", "no access to the model", "access_denied", "bedrock:InvokeModel"),
        (403, "ExpiredTokenException", "the token has expired", "credentials_expired", "aws sso login"),
        (403, "UnrecognizedClientException", "token invalid", "credentials_refused", "key, secret"),
        (400, "ValidationException", "model identifier is invalid", "bad_request", "detail"),
        (404, "ResourceNotFoundException", "no such model", "model_retired", "AWS_BEDROCK_MODEL_ID"),
        (429, "ThrottlingException", "too many requests", "throttled", "quota"),
    ],
)
def test_errors_say_what_aws_said_and_what_to_do(claude, shop, status, name, message, code, says):
    claude.say(Fail(code=name, status=status, message=message))
    with pytest.raises(BedrockError) as told:
        get_bedrock_service().text_to_sql("도난 있었어?")
    assert told.value.code == code
    assert message in str(told.value)
    assert says in str(told.value)
    assert says in told.value.hint


@pytest.mark.parametrize("call", ["text_to_sql", "format", "retrieve"])
def test_without_credentials_each_call_says_so(claude, shop, call, monkeypatch, llm_options):
    llm_options(knowledge_base_id="ABCDEFGHIJ")
    clients.close_all()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    service = get_bedrock_service()
    calls = {
        "text_to_sql": lambda: service.text_to_sql("도난 있었어?"),
        "format": lambda: service.format_timeline_response("?", [{"timestamp": 1.0}], "Lobby"),
        "retrieve": lambda: service.retrieve_from_knowledge_base("절차"),
    }
    with pytest.raises(BedrockError, match="Unable to locate credentials") as told:
        calls[call]()
    assert "AWS_PROFILE" in str(told.value)
    clients.close_all()


def test_an_unknown_region_says_so(claude, shop, llm_options, monkeypatch):
    def no_such_host(host, *_args, **_kwargs):
        raise socket.gaierror(f"no such host: {host}")

    monkeypatch.delenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
    monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
    llm_options(region="xx-nowhere-1")
    with pytest.raises(BedrockError, match=r"bedrock-runtime\.xx-nowhere-1") as told:
        get_bedrock_service().text_to_sql("도난 있었어?")
    assert "AWS_BEDROCK_REGION" in str(told.value)


def test_no_region_says_so(claude, shop, llm_options, monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"):
        monkeypatch.delenv(name)
    clients.close_all()
    llm_options(region="")
    with pytest.raises(BedrockError, match="region") as told:
        get_bedrock_service().text_to_sql("도난 있었어?")
    assert told.value.code == "region_missing"
    clients.close_all()


def test_no_knowledge_base_says_so(claude):
    with pytest.raises(BedrockError, match="AWS_BEDROCK_KNOWLEDGE_BASE_ID is not set") as told:
        get_bedrock_service().retrieve_from_knowledge_base("절차")
    assert told.value.code == "knowledge_base_unavailable"


def test_a_knowledge_base_that_is_gone_says_so(claude, llm_options):
    llm_options(knowledge_base_id="ABCDEFGHIJ")
    claude.say(Fail(code="ResourceNotFoundException", status=404, message="no such knowledge base"))
    with pytest.raises(BedrockError, match="no such knowledge base"):
        get_bedrock_service().retrieve_from_knowledge_base("절차")
