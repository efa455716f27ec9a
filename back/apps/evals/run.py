"""Asks the questions of a set, one after the other, and judges what comes back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.evals.asker import Asker, Outcome
from apps.evals.judge import Verdict, judge
from apps.evals.question_sets import Question, QuestionSet


@dataclass(frozen=True, slots=True)
class Answered:
    question: Question
    outcome: Outcome
    verdict: Verdict


def chosen(question_set: QuestionSet, *, only: str | None, limit: int | None) -> tuple[Question, ...]:
    questions = [q for q in question_set.questions if only is None or q.category == only]
    return tuple(questions[:limit])


def run(
    question_set: QuestionSet, questions: Iterable[Question], asker: Asker, *, engine: str
) -> Iterator[Answered]:
    aliases = camera_aliases(question_set)
    for question in questions:
        outcome = asker(question)
        if outcome.engine not in (None, engine):
            # What another engine earned is no score of this one.
            verdict = Verdict("failed", f"{outcome.engine} answered: {outcome.fallback_reason}")
        else:
            verdict = judge(question, question_set.golds[question.id], outcome, aliases=aliases)
        yield Answered(question, outcome, verdict)


def camera_aliases(question_set: QuestionSet) -> dict[str, str]:
    """A grouping "per camera" may be labelled by the video, where each camera has one."""
    cameras = [video["camera"] for video in question_set.videos]
    return {
        str(video[key]): video["camera"]
        for video in question_set.videos
        if cameras.count(video["camera"]) == 1
        for key in ("id", "name", "camera")
    }
