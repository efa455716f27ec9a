"""Right, wrong, abstained or failed: one outcome against one gold, by the rules of docs/evaluation.md."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Literal

from apps.evals.asker import Outcome
from apps.evals.question_sets import Gold, Question

Mark = Literal["right", "wrong", "abstained", "failed"]
KIND_OF_GOLD = {"refuse": "refusal", "clarify": "clarification"}


@dataclass(frozen=True, slots=True)
class Verdict:
    mark: Mark
    why: str = ""
    # For a figure: are the events it was taken from the right ones? None where that is not asked.
    evidence_right: bool | None = None


def judge(question: Question, gold: Gold, outcome: Outcome, *, aliases: Mapping[str, str]) -> Verdict:
    """`aliases`: other names of what a grouping may be labelled with (a camera's video id and name)."""
    if outcome.kind == "failure":
        return Verdict("failed", outcome.response)
    wanted = KIND_OF_GOLD.get(question.gold, "answer")
    if outcome.kind != wanted:
        # To refuse instead of asking back, or the other way round, misleads nobody.
        mark: Mark = "wrong" if outcome.kind == "answer" else "abstained"
        return Verdict(mark, f"{outcome.kind} instead of {wanted}")
    if question.gold in KIND_OF_GOLD:
        return Verdict("right")
    if question.gold in {"events", "coverage"}:
        return _events(question, gold, outcome)
    if question.gold == "value":
        return _value(gold, outcome)
    return _rows(question, gold, outcome, aliases)


def _events(question: Question, gold: Gold, outcome: Outcome) -> Verdict:
    """A reply lists its events in time order, so what it says is which they are."""
    missing = set(gold.ids) - set(outcome.event_ids)
    extra = set(outcome.event_ids) - set(gold.ids)
    if missing or extra or outcome.event_count != len(gold.ids):
        return Verdict("wrong", f"missing {sorted(missing)}, extra {sorted(extra)}")
    if question.gold == "coverage" and outcome.complete is not False:
        return Verdict("wrong", "a no over what was not seen")
    if question.gold == "events" and not gold.ids and outcome.complete is False:
        return Verdict("wrong", "called unseen what was seen whole")
    return Verdict("right")


def _value(gold: Gold, outcome: Outcome) -> Verdict:
    figure = _figure(outcome)
    evidence_right = set(outcome.event_ids) == set(gold.ids)
    if _same(figure, gold.value):
        return Verdict("right", evidence_right=evidence_right)
    return Verdict("wrong", f"{figure} instead of {gold.value}", evidence_right=evidence_right)


def _figure(outcome: Outcome) -> Any:
    """The one figure that the SQL returned; several rows or several numbers are none."""
    if not outcome.rows:
        return None
    cells = outcome.rows[0]
    if len(outcome.rows) > 1:
        return f"{len(outcome.rows)} rows"
    if len(cells) == 1:
        return cells[0]
    if "value" in outcome.columns:
        return cells[outcome.columns.index("value")]
    numbers = [cell for cell in cells if _number(cell) is not None]
    return numbers[0] if len(numbers) == 1 else f"columns {list(outcome.columns)}"


def _rows(question: Question, gold: Gold, outcome: Outcome, aliases: Mapping[str, str]) -> Verdict:
    per_camera = {str(row[0]) for row in gold.rows} <= set(aliases.values())
    wanted = Counter(_row(row) for row in gold.rows)
    # "The most" has one winner to name; any of several equal ones is right.
    any_of_ties = "MAX(n)" in (question.gold_sql or "")
    for pairs in _readings(outcome, len(gold.rows[0]) if gold.rows else 0):
        renamed = [(aliases.get(str(p[0]), p[0]) if per_camera else p[0], *p[1:]) for p in pairs]
        got = Counter(_row(row) for row in renamed)
        if got == wanted or (any_of_ties and got and got <= wanted):
            return Verdict("right")
    return Verdict("wrong", f"{len(outcome.rows)} rows {list(outcome.columns)}, wanted {len(gold.rows)}")


def _readings(outcome: Outcome, width: int) -> list[list[tuple[Any, ...]]]:
    """The table with its columns in any order and surplus ones left out, or one row lying on its side."""
    columns = range(len(outcome.columns))
    readings: list[list[tuple[Any, ...]]] = [
        [tuple(row[i] for i in order) for row in outcome.rows] for order in permutations(columns, width)
    ]
    if len(outcome.rows) == 1 and width == 2:
        readings.append(list(zip(outcome.columns, outcome.rows[0], strict=True)))
    return readings


def _row(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(str(cell) if (number := _number(cell)) is None else round(number, 6) for cell in row)


def _number(cell: Any) -> float | None:
    """Decimals travel through JSON as text."""
    if cell is None or isinstance(cell, bool):
        return None
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _same(got: Any, wanted: Any) -> bool:
    a, b = _number(got), _number(wanted)
    if a is None or b is None:
        return got == wanted
    return abs(a - b) <= 1e-6 * max(1.0, abs(b))
