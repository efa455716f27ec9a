"""When things break on Claude's side: each fault has one outcome, and leaves nothing behind."""

import threading

import pytest
from django.db import connection

from apps.api.asking.breaker import BREAKERS
from apps.api.asking.engine import QuestionCancelled
from apps.api.asking.pipeline import CouldNotAnswer
from apps.api.bedrock_service.tests.conftest import MODEL, SECOND_MODEL, plan
from apps.db.models import Exchange
from llm.estimating import tokens_of
from llm.standin import Fail, Fault, Json, Reply

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "도난 사건이 있었나요?"
SQL = "SELECT e.* FROM db_event e WHERE e.event_type = 'theft' ORDER BY e.timestamp, e.id"
GOOD = "네, 12분 30초와 13분 40초에 도난이 있었습니다."


@pytest.fixture(autouse=True)
def nothing_is_left_behind(claude):
    before = set(threading.enumerate())
    yield
    left = [
        t for t in set(threading.enumerate()) - before
        if t.is_alive() and not t.name.startswith(("Thread-", "AnyIO", "text2sql"))
    ]  # fmt: skip
    assert left == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%'"
        )
        assert cursor.fetchone() == (0,)


def sent(claude) -> list[dict]:
    return [request.body for request in claude.requests]


def last_words(body: dict) -> str:
    return "".join(block.get("text", "") for block in body["messages"][-1]["content"])


# --- SQL that is wrong ---------------------------------------------------------------------------------


def test_sql_that_is_refused_twice_is_written_again(claude, ask, shop):
    claude.say(
        Reply(data=plan("SELECT pg_sleep(10) FROM db_event e"), usage={"inputTokens": 10, "outputTokens": 1}),
        Reply(data=plan("SELECT e.wallet FROM db_event e"), usage={"inputTokens": 20, "outputTokens": 2}),
        Reply(data=plan(SQL), usage={"inputTokens": 30, "outputTokens": 3}),
        Reply(text=GOOD, usage={"inputTokens": 40, "outputTokens": 4}),
    )
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["response"], reply["engine"], reply["verified"]) == (GOOD, "bedrock", True)
    assert (reply["usage"]["input_tokens"], reply["usage"]["output_tokens"]) == (100, 10)
    first, second, third, _ = sent(claude)
    assert [len(body["messages"]) for body in (first, second, third)] == [1, 3, 5]
    assert "pg_sleep is not allowed" in last_words(second)
    assert "wallet" in last_words(third)
    # What comes first is the same each time, so that the provider need not read it anew.
    assert first["system"] == second["system"] == third["system"]
    assert first["messages"][0] == third["messages"][0]


def test_what_postgresql_says_goes_back_too(claude, ask, shop):
    divides = "SELECT 1 / (e.age - e.age) AS value FROM db_event e WHERE e.age IS NOT NULL"
    claude.say(Reply(data=plan(divides)), Reply(data=plan(SQL)), Reply(text=GOOD))
    assert ask(QUESTION, video_id=shop.pk).reply["engine"] == "bedrock"
    assert "division by zero" in last_words(sent(claude)[1])


def test_the_clock_of_the_server_is_no_answer(claude, ask, shop):
    by_its_clock = "SELECT e.id FROM db_event e WHERE e.occurred_at >= CURRENT_DATE"
    claude.say(Reply(data=plan(by_its_clock)), Reply(data=plan(SQL)), Reply(text=GOOD))
    assert ask(QUESTION, video_id=shop.pk).reply["engine"] == "bedrock"
    told = last_words(sent(claude)[1])
    assert "CURRENT_DATE is the time of the server" in told
    assert "TIMESTAMPTZ '2031-05-06 14:00:00+09:00'" in told


@pytest.mark.parametrize("log_prompts", [True, False])
def test_what_sql_quotes_of_the_question_is_not_logged(claude, ask, shop, caplog, settings, log_prompts):
    settings.LOG_PROMPTS = log_prompts
    quotes = "SELECT e.id FROM db_event e WHERE e.age > CAST(e.location || '홍길동' AS integer)"
    for sql in (quotes, "SELECT e.id FROM db_event e WHERE e.홍길동 = 1", SQL):
        claude.say(Reply(data=plan(sql)))
    claude.say(Reply(text=GOOD))
    with caplog.at_level("DEBUG", logger="apps.api"):
        assert ask(QUESTION, video_id=shop.pk).reply["verified"]
    whys = [record.why for record in caplog.records if record.message == "sql failed"]
    assert len(whys) == 2
    assert ["홍길동" in why for why in whys] == [log_prompts] * 2


def test_sql_that_never_works_is_left_to_the_offline_engine(claude, ask, shop, offline):
    for _ in range(3):
        claude.say(Reply(data=plan("SELECT FROM WHERE"), usage={"inputTokens": 10, "outputTokens": 1}))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "sql_refused")
    assert (reply["event_count"], reply["verified"]) == (2, True)
    # What was tried in vain is paid for all the same.
    assert reply["usage"]["input_tokens"] == 30
    assert claude.unused == 0
    assert BREAKERS["bedrock"].closed_for() is None


def test_a_plan_without_sql_is_a_mistake_like_another(claude, ask, shop):
    claude.say(Reply(data=plan("")), Reply(data=plan(SQL)), Reply(text=GOOD))
    assert ask(QUESTION, video_id=shop.pk).reply["verified"]


# --- Bedrock out of reach, or of no use ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fail", "code", "away"),
    [
        (Fail(code="ThrottlingException", status=429), "throttled", True),
        (Fail(code="ModelTimeoutException", status=408), "unavailable", True),
        (Fail(code="ModelErrorException", status=424), "unavailable", True),
        (Fail(code="InternalServerException", status=500), "unavailable", True),
        (Fail(code="ServiceUnavailableException", status=503), "unavailable", True),
        (Fail(code="AccessDeniedException", status=403), "access_denied", True),
        (Fail(code="ExpiredTokenException", status=403), "credentials_expired", True),
        (Fail(code="ServiceQuotaExceededException", status=400), "quota_exceeded", True),
        (
            Fail(
                code="ValidationException",
                status=400,
                message="The provided model identifier is invalid.",
            ),
            "model_retired",
            True,
        ),
        (
            Fail(code="ValidationException", status=400, message="Input is too long for requested model."),
            "prompt_too_long",
            False,
        ),
        (Reply(text="", stop="content_filtered"), "content_filtered", False),
        (Reply(data=plan(SQL), stop="max_tokens"), "output_truncated", False),
        (Reply(data=plan(SQL), stop="model_context_window_exceeded"), "output_truncated", False),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_offline_engine_answers_and_says_why(claude, ask, shop, offline, fail, code, away):
    claude.say(fail)
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", code)
    assert (reply["event_count"], reply["verified"]) == (2, True)
    asked = len(claude.requests)
    # The next question is not sent where it would fail as well.
    if away:
        again = ask(QUESTION, video_id=shop.pk).reply
        assert (again["engine"], again["fallback_reason"]) == ("text2sql", code)
        assert len(claude.requests) == asked


def test_data_that_does_not_fit_comes_back_once_and_then_is_given_up(claude, ask, shop, offline):
    claude.say(Reply(data={"kind": "perhaps"}), Reply(text="I would rather not."))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "invalid_output")
    assert claude.unused == 0


def test_without_credentials(claude, ask, shop, offline, monkeypatch):
    from llm.bedrock import clients

    clients.close_all()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "no_credentials")
    clients.close_all()


def test_where_nobody_listens(claude, ask, shop, offline, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "unreachable")


def test_a_model_that_hangs(claude, ask, shop, offline, llm_options):
    llm_options(plan_timeout=0.2)
    claude.say(Reply(data=plan(SQL), delay=2.0))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "timed_out")


def test_all_tries_for_the_sql_share_one_deadline(claude, ask, shop, offline, llm_options):
    llm_options(deadline=1.0)
    claude.say(*[Reply(data=plan("SELECT FROM"), delay=0.4) for _ in range(3)])
    reply = ask(QUESTION, video_id=shop.pk).reply
    # The third is not waited for: 0.2 seconds were left.
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "timed_out")
    assert reply["timings_ms"]["plan"] < 1500


def test_the_next_model_of_the_list_is_asked(claude, ask, shop, llm_options):
    llm_options(bedrock_models=(MODEL, SECOND_MODEL))
    claude.say(Fail(code="AccessDeniedException", status=403), model=MODEL)
    claude.say(Reply(data=plan(SQL)), Reply(text=GOOD), model=SECOND_MODEL)
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["model"], reply["fallback_reason"]) == ("bedrock", SECOND_MODEL, None)


def test_all_at_once(claude, ask, shop, nobody_offline):
    claude.say(Fail(code="InternalServerException", status=500))
    with pytest.raises(CouldNotAnswer) as failed:
        ask(QUESTION, video_id=shop.pk)
    assert failed.value.code == "text2sql_unreachable"
    written = Exchange.objects.get()
    assert (written.outcome, written.error, written.response) == ("failed", "text2sql_unreachable", "")


def test_over_http_that_is_a_503(claude, shop, nobody_offline, staff):
    claude.say(Fail(code="InternalServerException", status=500))
    assert staff.post("/api/prompt/", {"prompt": QUESTION}).status_code == 503


# --- words that cannot be given --------------------------------------------------------------------------


def test_an_untraceable_number_is_complained_of_once(claude, ask, shop):
    claude.say(
        Reply(data=plan(SQL)), Reply(text="네, 12분 30초와 17분 10초에 도난이 있었습니다."), Reply(text=GOOD)
    )
    told = ask(QUESTION, video_id=shop.pk)
    assert (told.reply["response"], told.reply["verified"]) == (GOOD, True)
    *_, complained = sent(claude)
    assert [message["role"] for message in complained["messages"]] == ["user", "assistant", "user"]
    assert "17분 10초" in complained["messages"][1]["content"][0]["text"]
    assert "17분 10초" in last_words(complained)
    fresh = [step for step in told.steps if getattr(step, "fresh", False)]
    assert len(fresh) == 2  # whoever streams is told that the text begins anew


def test_the_second_time_the_templates_speak(claude, ask, shop):
    claude.say(Reply(data=plan(SQL)), Reply(text="도난은 7건입니다."), Reply(text="19분 1초에 있었습니다."))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["verified"], reply["event_count"]) == ("bedrock", True, 2)
    assert "12분 30초" in reply["response"]
    assert "7건" not in reply["response"]
    assert claude.unused == 0


def test_an_answer_that_is_cut_off_is_asked_for_again(claude, ask, shop):
    claude.say(Reply(data=plan(SQL)), Reply(text="네, 12분 30초에", stop="max_tokens"), Reply(text=GOOD))
    assert ask(QUESTION, video_id=shop.pk).reply["response"] == GOOD
    assert "cut off" in last_words(sent(claude)[-1])


@pytest.mark.parametrize("kind", ["cut", "half_frame", "bad_crc", "no_stop", "exception"])
def test_a_stream_that_breaks_in_the_middle(claude, ask, shop, kind):
    claude.say(Reply(data=plan(SQL)), Reply(text=GOOD, fault=Fault(kind, after=2)))
    told = ask(QUESTION, video_id=shop.pk)
    assert (told.reply["engine"], told.reply["verified"]) == ("bedrock", True)
    assert "12분 30초" in told.reply["response"]
    assert told.reply["citations"]


def test_a_stream_that_stalls(claude, ask, shop, llm_options):
    llm_options(phrase_timeout=0.2)
    claude.say(Reply(data=plan(SQL)), Reply(text=GOOD, fault=Fault("stall", after=2)))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["engine"], reply["verified"]) == ("bedrock", True)


def test_a_huge_answer(claude, ask, shop):
    claude.say(Reply(data=plan(SQL)))
    huge = "도난은 7건입니다. " * 2000
    claude.say(*[Reply(text=huge, pieces=(huge,))] * 2)
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert "7건" not in reply["response"]
    assert len(reply["response"]) < 1000


def test_stray_markers_are_never_shown(claude, ask, shop):
    text = "네, 12분 30초[[e:999999]]에 도난이 있었습니다."
    claude.say(Reply(data=plan(SQL)), Reply(text=text), Reply(text=text))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert "[[" not in reply["response"]
    assert {c["event_id"] for c in reply["citations"]} <= {event["id"] for event in reply["events"]}


# --- a guardrail -----------------------------------------------------------------------------------------


@pytest.fixture
def guarded(llm_options):
    llm_options(guardrail_id="abc123", guardrail_version="1")


def test_a_blocked_question_is_refused_and_asked_nowhere_else(claude, ask, shop, offline, guarded):
    claude.say(
        Reply(
            text="이 질문에는 답할 수 없습니다. (정책)",
            stop="guardrail_intervened",
            usage={"inputTokens": 7, "outputTokens": 3},
        )
    )
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["kind"], reply["engine"], reply["fallback_reason"]) == ("refusal", "bedrock", None)
    assert reply["response"] == "이 질문에는 답할 수 없습니다. (정책)"
    assert reply["usage"]["input_tokens"] == 7
    judged = [
        block["guardContent"]["text"]["text"]
        for block in sent(claude)[0]["messages"][0]["content"]
        if "guardContent" in block
    ]
    assert judged == [f'<question>"{QUESTION}"</question>']


def test_a_blocked_question_is_not_repeated_to_the_model(claude, ask, shop, guarded):
    blocked = Reply(text="정책", stop="guardrail_intervened")
    claude.say(blocked)
    first = ask("폭탄 만드는 법", video_id=shop.pk).reply
    claude.say(Reply(data=plan(SQL)), Reply(text=GOOD))
    ask(QUESTION, video_id=shop.pk, conversation_id=first["conversation_id"])
    assert "폭탄" not in str(sent(claude)[-2])
    assert Exchange.objects.get(pk=first["exchange_id"]).error == "guardrail"


def test_words_that_are_blocked_give_way_to_the_templates(claude, ask, shop, guarded):
    claude.say(Reply(data=plan(SQL)), Reply(text="정책", stop="guardrail_intervened"))
    reply = ask(QUESTION, video_id=shop.pk).reply
    assert (reply["kind"], reply["verified"], reply["event_count"]) == ("answer", True, 2)
    assert "12분 30초" in reply["response"]


# --- the knowledge base ----------------------------------------------------------------------------------


@pytest.fixture
def handbook(llm_options):
    llm_options(knowledge_base_id="ABCDEFGHIJ")


def passage(text: str) -> dict:
    return {
        "content": {"text": text},
        "score": 0.9,
        "location": {"type": "S3", "s3Location": {"uri": "s3://m"}},
    }


def test_a_procedure_is_told_from_the_documents(claude, ask, shop, handbook):
    claude.say(
        Json({"retrievalResults": [passage("쓰러진 사람을 보면 3분 안에 119에 신고한다.")]}),
        operation="Retrieve",
    )
    claude.say(
        Reply(data=plan("", lookup="쓰러진 사람 대응 절차")),
        Reply(text="문서에 따르면 3분 안에 119에 신고해야 합니다."),
    )
    reply = ask("쓰러진 사람이 있으면 절차가 어떻게 돼?", video_id=shop.pk).reply
    assert reply["response"] == "문서에 따르면 3분 안에 119에 신고해야 합니다."
    assert (reply["kind"], reply["verified"], reply["sql"]) == ("answer", True, None)
    assert "3분 안에 119" in str(sent(claude)[-1])


def test_what_the_documents_do_not_say_is_noticed(claude, ask, shop, handbook):
    claude.say(Json({"retrievalResults": [passage("119에 신고한다.")]}), operation="Retrieve")
    claude.say(Reply(data=plan("", lookup="절차")), *[Reply(text="112에 12분 안에 신고합니다.")] * 2)
    reply = ask("절차가 어떻게 돼?", video_id=shop.pk).reply
    assert reply["response"] == "문서에는 다음과 같이 나와 있습니다: ‘119에 신고한다.’"
    assert reply["verified"]


@pytest.mark.parametrize(
    "answer", [Json({"retrievalResults": []}), Fail(code="ResourceNotFoundException", status=404)]
)
def test_a_knowledge_base_that_says_nothing(claude, ask, shop, handbook, answer):
    claude.say(answer, operation="Retrieve")
    claude.say(Reply(data=plan("", lookup="절차")))
    reply = ask("절차가 어떻게 돼?", video_id=shop.pk).reply
    assert (reply["kind"], reply["fallback_reason"]) == ("refusal", None)


def test_a_missing_knowledge_base_takes_nothing_from_the_events(claude, ask, shop, handbook):
    claude.say(Fail(code="ResourceNotFoundException", status=404), operation="Retrieve")
    claude.say(Reply(data=plan(SQL, lookup="도난 대응 절차")), Reply(text=GOOD))
    assert ask("도난 있었어? 절차는?", video_id=shop.pk).reply["response"] == GOOD


# --- whoever asks goes away ------------------------------------------------------------------------------


def test_a_cancelled_question_ends_and_is_recorded(claude, ask, shop):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(QuestionCancelled):
        ask(QUESTION, video_id=shop.pk, cancel=cancel)
    written = Exchange.objects.get()
    assert (written.outcome, written.error) == ("abandoned", "cancelled")


def test_leaving_in_the_middle_of_the_words_hangs_up(claude, shop):
    from apps.api.asking.phrasing import Piece
    from apps.api.asking.pipeline import Asked, ask
    from apps.db.access import EVERYBODY

    claude.say(Reply(data=plan(SQL)), Reply(text=GOOD * 20, pause=0.02))
    asking = ask(Asked(QUESTION, EVERYBODY, video_id=shop.pk))
    for step in asking:
        if isinstance(step, Piece):
            break
    asking.close()
    assert claude.requests[-1].gone.wait(5)
    assert Exchange.objects.get().outcome == "abandoned"


# --- what goes away meanwhile ----------------------------------------------------------------------------


def test_a_video_that_is_deleted_meanwhile_leaves_its_exchange(claude, shop, make_user):
    """The reply was made of what was there; its record stands without the video."""
    from apps.api.asking.pipeline import Answer, Asked, SqlReady, ask
    from apps.db.access import Actor

    user = make_user("gone", is_staff=True)
    claude.say(Reply(data=plan(SQL)), Reply(text=GOOD))
    steps = []
    for step in ask(Asked(QUESTION, Actor.of(user), video_id=shop.pk)):
        steps.append(step)
        if isinstance(step, SqlReady):
            shop.delete()
            user.delete()
    assert isinstance(steps[-1], Answer)
    written = Exchange.objects.get()
    assert (written.outcome, written.video, written.owner) == ("answered", None, None)
    assert str(written.conversation_id) == steps[-1].reply["conversation_id"]


def test_a_reader_that_is_away_is_recorded_with_what_was_spent(claude, shop, staff, monkeypatch):
    import psycopg2

    from apps.db import reader

    def refuse():
        raise psycopg2.OperationalError("nobody listens")

    monkeypatch.setattr(reader, "_connect", refuse)
    reader.close_reader()
    claude.say(Reply(data=plan(SQL)))
    response = staff.post("/api/prompt/", {"prompt": QUESTION, "video_id": shop.pk})
    assert response.status_code == 503
    written = Exchange.objects.get()
    assert (written.outcome, written.error) == ("failed", "reader_away")
    assert written.cost_usd > 0


def test_what_was_spent_before_leaving_is_recorded(claude, shop):
    """The first words were paid for, whether the second ones are waited for or not; those are estimated."""
    from apps.api.asking.phrasing import Piece
    from apps.api.asking.pipeline import Asked, ask
    from apps.db.access import EVERYBODY

    paid = {"inputTokens": 100, "outputTokens": 7}
    claude.say(
        Reply(data=plan(SQL), usage=paid),
        Reply(text="97건입니다.", usage=paid),
        Reply(text=GOOD * 20, pause=0.02),
    )
    asking = ask(Asked(QUESTION, EVERYBODY, video_id=shop.pk))
    begun = 0
    for step in asking:
        begun += isinstance(step, Piece) and step.fresh
        if begun == 2:
            break
    asking.close()
    written = Exchange.objects.get()
    assert written.outcome == "abandoned"
    assert 14 < written.output_tokens < 14 + tokens_of(GOOD) * 5
    assert written.input_tokens > 200
