"""The table of `manage.py llm_check`."""

from datetime import date

from llm import LlmOptions
from llm.check import check_models, format_table, working
from llm.standin import Fail, Json, Reply
from llm.standin.mind import mind

from .conftest import HAIKU

OLD = "anthropic.claude-3-sonnet-20240229-v1:0"
RETIRED = Fail(code="ValidationException", status=400, message="The provided model identifier is invalid.")


def test_all_well(bedrock_standin, time):
    bedrock_standin.mind = mind
    options = LlmOptions(
        bedrock_models=(HAIKU,),
        bedrock_embedding_model="cohere.embed-multilingual-v3",
        guardrail_id="gr1",
        knowledge_base_id="KB12345678",
    )
    rows = check_models(options, timing=time.timing())
    assert [(row.role, row.works) for row in rows] == [
        ("plan", True),
        ("phrase", True),
        ("vision", True),
        ("embed", True),
        ("guardrail", True),
        ("knowledge base", True),
    ]
    assert working(rows)
    assert [row.detail for row in rows[:4]] == ["data by schema", "stream", "image", "1024 dimensions"]
    assert all(row.cost_usd > 0 and row.status == "active" for row in rows[:4])
    table = format_table(rows)
    assert "1 / 5" in table
    assert len(table.splitlines()) == 7


def test_what_is_retired_denied_or_ending_is_said(bedrock_standin, time):
    ends = {"modelLifecycle": {"status": "LEGACY", "endOfLifeTime": "2027-01-15T00:00:00Z"}}
    details = {"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/x", "modelId": "x", **ends}
    bedrock_standin.say(
        Json({"modelDetails": details}),
        operation="GetFoundationModel",
        model="anthropic.claude-haiku-4-5-20251001-v1:0",
    )
    bedrock_standin.say(
        Fail(code="AccessDeniedException", status=403), operation="GetFoundationModel", model=OLD
    )
    bedrock_standin.say(*[RETIRED] * 4, model=OLD)
    bedrock_standin.mind = mind
    options = LlmOptions(bedrock_models=(OLD, HAIKU), phrase_model=(OLD,))
    rows = check_models(options, timing=time.timing())
    found = {(row.role, row.model): row for row in rows}
    assert not found["plan", OLD].works
    assert "model_retired" in found["plan", OLD].detail
    assert "AWS_BEDROCK_MODEL_ID" in found["plan", OLD].detail
    assert (found["plan", OLD].status, found["plan", OLD].ends) == ("unknown", date(2026, 7, 30))
    assert (found["plan", HAIKU].status, found["plan", HAIKU].ends) == ("legacy", date(2027, 1, 15))
    assert found["plan", HAIKU].works
    # nothing is left for phrasing
    assert not working(rows)
    table = format_table(rows)
    assert "NO" in table
    assert "legacy ends 2027-01-15" in table


def test_other_services_that_are_out(bedrock_standin, time):
    bedrock_standin.mind = mind
    bedrock_standin.say(Fail(code="ResourceNotFoundException", status=404), operation="Retrieve")
    bedrock_standin.say(Fail(code="AccessDeniedException", status=403), operation="ApplyGuardrail")
    bedrock_standin.say(Fail(code="AccessDeniedException", status=403), operation="InvokeModel")
    options = LlmOptions(
        bedrock_models=(HAIKU,),
        bedrock_embedding_model="cohere.embed-multilingual-v3",
        guardrail_id="gr1",
        knowledge_base_id="KB12345678",
    )
    rows = {row.role: row for row in check_models(options, timing=time.timing())}
    assert not rows["knowledge base"].works
    assert not rows["guardrail"].works
    assert not rows["embed"].works
    assert rows["phrase"].works


def test_nothing_configured_is_said_too():
    rows = check_models(LlmOptions(provider="openai", base_url="http://127.0.0.1:9/v1"))
    assert [row.detail for row in rows] == ["no model is configured"] * 3
    assert not working(rows)


def test_no_price_is_no_lie(bedrock_standin, time):
    bedrock_standin.say(*[Reply(text='{"ok": true}')] * 3)
    rows = check_models(LlmOptions(bedrock_models=("meta.llama9-instruct-v1:0",)), timing=time.timing())
    assert rows[0].price == "unknown: set LLM_PRICES"
    assert rows[0].cost_usd is None
