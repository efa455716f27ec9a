"""Model ids, and what each model accepts (models.toml)."""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Feature = str
"""One of native_schema, forced_tool, temperature, cache: what a 400 can make us leave out for a model."""

_VENDORS = (
    "anthropic|amazon|cohere|meta|mistral|ai21|deepseek|openai|qwen|google|nvidia|writer|twelvelabs|moonshot"
)
_GEOGRAPHY = re.compile(rf"^[a-z-]+\.(?=(?:{_VENDORS})[a-z0-9]*\.)")
_CLAUDE_TAIL = re.compile(r"(-\d{8}|-latest)?(-v\d+)?(:\d+)?(:\w+)?$")
_VERSION = re.compile(r":\d+(:\w+)?$")


def foundation_id(model: str) -> str:
    """`arn:…:inference-profile/global.anthropic.x-v1:0` → `anthropic.x-v1:0`."""
    name = unquote(model)
    if name.startswith("arn:"):
        name = name.split(":", 5)[-1].rpartition("/")[2]
    return _GEOGRAPHY.sub("", name)


def geography(model: str) -> str:
    """Of an inference profile: us, eu, apac, global…; empty for a model in its own region."""
    name = unquote(model).rpartition("/")[2]
    found = _GEOGRAPHY.match(name)
    return found[0].rstrip(".") if found else ""


def bare_id(model: str) -> str:
    """The key of models.toml and prices.toml."""
    name = foundation_id(model)
    if name.startswith("claude-"):
        name = f"anthropic.{name}"
    if name.startswith("anthropic."):
        return _CLAUDE_TAIL.sub("", name)
    return _VERSION.sub("", name)


def vendor(model: str) -> str:
    """Who made the model; empty if the id does not say (an application inference profile, a local model)."""
    head, dot, _ = bare_id(model).partition(".")
    return head if dot and re.fullmatch(rf"(?:{_VENDORS})[a-z0-9]*", head) else ""


@dataclass(frozen=True, slots=True)
class Accepts:
    native_schema: bool
    forced_tool: bool
    temperature: bool
    vision: bool
    cache_min_tokens: int
    context_tokens: int
    ends: date | None = None


@functools.cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("models.toml").read_text("utf-8"))


@functools.cache
def accepts(model: str) -> Accepts:
    table = _table()
    defaults = table["default"].get(vendor(model)) or table["default"]["other"]
    return Accepts(**{**defaults, **table["model"].get(bare_id(model), {})})


# What a provider's 400 says when it means one of our features. The names are those of the wire formats; the
# sentences around them vary by model and change without notice.
_NAMED_IN_A_400: tuple[tuple[Feature, re.Pattern[str]], ...] = (
    ("temperature", re.compile(r"temperature", re.I)),
    ("forced_tool", re.compile(r"tool[_ .]?(choice|config)|\btools?\b", re.I)),
    (
        "native_schema",
        re.compile(
            r"output_?config|textFormat|response_format|json_?schema|structured output|output_format", re.I
        ),
    ),
    ("cache", re.compile(r"cache_?point|cache_control|prompt caching|cachePoint", re.I)),
)


def feature_named_in(message: str, used: frozenset[Feature]) -> Feature | None:
    for feature, pattern in _NAMED_IN_A_400:
        if feature in used and pattern.search(message):
            return feature
    return None
