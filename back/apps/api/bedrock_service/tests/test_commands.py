"""manage.py ask and manage.py llm_check."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.api.bedrock_service.tests.conftest import MODEL, plan
from llm.standin import Fail, Reply
from llm.standin.mind import mind

pytestmark = pytest.mark.django_db(transaction=True)

SQL = "SELECT e.* FROM db_event e WHERE e.event_type = 'theft' ORDER BY e.timestamp, e.id"


def run(*arguments: str, **options) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_ask_prints_answer_moments_sql_and_cost(claude, shop):
    claude.say(
        Reply(data=plan(SQL), usage={"inputTokens": 1000, "outputTokens": 100}),
        Reply(text="네, 12분 30초에 도난이 있었습니다.", usage={"inputTokens": 100, "outputTokens": 20}),
    )
    told = run("ask", "도난 있었어?", "--video", str(shop.pk))
    assert told.startswith("네, 12분 30초에 도난이 있었습니다.\n")
    assert "  12:30  theft  주류 코너  술을 가방에 넣음  (video" in told
    assert "SQL: SELECT" in told
    assert f"Engine: bedrock {MODEL}; verified; 1100 + 120 tokens, $0.001700; " in told


def test_ask_prints_the_whole_reply(claude, shop):
    counted = plan("SELECT COUNT(*) AS value FROM db_event e", intent="count_events")
    counted["evidence_sql"] = "SELECT e.id FROM db_event e"
    claude.say(Reply(data=counted), Reply(text="There are 3 events."))
    reply = json.loads(run("ask", "how many events?", "--json", "--now", "2031-05-07T10:00"))
    assert (reply["result"]["rows"], reply["event_count"], reply["response"]) == (
        [[3]],
        3,
        "There are 3 events.",
    )


def test_ask_tells_of_the_offline_engine(claude, shop, offline):
    claude.say(Fail(code="ThrottlingException", status=429))
    told = run("ask", "도난 몇 건이야?", "--language", "en")
    assert "instead of Bedrock: throttled" in told
    assert "2" in told.splitlines()[0]


def test_ask_as_somebody_sees_what_they_see(claude, shop, make_user):
    make_user("eve")
    with pytest.raises(CommandError, match="no video"):
        run("ask", "도난?", "--video", str(shop.pk), "--user", "eve")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["  "], "prompt"),
        (["x" * 4001], "4000"),
        (["도난?", "--video", "999999"], "no video 999999"),
        (["도난?", "--user", "nobody"], "no user nobody"),
        (["도난?", "--now", "yesterday"], "2031"),
        (["도난?", "--conversation", "1d6c8a1e-0000-4000-8000-000000000000"], "no such conversation"),
    ],
)
def test_ask_says_what_is_wrong(claude, shop, arguments, says):
    with pytest.raises(CommandError, match=says):
        run("ask", *arguments)


def test_ask_says_when_nobody_can_answer(claude, shop, nobody_offline):
    claude.say(Fail(code="InternalServerException", status=500))
    with pytest.raises(CommandError, match="llm_check"):
        run("ask", "도난?")


def test_llm_check_tries_what_is_configured(claude, llm_options, shop):
    claude.mind = mind
    told = run("llm_check")
    for role in ("plan", "phrase", "vision"):
        assert any(line.startswith(role) and " yes " in line for line in told.splitlines())
    assert "there is no search by meaning" in told
    llm_options(bedrock_embedding_model="amazon.titan-embed-text-v2:0")
    told = run("llm_check")
    assert any(line.startswith("embed") and " yes " in line for line in told.splitlines())
    assert "the events of 0 of 1 videos are embedded" in told


def test_llm_check_fails_where_a_role_has_nothing_that_works(claude, settings):
    settings.USE_BEDROCK = False
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("llm_check", stdout=out)
    assert ended.value.code == 1
    assert "NO" in out.getvalue()
    assert "USE_BEDROCK is false" in out.getvalue()
