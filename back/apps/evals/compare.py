"""Two reports of the same set, question by question: what was gained, what was lost."""

from collections.abc import Mapping
from typing import Any

from apps.evals.report import percent, table


class NotComparable(Exception):
    """The two reports have no question in common."""


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    old = {question["id"]: question for question in before["questions"]}
    pairs = [(old[new["id"]], new) for new in after["questions"] if new["id"] in old]
    if not pairs:
        raise NotComparable("the two reports have no question in common")
    changed = [
        {"id": b["id"], "category": b["category"], "question": b["question"], "before": a["mark"],
         "after": b["mark"], "why": b["why"]}
        for a, b in pairs
        if a["mark"] != b["mark"]
    ]  # fmt: skip
    return {
        "before": before["run"],
        "after": after["run"],
        "common": len(pairs),
        "accuracy": [before["total"]["accuracy"], after["total"]["accuracy"]],
        "answered_wrong": [before["total"]["answered_wrong"], after["total"]["answered_wrong"]],
        "latency_ms": [before["total"]["latency_ms"]["median"], after["total"]["latency_ms"]["median"]],
        "cost_usd": [before["total"]["cost_usd"], after["total"]["cost_usd"]],
        "gained": sum(c["after"] == "right" for c in changed),
        "lost": sum(c["before"] == "right" for c in changed),
        "changed": changed,
    }


def markdown(data: Mapping[str, Any]) -> str:
    (was_right, is_right), (was_wrong, is_wrong) = data["accuracy"], data["answered_wrong"]
    lines = [
        f"# {data['gained']} gained, {data['lost']} lost over {data['common']} questions",
        "",
        f"- right {percent(was_right)} → {percent(is_right)}",
        f"- wrong {percent(was_wrong)} → {percent(is_wrong)}",
        f"- median {data['latency_ms'][0]} → {data['latency_ms'][1]} ms",
        f"- ${data['cost_usd'][0]} → ${data['cost_usd'][1]}",
        "",
    ]
    if data["changed"]:
        lines += table(("id", "before", "after", "category", "question", "why"), data["changed"])
    return "\n".join(lines).rstrip() + "\n"
