"""The stable part of the prompt, written from the vocabulary and the guard, so that nothing is copied."""

import tomllib
from functools import lru_cache
from pathlib import Path

from apps.api import prompts
from apps.api.guard.allowed import FUNCTIONS, SYNTAX_FUNCTIONS
from semantics import VOCABULARY, AgeGroup, EventGroup, Words

WORDS_EACH = 8
"""Of a meaning's words in a language: enough to know it by, the model knows the rest."""

INTENTS: dict[str, dict[str, str]] = tomllib.loads(
    Path(prompts.__file__).with_name("intents.toml").read_text(encoding="utf-8")
)
INTENT_NAMES = tuple(name for intents in INTENTS.values() for name in intents)


@lru_cache(maxsize=8)
def plan_rules(version: str) -> str:
    return prompts.render(
        "plan.system",
        version=version,
        tables="\n".join(_tables()),
        event_types="\n".join(
            f"{t.code} | {t.severity} | {_some(t.words.ko)} | {_some(t.words.en)}"
            for t in VOCABULARY.event_types
        ),
        event_groups="\n".join(f"- {_said(g.words)}: {_condition(g)}" for g in VOCABULARY.event_groups),
        genders="\n".join(
            f"- {_said(g.words)}: gender = '{g.code}'" for g in VOCABULARY.genders if g.words.ko
        ),
        ages="\n".join(f"- {_said(a.words)}: {_range(a)}" for a in VOCABULARY.age_groups),
        persons=_said(VOCABULARY.person),
        vehicle_types=", ".join(t.code for t in VOCABULARY.event_types if t.about == "vehicle"),
        places="; ".join(twins(row) for row in VOCABULARY.places),
        everywhere=_said(VOCABULARY.everywhere),
        intents="\n".join(
            f"{name} | {shape}: {about}"
            for shape, intents in INTENTS.items()
            for name, about in intents.items()
        ),
        functions=", ".join(
            sorted({*FUNCTIONS, *SYNTAX_FUNCTIONS, "coalesce", "greatest", "least", "nullif"})
        ),
    )


@lru_cache(maxsize=8)
def phrase_rules(version: str) -> str:
    return prompts.render("phrase.system", version=version)


def twins(row: Words) -> str:
    return f"{', '.join(row.ko)} = {', '.join(row.en)}"


def _tables():
    for table in VOCABULARY.tables:
        yield f"{table.name}: {table.about}"
        for column in table.columns:
            yield f"  {column.name} {column.type}: {column.about}"


def _some(words: tuple[str, ...]) -> str:
    return ", ".join(words[:WORDS_EACH])


def _said(words: Words) -> str:
    return ", ".join((*words.ko[:WORDS_EACH], *words.en[:WORDS_EACH]))


def _condition(group: EventGroup) -> str:
    if group.severity is None:
        return f"event_type IN ({', '.join(repr(code) for code in sorted(group.types))})"
    if group.severity == {0, 1, 2}:
        return "every event, whatever its severity"
    least = min(group.severity)
    return f"severity = {least}" if len(group.severity) == 1 else f"severity >= {least}"


def _range(group: AgeGroup) -> str:
    ends = [f"age >= {group.from_}"] * (group.from_ is not None) + [f"age <= {group.to}"] * (
        group.to is not None
    )
    beside = " (beside a person or a gender word)" if group.with_person else ""
    return " AND ".join(ends) + beside
