"""A run over real tables and the real reader, by an asker that knows the golds."""

import json
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.db.models import Event, Video
from apps.db.reader import reader
from apps.evals import baseline, compare, report
from apps.evals.asker import Outcome, outcome_of
from apps.evals.question_sets import Question, available, load
from apps.evals.run import chosen, run
from apps.evals.scratch import fill, scratch_database


@dataclass
class KnowsTheGold:
    """Runs the gold's own SQL as a question's SQL is run: through the reader, held to the set's videos."""

    video_ids: tuple[int, ...]

    def __call__(self, question: Question) -> Outcome:
        kind = {"refuse": "refusal", "clarify": "clarification"}.get(question.gold, "answer")
        if kind != "answer":
            return Outcome(kind, engine="text2sql")
        with reader(video_ids=self.video_ids) as cursor:
            cursor.execute(question.gold_sql)
            columns = tuple(column[0] for column in cursor.description)
            rows = tuple(cursor.fetchall())
            evidence = rows if question.gold in {"events", "coverage"} else ()
            if question.evidence_sql:
                cursor.execute(question.evidence_sql)
                evidence = tuple(cursor.fetchall())
        ids = tuple(row[0] for row in evidence)
        return Outcome(
            kind, ids, len(ids), columns, rows, question.gold != "coverage", verified=True, engine="text2sql"
        )


@pytest.mark.django_db(transaction=True)
def test_whoever_knows_the_golds_is_right_on_every_set():
    before = connection.settings_dict["NAME"]
    for name in available():
        question_set = load(name)
        with scratch_database():
            assert connection.settings_dict["NAME"] != before
            fill(question_set)
            asker = KnowsTheGold(tuple(video["id"] for video in question_set.videos))
            answered = list(run(question_set, question_set.questions, asker, engine="text2sql"))
        missed = [(item.question.id, item.verdict.why) for item in answered if item.verdict.mark != "right"]
        assert missed == []
    assert connection.settings_dict["NAME"] == before
    assert not Video.objects.exists()


def test_a_set_fills_the_tables_as_it_is(db):
    question_set = load("demo")
    user = fill(question_set)
    assert set(Video.objects.filter(owner=user).values_list("id", flat=True)) == {1, 2, 3}
    stored = Event.objects.get(id=42)
    assert (stored.severity, stored.timestamp, stored.event_type) == (2, 750.0, "theft")
    assert stored.occurred_at.isoformat() == "2026-03-02T05:12:30+00:00"


def some_report(marks: str, **run_fields):
    """One letter per question of the demo: r(ight), w(rong), a(bstained)."""
    question_set = load("demo")
    given = dict(zip((q.id for q in question_set.questions), marks, strict=False))

    def asker(question):
        letter = given[question.id]
        ids = question_set.golds[question.id].ids if letter == "r" else (-1,)
        kind = "refusal" if letter == "a" else "answer"
        engine = "bedrock" if letter == "f" else "text2sql"
        reason = "bedrock_unreachable" if letter == "f" else None
        return Outcome(
            kind, ids, len(ids), response="a | b\nc", engine=engine, fallback_reason=reason, latency_ms=3.0,
            input_tokens=10, cost_usd=0.001, verified=letter == "r",
        )  # fmt: skip

    questions = chosen(question_set, only=None, limit=len(marks))
    answered = list(run(question_set, questions, asker, engine="text2sql"))
    return report.report(answered, run={"set": "demo", "engine": "text2sql", **run_fields})


def test_totals_tell_wrong_from_abstained_and_failed():
    data = some_report("rrwaf")
    total = data["total"]
    assert [total[mark] for mark in report.MARKS] == [2, 1, 1, 1]
    assert (total["accuracy"], total["answered_wrong"], total["fallbacks"]) == (0.4, 0.2, 1)
    assert (total["verified"], total["input_tokens"], total["cost_usd"]) == (0.5, 50, 0.005)
    assert total["latency_ms"] == {"median": 3.0, "p95": 3.0}
    assert data["by_category"]["existence"]["questions"] == 5
    assert data["by_lang"].keys() == {"ko"}
    json.dumps(data)


def test_a_summary_names_no_question_and_markdown_names_those_missed():
    data = some_report("rw")
    question = data["questions"][1]["question"]
    assert question not in report.summary(data)
    assert question in report.markdown(data)
    assert "50.0 % right, 50.0 % wrong" in report.summary(data)


def test_a_comparison_tells_gains_from_losses():
    data = compare.compare(some_report("rwaw"), some_report("wrra", prompt_version="v2"))
    assert (data["gained"], data["lost"], data["common"]) == (2, 1, 4)
    assert [(c["before"], c["after"]) for c in data["changed"]] == [
        ("right", "wrong"), ("wrong", "right"), ("abstained", "right"), ("wrong", "abstained"),
    ]  # fmt: skip
    assert "2 gained, 1 lost over 4 questions" in compare.markdown(data)


def test_the_command_compares_two_files(tmp_path, capsys):
    before, after = tmp_path / "a.json", tmp_path / "b.json"
    before.write_text(json.dumps(some_report("rw")))
    after.write_text(json.dumps(some_report("rr")))
    call_command("evaluate", "--compare", str(before), str(after))
    assert "1 gained, 0 lost" in capsys.readouterr().out
    after.write_text("{}")
    with pytest.raises(CommandError, match="cannot compare"):
        call_command("evaluate", "--compare", str(before), str(after))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere"], "no such set"),
        (["demo", "--model", "x"], "belong to --engine bedrock"),
        (["demo", "--write-baseline", "--limit", "3"], "whole sets"),
        (["demo", "--only", "gossip"], "invalid choice"),
    ],
)
def test_the_command_refuses_what_would_mislead(arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("evaluate", *arguments)


def test_a_baseline_may_rise_and_not_fall(tmp_path):
    path = tmp_path / "baseline.json"
    assert list(baseline.fallen(path, engine="text2sql", total={})) == []
    baseline.write(path, engine="text2sql", total=some_report("rrw")["total"])
    assert list(baseline.fallen(path, engine="text2sql", total=some_report("rrr")["total"])) == []
    assert list(baseline.fallen(path, engine="text2sql", total=some_report("rra")["total"])) == []
    fallen = list(baseline.fallen(path, engine="text2sql", total=some_report("rww")["total"]))
    assert fallen == ["1 right, 2 before", "2 answered wrongly, 1 before"]
    assert "renew it" in next(baseline.fallen(path, engine="text2sql", total=some_report("rr")["total"]))
    assert list(baseline.fallen(path, engine="bedrock", total=some_report("ww")["total"])) == []


def test_a_reply_of_the_contract_becomes_an_outcome():
    reply = {
        "response": "네", "kind": "answer", "events": [{"id": 42}], "event_count": 1,
        "result": {"columns": ["value"], "rows": [[1]], "truncated": False},
        "coverage": {"from": 0, "to": 1200, "analyzed_until": 1200, "complete": True},
        "sql": "SELECT 1", "engine": "text2sql", "model": None, "fallback_reason": None, "verified": True,
        "cached": False, "usage": {"input_tokens": 5, "output_tokens": 2, "cost_usd": "0.01"},
    }  # fmt: skip
    outcome = outcome_of(reply, latency_ms=2.5)
    assert (outcome.event_ids, outcome.rows, outcome.complete) == ((42,), ((1,),), True)
    assert (outcome.input_tokens, outcome.cost_usd, outcome.latency_ms) == (5, 0.01, 2.5)
    bare = {**reply, "kind": "refusal", "events": [], "result": None, "coverage": None, "usage": None}
    assert outcome_of(bare, latency_ms=1.0).complete is None
