"""Every set of the repository is what its golds say; the checks catch what would make a score meaningless."""

import dataclasses

import psycopg2
import pytest
from django.db import connection

from apps.evals.checks import data_problems, question_problems, wholly_empty
from apps.evals.golds import check, compute_golds, differences
from apps.evals.question_sets import BadSet, Gold, Question, available, load


@pytest.fixture
def raw_connection(db):
    connection.ensure_connection()
    opened = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    yield opened
    opened.close()


@pytest.fixture
def demo():
    return load("demo")


def changed(question_set, **fields):
    """The set with its first question changed."""
    first, *others = question_set.questions
    return dataclasses.replace(question_set, questions=(dataclasses.replace(first, **fields), *others))


@pytest.mark.parametrize("name", available())
def test_stored_golds_agree_with_their_sql(raw_connection, name):
    assert check(raw_connection, load(name)) == []


def test_every_set_asks_in_both_languages_and_every_category(demo):
    categories = {question.category for question in demo.questions}
    for name in available():
        questions = load(name).questions
        assert {q.lang for q in questions} == {"ko", "en"}
        assert {q.category for q in questions} == categories
        assert len(questions) >= 120


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"gold": "maybe"}, "unknown gold"),
        ({"category": "misc"}, "unknown category"),
        ({"question": "  "}, "empty question"),
        ({"video_id": 99}, "no video 99"),
        ({"history": ("도난 있었어?",)}, "a follow-up has a history"),
        ({"question": "어제 도난 있었어?"}, "no `now`"),
        ({"gold_sql": None}, "do not belong together"),
        ({"evidence_sql": "SELECT 1 AS id"}, "evidence_sql belongs to a value"),
        ({"gold_sql": "SELECT e.id FROM db_event e WHERE e.event_type = 'theft'"}, "not held to video 1"),
        ({"gold_sql": "SELECT e.id FROM db_event e WHERE e.video_id = 1 AND now() > occurred_at"}, "moment"),
    ],
)
def test_a_question_that_cannot_be_judged_is_named(demo, fields, complaint):
    assert any(complaint in problem for problem in question_problems(changed(demo, **fields)))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"timestamp": 9000.0}, "outside the analysed part"),
        ({"end_timestamp": 1.0}, "ends before its start"),
        ({"event_type": "dance"}, "unknown type"),
        ({"gender": "m"}, "unknown gender"),
        ({"confidence": 1.5}, "confidence"),
        ({"video_id": 99}, "no video"),
        ({"track_id": "P009"}, "changes age or gender"),
    ],
)
def test_an_event_that_cannot_be_is_named(demo, fields, complaint):
    first, *others = demo.events
    broken = dataclasses.replace(demo, events=({**first, **fields}, *others))
    assert any(complaint in problem for problem in data_problems(broken))


def test_a_gold_that_reads_the_clock_of_the_connection_is_refused(raw_connection, demo):
    sql = "SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND EXTRACT(HOUR FROM e.occurred_at) = 14"
    _, problems = compute_golds(raw_connection, changed(demo, gold_sql=sql))
    assert problems == ["dev-001: the gold differs with the session's time zone"]


def test_a_gold_whose_sql_fails_spoils_only_itself(raw_connection, demo):
    golds, problems = compute_golds(raw_connection, changed(demo, gold_sql="SELECT nothing"))
    assert [problem.split(":")[0] for problem in problems] == ["dev-001"]
    assert golds["dev-002"] == demo.golds["dev-002"]


def test_a_set_of_nothing_found_is_refused(demo):
    empty = {question.id: Gold() for question in demo.questions}
    assert any("answerable questions have an answer" in problem for problem in wholly_empty(demo, empty))


def test_stored_golds_that_drifted_are_named():
    stored, computed = {"a": Gold(ids=(1,)), "c": Gold()}, {"a": Gold(ids=(2,)), "b": Gold()}
    assert sorted(problem.split(":")[0] for problem in differences(stored, computed)) == ["a", "b", "c"]


def test_unknown_sets_and_fields_are_named(tmp_path):
    with pytest.raises(BadSet, match=r"there are .*demo"):
        load("no-such-set")
    with pytest.raises(TypeError):
        Question.from_json({"id": "x", "surprise": 1})
    (tmp_path / "questions.jsonl").write_text("{not json}\n")
    (tmp_path / "videos.json").write_text("[]")
    (tmp_path / "events.jsonl").write_text("")
    with pytest.raises(BadSet, match=r"questions.jsonl:1"):
        load(str(tmp_path))
