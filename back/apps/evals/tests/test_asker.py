"""The asker against an API that speaks the contract and knows the demo's golds, over real HTTP objects."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.response import Response

from apps.evals.asker import AppAsker
from apps.evals.question_sets import Question, load

ASKED: list[dict] = []
KIND = {"refuse": "refusal", "clarify": "clarification"}


@api_view(["POST"])
def prompt(request):
    ASKED.append({**request.data, "user": request.user.username})
    if request.data["prompt"] == "boom":
        raise RuntimeError("a fault of the service")
    demo = load("demo")
    asked_of = (request.data["prompt"], request.data.get("video_id"))
    question = next((q for q in demo.questions if (q.question, q.video_id) == asked_of), demo.questions[0])
    gold = demo.golds[question.id]
    rows = gold.rows or ([[gold.value]] if question.gold == "value" else [[id_] for id_ in gold.ids])
    return Response({
        "response": "…", "kind": KIND.get(question.gold, "answer"), "event_count": len(gold.ids),
        "events": [{"id": id_} for id_ in gold.ids],
        "result": {"columns": [f"c{i}" for i in range(len(rows[0]) if rows else 1)], "rows": rows},
        "coverage": {"complete": question.gold != "coverage"}, "sql": "SELECT …", "engine": "text2sql",
        "model": None, "fallback_reason": None, "verified": True, "cached": False, "usage": None,
        "conversation_id": "c-1",
    })  # fmt: skip


urlpatterns = [path("api/prompt/", prompt)]


@pytest.fixture
def contract(settings):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver"]
    ASKED.clear()
    return ASKED


def asked(text: str, **fields) -> Question:
    return Question("q", "ko", "list", "easy", text, "events", **fields)


def test_earlier_questions_are_asked_first_in_one_conversation(contract, make_user):
    now = "2026-03-03T09:00:00+09:00"
    question = asked("그 중에 여자는?", video_id=1, now=now, history=("도난 있었어?",))
    assert AppAsker(make_user("e"))(question).kind == "answer"
    first, second = contract
    assert first["prompt"] == "도난 있었어?"
    assert "conversation_id" not in first
    assert (second["prompt"], second["conversation_id"]) == ("그 중에 여자는?", "c-1")
    for sent in contract:
        assert (sent["video_id"], sent["now"], sent["user"]) == (1, now, "e")


@pytest.mark.parametrize("question", [asked("boom"), asked("…", history=("boom",))])
def test_a_fault_of_the_service_is_a_failure_and_not_the_end_of_the_run(contract, make_user, question):
    outcome = AppAsker(make_user("e"))(question)
    assert outcome.kind == "failure"
    assert outcome.response.startswith("500")


@pytest.mark.django_db(transaction=True)
def test_the_command_runs_a_whole_set(contract, tmp_path, capsys):
    call_command("evaluate", "demo", "--json", "--report-dir", str(tmp_path))
    printed = json.loads(capsys.readouterr().out)
    assert printed["total"]["accuracy"] == 1.0, [q for q in printed["questions"] if q["mark"] != "right"]
    assert len(contract) == 150 + 7  # one follow-up has two earlier questions
    assert json.loads((tmp_path / "demo-text2sql.json").read_text()) == printed
    assert "100.0 % right" in (tmp_path / "demo-text2sql.md").read_text()


@pytest.mark.django_db(transaction=True)
def test_the_command_runs_a_part_and_prints_totals_only(contract, capsys):
    call_command("evaluate", "demo", "--only", "sequence", "--limit", "2")
    printed = capsys.readouterr().out
    assert "demo: 100.0 % right" in printed
    assert "훔친" not in printed


@pytest.mark.django_db(transaction=True)
def test_a_run_in_which_everything_fails_says_why(contract):
    with pytest.raises(CommandError, match="every question failed, the first with text2sql answered"):
        call_command("evaluate", "demo", "--engine", "bedrock", "--limit", "1")
