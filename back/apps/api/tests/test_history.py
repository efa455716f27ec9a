"""Conversations are read back, answers are judged, and what it cost is told."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from apps.api.asking.budget import counted, over_budget
from apps.api.asking.engine import Spent
from apps.api.asking.examples import examples_of
from apps.db.access import EVERYBODY, Actor
from apps.db.models import Conversation, EmbeddingDay, EmbeddingModel, Exchange
from conftest import errors_of
from llm.options import from_env

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SQL = "SELECT e.id FROM db_event AS e WHERE e.event_type = 'theft'"


@pytest.fixture
def exchange_of(db):
    def make(user, video=None, **fields) -> Exchange:
        conversation = Conversation.objects.create(owner=user, video=video, title="도난?")
        values = {
            "prompt": "도난?",
            "language": "ko",
            "now": NOW,
            "outcome": "answered",
            "sql": SQL,
            "video": video,
            "response": "네",
            "evidence": [1, 2],
            "engine": "bedrock",
            "input_tokens": 100,
            "output_tokens": 10,
            "cost_usd": Decimal("0.25"),
        }
        return Exchange.objects.create(conversation=conversation, owner=user, **values | fields)

    return make


def test_a_conversation_is_listed_and_read_by_its_owner(alice, bob, staff, exchange_of):
    exchange = exchange_of(alice.user)
    [listed] = alice.get("/api/conversations/").json()["results"]
    path = f"/api/conversations/{listed['id']}/"
    [read] = alice.get(path).json()["exchanges"]
    assert (read["id"], read["prompt"], read["event_ids"]) == (str(exchange.pk), "도난?", [1, 2])
    for other in (bob, staff):
        assert other.get("/api/conversations/").json()["results"] == []
        assert other.get(path).status_code == 404


def test_conversations_come_in_pages(alice, exchange_of):
    for _ in range(5):
        exchange_of(alice.user)
    path, seen = "/api/conversations/?limit=2", []
    while path:
        body = alice.get(path).json()
        seen += [conversation["id"] for conversation in body["results"]]
        path = body["next"]
    assert len(set(seen)) == len(seen) == 5


def test_feedback_is_the_askers_alone(alice, bob, staff, make_video, exchange_of):
    """Who owns the video neither reads what others asked about it nor teaches their model."""
    exchange = exchange_of(alice.user, make_video(bob.user))
    path = f"/api/exchanges/{exchange.pk}/feedback/"
    assert alice.post(path, {"feedback": "right"}).json()["feedback"] == "right"
    for other in (bob, staff):
        assert other.post(path, {"feedback": "wrong", "corrected_sql": SQL}).status_code == 404
    exchange.refresh_from_db()
    assert (exchange.feedback, exchange.corrected_sql) == ("right", "")


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, {"feedback": "required"}),
        ({"feedback": "great"}, {"feedback": "literal_error"}),
        ({"feedback": "right", "corrected_sql": SQL}, {"corrected_sql": "not_wanted"}),
        ({"feedback": "wrong", "corrected_sql": "DROP TABLE db_event"}, {"corrected_sql": "refused_sql"}),
        ({"feedback": "wrong", "corrected_sql": "SELECT * FROM db_user"}, {"corrected_sql": "refused_sql"}),
        ({"feedback": "wrong", "corrected_sql": "x" * 10_001}, {"corrected_sql": "too_long"}),
        # Another parser took exponential time for these; the test would not end.
        *(
            ({"feedback": "wrong", "corrected_sql": deep}, {"corrected_sql": "refused_sql"})
            for deep in (
                "SELECT " + "ARRAY[" * 31 + "pg_sleep(1)" + "]" * 31,
                "SELECT " + "date(" * 31 + "pg_sleep(1)" + ")" * 31,
                "SELECT " + "(CASE WHEN (ARRAY[" * 15 + "pg_sleep(1)" + "])::int THEN 1 END)" * 15,
            )
        ),
    ],
)
def test_wrong_feedback_is_named(alice, exchange_of, body, problems):
    exchange = exchange_of(alice.user)
    response = alice.post(f"/api/exchanges/{exchange.pk}/feedback/", body)
    assert response.status_code == 400
    assert errors_of(response) == problems
    exchange.refresh_from_db()
    assert exchange.feedback == ""


def test_good_exchanges_and_corrections_become_examples_of_their_asker(alice, bob, exchange_of):
    right = exchange_of(alice.user, prompt="right")
    wrong = exchange_of(alice.user, prompt="wrong")
    exchange_of(alice.user, prompt="not judged")
    alice.post(f"/api/exchanges/{right.pk}/feedback/", {"feedback": "right"})
    alice.post(
        f"/api/exchanges/{wrong.pk}/feedback/", {"feedback": "wrong", "corrected_sql": SQL + " LIMIT 1"}
    )
    better = SQL + " LIMIT 1"
    examples = {example.question: example.sql for example in examples_of(Actor.of(alice.user))}
    assert examples == {"right": SQL, "wrong": better}
    assert examples_of(Actor.of(bob.user)) == ()


def test_what_embedding_cost_is_for_staff_to_know(alice, staff):
    model = EmbeddingModel.objects.create(name="m", dimensions=3)
    EmbeddingDay.objects.create(
        day=timezone.now().date(), model=model, texts=7, input_tokens=90, cost_usd=Decimal("0.000009")
    )
    [day] = staff.get("/api/usage/").json()["embedding"]
    assert (day["model"], day["texts"], day["input_tokens"], day["cost_usd"]) == ("m", 7, 90, 0.000009)
    assert alice.get("/api/usage/").json()["embedding"] == []


def test_usage_is_counted_per_user_and_day(alice, bob, staff, exchange_of):
    exchange_of(alice.user)
    exchange_of(alice.user, cached=True, cost_usd=0, input_tokens=0, output_tokens=0)
    exchange_of(bob.user, fallback_reason="throttled")
    exchange_of(bob.user, outcome="failed")
    [mine] = alice.get("/api/usage/").json()["results"]
    assert (mine["user"], mine["questions"], mine["from_cache"]) == ("alice", 2, 1)
    assert (mine["input_tokens"], mine["output_tokens"], mine["cost_usd"]) == (100, 10, 0.25)
    everybodys = {row["user"]: row for row in staff.get("/api/usage/").json()["results"]}
    assert set(everybodys) == {"alice", "bob"}
    assert (everybodys["bob"]["fallbacks"], everybodys["bob"]["failed"]) == (1, 1)


@pytest.mark.parametrize(
    "query", ["from=2026-03-02&to=2026-03-01", "from=2020-01-01", "from=x", "to=0001-01-01"]
)
def test_a_wrong_span_is_named(alice, query):
    assert alice.get(f"/api/usage/?{query}").status_code == 400


def test_a_model_without_a_price_does_not_escape_the_budget(settings):
    spent = Spent(1_000_000, 1_000_000, cost_usd=None)
    assert counted(spent) == 0  # nothing has to hold, and nothing is claimed
    settings.PROMPT_DAILY_BUDGET_PER_USER_USD = Decimal(5)
    assert counted(spent) == 18
    assert counted(Spent(cost_usd=Decimal("0.25"))) == Decimal("0.25")


@pytest.mark.parametrize(
    ("budget", "prices", "use", "warned"),
    [
        ("1", "", True, True),
        ("", "", True, False),
        ("1", "", False, False),
        ("1", '{"qwen3:8b": {"input": 0}}', True, False),
    ],
)
def test_a_budget_over_an_unknown_price_is_loud(settings, budget, prices, use, warned):
    settings.USE_BEDROCK = use
    settings.LLM = from_env({"LLM_PROVIDER": "openai", "LLM_MODEL": "qwen3:8b", "LLM_PRICES": prices})
    settings.PROMPT_DAILY_BUDGET_USD = Decimal(budget) if budget else None
    assert any(found.id == "playhead.W004" for found in run_checks()) == warned


def test_the_budget_is_for_a_day_each_and_in_all(alice, bob, exchange_of, settings):
    exchange_of(alice.user, cost_usd=Decimal("0.60"))
    exchange_of(bob.user, cost_usd=Decimal("0.30"))
    me, you = Actor.of(alice.user), Actor.of(bob.user)
    assert not over_budget(me)
    settings.PROMPT_DAILY_BUDGET_PER_USER_USD = Decimal("0.50")
    assert (over_budget(me), over_budget(you)) == (True, False)
    settings.PROMPT_DAILY_BUDGET_USD = Decimal("0.90")
    assert over_budget(you)
    assert over_budget(EVERYBODY)
    Exchange.objects.update(created_at=NOW)
    assert not over_budget(me)
