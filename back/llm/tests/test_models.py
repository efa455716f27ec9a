"""Which model is asked, which is skipped and for how long; ids, prices and what models accept."""

from datetime import date
from decimal import Decimal

import pytest

from llm import Image, Message, Prompt, Text, Usage, errors
from llm.accepts import _table, accepts, bare_id, foundation_id, vendor
from llm.bedrock.embeddings import FAMILIES
from llm.memory import SKIP_SECONDS
from llm.prices import price_list, price_of, read_price, usage_of
from llm.results import Tokens
from llm.standin import Fail, Reply

ASK = Prompt.of("언제?")
FIRST, SECOND = "global.anthropic.claude-sonnet-5", "global.anthropic.claude-sonnet-4-6"

RETIRED = Fail(code="ValidationException", status=400, message="The provided model identifier is invalid.")
ENDED = Fail(
    code="ResourceNotFoundException",
    status=404,
    message="This model version has reached the end of its life.",
)
DENIED = Fail(code="AccessDeniedException", status=403, message="You don't have access to the model.")
ON_DEMAND = Fail(
    code="ValidationException", status=400, message="… with on-demand throughput isn't supported."
)
BUSY = Fail(code="ThrottlingException", status=429)
QUOTA = Fail(code="ServiceQuotaExceededException", status=400)


def asked(standin) -> list[str]:
    return [request.target for request in standin.requests]


@pytest.mark.parametrize(
    ("failure", "code", "seconds"),
    [
        (RETIRED, "model_retired", "long"),
        (ENDED, "model_retired", "long"),
        (DENIED, "access_denied", "long"),
        (ON_DEMAND, "on_demand_unsupported", "long"),
        (QUOTA, "quota_exceeded", "short"),
    ],
)
def test_an_unusable_model_is_skipped_and_left_alone(
    bedrock_standin, make_llm, time, caplog, failure, code, seconds
):
    bedrock_standin.say(failure, model=FIRST)
    bedrock_standin.say(*[Reply(text="ok")] * 3, model=SECOND)
    llm = make_llm(bedrock_models=(FIRST, SECOND))
    assert llm.available("plan") == (FIRST, SECOND)
    answer = llm.complete(ASK, role="plan")
    assert (answer.model, answer.attempts) == (SECOND, 2)
    assert llm.available("plan") == (SECOND,)
    assert any(code in record.message and SECOND in record.message for record in caplog.records)
    llm.complete(ASK, role="plan")
    assert asked(bedrock_standin) == [FIRST, SECOND, SECOND]
    time.now += SKIP_SECONDS[seconds] + 1
    bedrock_standin.say(Reply(text="back"), model=FIRST)
    assert llm.complete(ASK, role="plan").model == FIRST


def test_a_throttled_out_model_gives_way_for_a_moment(bedrock_standin, make_llm, time):
    bedrock_standin.say(*[BUSY] * 3, model=FIRST)
    bedrock_standin.say(Reply(text="ok"), Reply(text="ok"), model=SECOND)
    llm = make_llm(bedrock_models=(FIRST, SECOND))
    assert llm.complete(ASK, role="plan").attempts == 4
    assert llm.complete(ASK, role="plan").model == SECOND
    assert asked(bedrock_standin) == [FIRST] * 3 + [SECOND] * 2


def test_when_all_were_busy_they_are_asked_again(bedrock_standin, make_llm):
    bedrock_standin.say(*[BUSY] * 6)
    llm = make_llm(bedrock_models=(FIRST, SECOND))
    with pytest.raises(errors.NoModelLeft) as caught:
        llm.complete(ASK, role="plan")
    assert [(cause.model, cause.code) for cause in caught.value.causes] == [
        (FIRST, "throttled"),
        (SECOND, "throttled"),
    ]
    bedrock_standin.say(Reply(text="ok"))
    assert llm.complete(ASK, role="plan").model == FIRST


def test_when_none_can_work_nothing_is_sent(bedrock_standin, make_llm):
    bedrock_standin.say(RETIRED, DENIED)
    llm = make_llm(bedrock_models=(FIRST, SECOND))
    with pytest.raises(errors.NoModelLeft):
        llm.complete(ASK, role="plan")
    bedrock_standin.forget()
    with pytest.raises(errors.NoModelLeft) as caught:
        llm.complete(ASK, role="plan")
    assert "model_retired" in caught.value.detail
    assert "access_denied" in caught.value.detail
    assert llm.available("plan") == ()
    assert asked(bedrock_standin) == []


def test_one_model_alone_says_its_own_error(bedrock_standin, make_llm):
    bedrock_standin.say(DENIED)
    llm = make_llm(bedrock_models=(FIRST,))
    for _ in range(2):
        with pytest.raises(errors.AccessDenied):
            llm.complete(ASK, role="plan")
    assert len(bedrock_standin.requests) == 1


def test_a_model_that_hangs_gives_way(bedrock_standin, make_llm):
    bedrock_standin.say(Reply(text="late", delay=5), model=FIRST)
    bedrock_standin.say(Reply(text="ok"), model=SECOND)
    assert (
        make_llm(bedrock_models=(FIRST, SECOND), plan_timeout=0.2).complete(ASK, role="plan").model == SECOND
    )


def test_bad_requests_and_credentials_do_not_go_on_to_the_next_model(bedrock_standin, make_llm):
    for failure in (
        Fail(code="ValidationException", status=400, message="Malformed input request"),
        Fail(code="ExpiredTokenException", status=403),
    ):
        bedrock_standin.forget()
        bedrock_standin.say(failure, Reply(text="no"))
        with pytest.raises(errors.LlmError):
            make_llm(bedrock_models=(FIRST, SECOND)).complete(ASK, role="plan")
        assert asked(bedrock_standin) == [FIRST]


def test_too_long_goes_only_where_there_is_more_room(bedrock_standin, make_llm):
    too_long = Fail(code="ValidationException", status=400, message="Input is too long for requested model.")
    bedrock_standin.say(too_long, Reply(text="no"))
    with pytest.raises(errors.PromptTooLong):
        make_llm(bedrock_models=(FIRST, SECOND)).complete(ASK, role="plan")
    bedrock_standin.forget()
    bedrock_standin.say(too_long, Reply(text="ok"))
    roomy = "us.amazon.nova-pro-v1:0"
    llm = make_llm(bedrock_models=(FIRST, roomy))
    assert llm.complete(ASK, role="plan").model == roomy
    # the next prompt may be shorter
    bedrock_standin.say(Reply(text="ok"))
    assert llm.complete(ASK, role="plan").model == FIRST


def test_each_role_has_its_own_list(bedrock_standin, make_llm):
    bedrock_standin.say(*[Reply(text="ok")] * 3)
    llm = make_llm(bedrock_models=(FIRST,), phrase_model=(SECOND,), default_models=("x.y",))
    for role in ("plan", "phrase", "vision"):
        llm.complete(ASK, role=role)
    assert asked(bedrock_standin) == ["x.y", SECOND, "x.y"]


def test_images_go_only_to_models_that_see(bedrock_standin, make_llm, monkeypatch):
    monkeypatch.setitem(_table()["model"], "meta.blind", {"vision": False})
    accepts.cache_clear()
    prompt = Prompt(messages=(Message("user", (Image(b"x", "png"), Text("?"))),))
    bedrock_standin.say(Reply(text="ok"))
    assert make_llm(bedrock_models=("meta.blind", FIRST)).complete(prompt, role="vision").model == FIRST
    with pytest.raises(errors.NoVision):
        make_llm(bedrock_models=("meta.blind",)).complete(prompt, role="vision")
    accepts.cache_clear()


@pytest.mark.parametrize(
    ("model", "bare", "made_by"),
    [
        ("anthropic.claude-3-sonnet-20240229-v1:0", "anthropic.claude-3-sonnet", "anthropic"),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5", "anthropic"),
        ("us.anthropic.claude-sonnet-5", "anthropic.claude-sonnet-5", "anthropic"),
        ("apac.anthropic.claude-sonnet-5-5", "anthropic.claude-sonnet-5-5", "anthropic"),
        ("us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5", "anthropic"),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", "anthropic.claude-3-haiku", "anthropic"),
        (
            "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/global.anthropic.claude-sonnet-4-6",
            "anthropic.claude-sonnet-4-6",
            "anthropic",
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0",
            "amazon.titan-embed-text-v2",
            "amazon",
        ),
        (
            "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.amazon.nova-pro-v1%3A0",
            "amazon.nova-pro-v1",
            "amazon",
        ),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", "abc123", ""),
        ("amazon.titan-embed-text-v1", "amazon.titan-embed-text-v1", "amazon"),
        ("cohere.embed-v4:0", "cohere.embed-v4", "cohere"),
        ("claude-haiku-4-5", "anthropic.claude-haiku-4-5", "anthropic"),
        ("claude-sonnet-4-5-latest", "anthropic.claude-sonnet-4-5", "anthropic"),
        ("gpt-5.2", "gpt-5.2", ""),
        ("qwen3:8b", "qwen3:8b", ""),
        ("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct", ""),
    ],
)
def test_the_bare_id_of_every_form(model, bare, made_by):
    assert (bare_id(model), vendor(model)) == (bare, made_by)


def test_the_foundation_id_keeps_its_version():
    assert (
        foundation_id("global.anthropic.claude-haiku-4-5-20251001-v1:0")
        == "anthropic.claude-haiku-4-5-20251001-v1:0"
    )


def test_the_tables_agree_with_each_other():
    priced = set(price_list().models)
    assert set(FAMILIES) - {"cohere.embed-english-v3"} <= priced
    current = {name for name in _table()["model"] if "ends" not in _table()["model"][name]}
    assert current <= priced
    assert all(bare_id(name) == name for name in priced | set(_table()["model"]))
    assert price_list().read_on >= date(2026, 11, 1)
    assert all(price.checked in ("official", "catalogue") for price in price_list().models.values())


def test_an_operator_knows_better():
    own = {
        "qwen3:8b": read_price({"input": 0, "output": 0}),
        "amazon.titan-embed-text-v2": read_price({"input": "1"}),
    }
    assert usage_of("qwen3:8b", Tokens(5, 5)).cost_usd is None
    assert usage_of("qwen3:8b", Tokens(5, 5), own=own).cost_usd == 0
    assert usage_of("amazon.titan-embed-text-v2:0", Tokens(1_000_000), own=own).cost_usd == 1


@pytest.mark.parametrize(
    "row", [{}, 5, {"input": "x"}, {"input": -1}, {"input": "NaN"}, {"input": 1, "cash": 2}, {"output": 1}]
)
def test_what_is_no_price(row):
    with pytest.raises(ValueError, match="price"):
        read_price(row)


@pytest.mark.parametrize(
    ("model", "tokens", "ttl", "cost"),
    [
        ("global.anthropic.claude-sonnet-5", Tokens(1_000_000, 0), "5m", "2"),
        ("global.anthropic.claude-sonnet-5", Tokens(0, 1_000_000), "5m", "10"),
        ("global.anthropic.claude-sonnet-5-5", Tokens(0, 0, 1_000_000), "5m", "0.10"),
        ("global.anthropic.claude-haiku-5-5", Tokens(0, 0, 0, 100_000), "5m", "0.0125"),
        ("global.anthropic.claude-haiku-5-5", Tokens(0, 0, 0, 100_000), "1h", "0.02"),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", Tokens(1, 1, 1, 1), "5m", "0.00000735"),
        # A long prompt, what was cached of it counted, makes every token of the request dearer.
        ("global.anthropic.claude-haiku-5-5", Tokens(50_000, 1_000_000, 50_000), "5m", "0.5055"),
        ("global.anthropic.claude-haiku-5-5", Tokens(50_001, 1_000_000, 50_000), "5m", "2.5275005"),
        # A profile of one geography costs a tenth more.
        ("jp.anthropic.claude-sonnet-5", Tokens(1_000_000, 0), "5m", "2.2"),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-6",
            Tokens(0, 1_000_000),
            "5m",
            "16.5",
        ),
        ("anthropic.claude-sonnet-5", Tokens(1_000_000, 0), "5m", "2"),
        ("us.cohere.embed-v4:0", Tokens(1_000_000), "5m", "0.12"),
    ],
)
def test_costs_add_up_exactly(model, tokens, ttl, cost):
    assert price_of(model).cost(tokens, cache_ttl=ttl) == Decimal(cost)


def test_usage_adds_and_the_unknown_stays_unknown():
    known = Usage(1, 2, 3, 4, Decimal("0.5"))
    assert known + known == Usage(2, 4, 6, 8, Decimal(1))
    assert (known + Usage(cost_usd=None)).cost_usd is None
