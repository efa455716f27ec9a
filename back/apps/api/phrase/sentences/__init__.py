"""The sentences, one table per language. What fills a pattern is named in its braces."""

import tomllib
from functools import cache
from pathlib import Path


class MissingSentenceError(KeyError):
    """A language has no sentence of this name."""


@cache
def table(language: str) -> dict[str, str]:
    """Every pattern by its dotted name: "existence.one"."""
    raw = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{kind}.{name}": pattern for kind, patterns in raw.items() for name, pattern in patterns.items()}


def has_sentence(language: str, key: str) -> bool:
    return key in table(language)


def sentence(language: str, key: str) -> str:
    try:
        return table(language)[key]
    except KeyError:
        raise MissingSentenceError(f"{key} in sentences/{language}.toml") from None
