"""What a run amounts to: totals per category, language and difficulty, as JSON and as Markdown."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from apps.evals.judge import Mark
from apps.evals.run import Answered

MARKS: tuple[Mark, ...] = ("right", "wrong", "abstained", "failed")
GROUPS = ("category", "lang", "difficulty")


def report(answered: Sequence[Answered], *, run: Mapping[str, Any]) -> dict[str, Any]:
    """`run` says what was run: the set, the engine, the model, the version of the prompts."""
    return {
        "run": {**run, "finished_at": datetime.now(UTC).isoformat(timespec="seconds")},
        "total": totals(answered),
        **{f"by_{group}": _grouped(answered, group) for group in GROUPS},
        "questions": [_one(item) for item in answered],
    }


def totals(answered: Sequence[Answered]) -> dict[str, Any]:
    marks = [item.verdict.mark for item in answered]
    evidence = [item.verdict.evidence_right for item in answered if item.verdict.evidence_right is not None]
    answers = [item.outcome for item in answered if item.outcome.kind == "answer"]
    latencies = sorted(item.outcome.latency_ms for item in answered)
    return {
        "questions": len(answered),
        **{mark: marks.count(mark) for mark in MARKS},
        "accuracy": share(marks.count("right"), len(marks)),
        "answered_wrong": share(marks.count("wrong"), len(marks)),
        "verified": share(sum(outcome.verified for outcome in answers), len(answers)),
        "evidence_right": share(sum(evidence), len(evidence)),
        "fallbacks": sum(bool(item.outcome.fallback_reason) for item in answered),
        "latency_ms": {"median": _quantile(latencies, 0.5), "p95": _quantile(latencies, 0.95)},
        "input_tokens": sum(item.outcome.input_tokens for item in answered),
        "output_tokens": sum(item.outcome.output_tokens for item in answered),
        "cost_usd": round(sum(item.outcome.cost_usd for item in answered), 6),
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _quantile(ordered: Sequence[float], q: float) -> float | None:
    if len(ordered) < 2:
        return round(ordered[0], 2) if ordered else None
    cuts = statistics.quantiles(ordered, n=100, method="inclusive")
    return round(cuts[round(q * 100) - 1], 2)


def _grouped(answered: Sequence[Answered], field: str) -> dict[str, Any]:
    values = dict.fromkeys(getattr(item.question, field) for item in answered)
    return {v: totals([item for item in answered if getattr(item.question, field) == v]) for v in values}


def _one(item: Answered) -> dict[str, Any]:
    question, outcome, verdict = item.question, item.outcome, item.verdict
    return {
        "id": question.id,
        "category": question.category,
        "lang": question.lang,
        "difficulty": question.difficulty,
        "question": question.question,
        "history": list(question.history),
        "gold": question.gold,
        "mark": verdict.mark,
        "why": verdict.why,
        "evidence_right": verdict.evidence_right,
        "kind": outcome.kind,
        "verified": outcome.verified,
        "engine": outcome.engine,
        "model": outcome.model,
        "fallback_reason": outcome.fallback_reason,
        "latency_ms": round(outcome.latency_ms, 2),
        "cost_usd": outcome.cost_usd,
        "sql": outcome.sql,
        "response": outcome.response,
    }


def summary(data: Mapping[str, Any]) -> str:
    """The totals, without a single question: what may be read of a set that nobody should tune on."""
    run, total = data["run"], data["total"]
    asked = ", ".join(f"{key} {value}" for key, value in run.items() if value not in (None, ""))
    lines = [
        f"# {run['set']}: {percent(total['accuracy'])} right, {percent(total['answered_wrong'])} wrong",
        "",
        asked,
        "",
        f"- verified {percent(total['verified'])} of the answers",
        f"- evidence right for {percent(total['evidence_right'])} of the figures",
        f"- median {total['latency_ms']['median']} ms, p95 {total['latency_ms']['p95']} ms",
        f"- {total['input_tokens']} tokens in, {total['output_tokens']} out, ${total['cost_usd']}",
        f"- {total['fallbacks']} answered by another engine",
        "",
    ]
    for group in GROUPS:
        lines += [*_table(group, data[f"by_{group}"]), ""]
    return "\n".join(lines).rstrip() + "\n"


def markdown(data: Mapping[str, Any]) -> str:
    lines = [summary(data)]
    missed = [question for question in data["questions"] if question["mark"] != "right"]
    if missed:
        lines += ["## Not right", "", *table(("id", "mark", "category", "question", "why"), missed)]
    return "\n".join(lines).rstrip() + "\n"


def _table(group: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    shown = [
        {
            group: name,
            "n": row["questions"],
            **{mark: row[mark] for mark in MARKS},
            "accuracy": percent(row["accuracy"]),
        }
        for name, row in rows.items()
    ]
    return table((group, "n", *MARKS, "accuracy"), shown)


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        f"| {' | '.join(columns)} |",
        f"|{' --- |' * len(columns)}",
        *(f"| {' | '.join(_cell(row[column]) for column in columns)} |" for row in rows),
    ]


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")[:200]


def percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.1f} %"
