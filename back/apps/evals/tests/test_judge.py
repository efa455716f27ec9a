import pytest

from apps.evals.asker import Outcome
from apps.evals.judge import judge
from apps.evals.question_sets import Gold, Question

EVENTS = ("events", Gold(ids=(3, 1)))
NOTHING = ("events", Gold())
UNSEEN = ("coverage", Gold())
FIGURE = ("value", Gold(ids=(1, 2, 3), value=2.5))
COUNT = ("value", Gold(ids=(1, 2), value=2))
ROWS = ("rows", Gold(rows=(("male", 4), ("female", 1))))
TOP = ("top", Gold(rows=((10, 3), (20, 3))))
CAMERAS = ("rows", Gold(rows=(("CAM-01", 4), ("CAM-02", 1))))
# Hours that are spelled like the id of a video.
HOURS = ("rows", Gold(rows=((1, 4), (2, 1))))
REFUSE, CLARIFY = ("refuse", Gold()), ("clarify", Gold())
ALIASES = {"1": "CAM-01", "2": "CAM-02", "매장": "CAM-01", "주차장": "CAM-02", "CAM-01": "CAM-01"}


def answer(ids=(), columns=(), rows=(), complete=None):
    return Outcome("answer", tuple(ids), len(ids), tuple(columns), tuple(rows), complete)


@pytest.mark.parametrize(
    ("wanted", "outcome", "mark"),
    [
        (EVENTS, answer([1, 3]), "right"),
        (EVENTS, answer([1]), "wrong"),
        (EVENTS, answer([1, 2, 3]), "wrong"),
        (EVENTS, Outcome("answer", (1, 3), event_count=7), "wrong"),
        (EVENTS, Outcome("refusal"), "abstained"),
        (EVENTS, Outcome("clarification"), "abstained"),
        (EVENTS, Outcome("failure"), "failed"),
        (NOTHING, answer(complete=True), "right"),
        (NOTHING, answer(), "right"),
        (NOTHING, answer(complete=False), "wrong"),
        (UNSEEN, answer(complete=False), "right"),
        (UNSEEN, answer(complete=True), "wrong"),
        (UNSEEN, answer(), "wrong"),
        (UNSEEN, answer([1], complete=False), "wrong"),
        (UNSEEN, Outcome("refusal"), "abstained"),
        (COUNT, answer([1, 2], ["n"], [(2,)]), "right"),
        (COUNT, answer([1, 2], ["n"], [("2",)]), "right"),
        (COUNT, answer([1, 2], ["n"], [(3,)]), "wrong"),
        (COUNT, answer([1, 2], ["n"], []), "wrong"),
        (COUNT, answer([1, 2], ["n"], [(2,), (2,)]), "wrong"),
        (COUNT, answer([1, 2], ["id", "value"], [(7, 2)]), "right"),
        (COUNT, answer([1, 2], ["type", "n"], [("theft", 2)]), "right"),
        (COUNT, answer([1, 2], ["id", "age"], [(7, 2)]), "wrong"),
        (FIGURE, answer([1, 2, 3], ["avg"], [("2.5000000000000001",)]), "right"),
        (FIGURE, answer([1, 2, 3], ["avg"], [(2.5001,)]), "wrong"),
        (ROWS, answer(columns=["gender", "n"], rows=[("female", 1), ("male", 4)]), "right"),
        (ROWS, answer(columns=["n", "gender"], rows=[("1", "female"), (4, "male")]), "right"),
        (ROWS, answer(columns=["g", "n", "share"], rows=[("female", 1, 20), ("male", 4, 80)]), "right"),
        (ROWS, answer(columns=["male", "female"], rows=[(4, 1)]), "right"),
        (ROWS, answer(columns=["female", "male"], rows=[(4, 1)]), "wrong"),
        (ROWS, answer(columns=["gender", "n"], rows=[("male", 4)]), "wrong"),
        (ROWS, answer(columns=["gender", "n"], rows=[("male", 4), ("female", 1), ("unknown", 0)]), "wrong"),
        (ROWS, answer(columns=["gender"], rows=[("male",), ("female",)]), "wrong"),
        (TOP, answer(columns=["age", "n"], rows=[(10, 3), (20, 3)]), "right"),
        (TOP, answer(columns=["age", "n"], rows=[("20", 3)]), "right"),
        (TOP, answer(columns=["age", "n"], rows=[(30, 3)]), "wrong"),
        (TOP, answer(columns=["age", "n"], rows=[]), "wrong"),
        (CAMERAS, answer(columns=["name", "n"], rows=[("매장", 4), ("주차장", 1)]), "right"),
        (CAMERAS, answer(columns=["video_id", "n"], rows=[(2, 1), (1, 4)]), "right"),
        (CAMERAS, answer(columns=["video_id", "n"], rows=[(2, 4), (1, 1)]), "wrong"),
        (HOURS, answer(columns=["hour", "n"], rows=[(2, 1), (1, 4)]), "right"),
        (REFUSE, Outcome("refusal"), "right"),
        (REFUSE, Outcome("clarification"), "abstained"),
        (REFUSE, answer(), "wrong"),
        (CLARIFY, Outcome("clarification"), "right"),
        (CLARIFY, Outcome("refusal"), "abstained"),
        (CLARIFY, answer([1]), "wrong"),
    ],
)
def test_marks(wanted, outcome, mark):
    kind, gold = wanted
    sql = "… WHERE n = (SELECT MAX(n) FROM g)" if kind == "top" else "…"
    kind = "rows" if kind == "top" else kind
    question = Question("q", "ko", "list", "easy", "?", kind, gold_sql=sql)
    verdict = judge(question, gold, outcome, aliases=ALIASES)
    assert (verdict.mark, bool(verdict.why)) == (mark, mark != "right" and bool(verdict.why))


def test_the_evidence_of_a_figure_is_judged_apart():
    question = Question("q", "ko", "count_events", "easy", "?", "value")
    right = judge(question, COUNT[1], answer([1, 9], ["n"], [(2,)]), aliases={})
    wrong = judge(question, COUNT[1], answer([2, 1], ["n"], [(5,)]), aliases={})
    assert (right.mark, right.evidence_right) == ("right", False)
    assert (wrong.mark, wrong.evidence_right) == ("wrong", True)
