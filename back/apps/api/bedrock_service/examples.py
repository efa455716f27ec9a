"""Questions whose SQL is right, those that are like the one asked: the product's, then the owner's own."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from apps.api import prompts
from apps.api.asking.question import Example
from apps.api.bedrock_service.likeness import Likeness

FILE = Path(prompts.__file__).with_name("examples.jsonl")
MOST = 6
MOST_OWN = 3
LIKE_ENOUGH = 0.25
"""An owner's exchange says how they mean their words only where it is about the same thing."""


@lru_cache(maxsize=1)
def product_examples() -> tuple[tuple[dict[str, Any], ...], Likeness]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    examples = tuple(json.loads(line) for line in lines if line.strip())
    return examples, Likeness(example["question"] for example in examples)


def examples_for(
    prompt: str, *, own: Sequence[Example] = (), by_meaning: bool = True
) -> list[dict[str, Any]]:
    """The likest last: what stands nearest to the question is heeded most.

    Without a search `by_meaning`, none that uses it.
    """
    examples, likeness = product_examples()
    likest = (examples[at] for at, _ in likeness.nearest(prompt, most=2 * MOST))
    found = [example for example in likest if by_meaning or not example["reply"].get("meaning")][:MOST]
    found.reverse()
    if own:
        nearest = Likeness(example.question for example in own).nearest(
            prompt, most=MOST_OWN, least=LIKE_ENOUGH
        )
        found += [_own(own[at]) for at, _ in reversed(nearest)]
    return found


def _own(example: Example) -> dict[str, Any]:
    reply = {"kind": "answer", "sql": example.sql, "evidence_sql": example.evidence_sql}
    return {
        "question": example.question,
        "asked_here_before_and_confirmed": True,
        "reply": reply,
    }
