# ruff: noqa: RUF009 (_field makes dataclass fields; they are evaluated once, and are meant to be)
"""Which model answers what, how long it may take: one frozen dataclass that generates its environment.

Each field knows its variable, how to read it and what to tell an operator, so the settings, their errors and
their part of .env.example cannot drift apart.
"""

import dataclasses
import json
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from llm.binding import CacheTtl
from llm.errors import ConfigurationError
from llm.prices import Price, read_price

Provider = Literal["bedrock", "anthropic", "openai"]
ModelRole = Literal["plan", "phrase", "vision", "embed"]

T = TypeVar("T")

LEAST_POOL, LARGEST_POOL = 64, 1024


def _text(raw: str) -> str:
    return raw


def _names(raw: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in raw.split(",") if part.strip()))


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return raw

    return read


def _number(low: float, high: float, kind: Callable[[str], Any] = float) -> Callable[[str], Any]:
    def read(raw: str) -> Any:
        try:
            value = kind(raw)
        except ValueError:
            raise ValueError("must be a whole number" if kind is int else "must be a number") from None
        if not low <= value <= high:
            raise ValueError(f"must be between {low:g} and {high:g}")
        return value

    return read


def _optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    return lambda raw: read(raw) if raw else None


def _matching(pattern: str, meaning: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw and not re.fullmatch(pattern, raw):
            raise ValueError(f"must be {meaning}")
        return raw

    return read


def _json_object(raw: str) -> Mapping[str, Any]:
    try:
        value = json.loads(raw) if raw else {}
    except ValueError:
        raise ValueError("must be a JSON object") from None
    if not isinstance(value, dict):
        raise ValueError("must be a JSON object")
    return value


def _prices(raw: str) -> Mapping[str, Price]:
    try:
        return {str(model): read_price(row) for model, row in _json_object(raw).items()}
    except ValueError as error:
        example = '{"qwen3:8b": {"input": 0, "output": 0}}'
        raise ValueError(f"must be a JSON object such as {example}: {error}") from None


def _field(
    default: str,
    read: Callable[[str], Any],
    about: str,
    *,
    env: str | None = None,
    secret: bool = False,
    empty: bool = False,
) -> Any:
    """`default` is written as it would stand in the environment, and is read the same way."""
    return dataclasses.field(
        default_factory=lambda: read(default),
        repr=not secret,
        hash=False if read in (_json_object, _prices) else None,
        metadata={
            "env": env,
            "read": read,
            "default": default,
            "about": about,
            "empty": empty,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmOptions:
    provider: Provider = _field(
        "bedrock",
        _one_of("bedrock", "anthropic", "openai"),
        "Who serves the language models: bedrock, anthropic (Messages API), or openai (anything that speaks "
        "OpenAI's API: OpenAI, Azure, Ollama, vLLM, Hugging Face TGI, DeepSeek, Upstage). The last two "
        "need their client library: pip install '.[anthropic]' or '.[openai]'.",
    )
    region: str = _field(
        "ap-northeast-2",
        _matching(r"[a-z]{2}(-[a-z]+)+-\d", "a region such as ap-northeast-2"),
        "Region for Bedrock. Set but empty: whatever AWS_REGION, AWS_DEFAULT_REGION or the profile says.",
        env="AWS_BEDROCK_REGION",
        empty=True,
    )
    bedrock_models: tuple[str, ...] = _field(
        "global.anthropic.claude-sonnet-4-6,global.anthropic.claude-haiku-4-5-20251001-v1:0",
        _names,
        "Bedrock model for every role: one id, inference profile or ARN, or a comma-separated list "
        "tried in order. A `global.` profile may answer from any region of the world; where footage must not "
        "leave the country choose a regional one.",
        env="AWS_BEDROCK_MODEL_ID",
    )
    default_models: tuple[str, ...] = _field(
        "",
        _names,
        "Model for every role, or a list in order, whichever the provider; empty with bedrock: "
        "AWS_BEDROCK_MODEL_ID.",
        env="LLM_MODEL",
    )
    plan_model: tuple[str, ...] = _field(
        "", _names, "Model (or list) that turns a question into SQL. Empty: the model for every role."
    )
    phrase_model: tuple[str, ...] = _field(
        "", _names, "Model (or list) that writes the answer. A smaller, faster one will often do."
    )
    vision_model: tuple[str, ...] = _field("", _names, "Model (or list) that looks at images.")
    bedrock_embedding_model: str = _field(
        "",
        _text,
        "Bedrock embedding model for search by meaning: amazon.titan-embed-text-v1, "
        "amazon.titan-embed-text-v2:0, cohere.embed-multilingual-v3 (good at Korean), cohere.embed-v4:0 or "
        "amazon.nova-2-multimodal-embeddings-v1:0. With USE_BEDROCK the worker then embeds every event, "
        "within EMBEDDING_DAILY_BUDGET_USD. Never swapped by itself: a change means embedding everything "
        "again. Empty: no search by meaning.",
        env="AWS_BEDROCK_EMBEDDING_MODEL_ID",
    )
    embedding: str = _field(
        "",
        _text,
        "Embedding model of the other providers, for the same; empty with bedrock: "
        "AWS_BEDROCK_EMBEDDING_MODEL_ID.",
        env="LLM_EMBEDDING_MODEL",
    )
    embedding_dimensions: int | None = _field(
        "",
        _optional(_number(1, 8192, int)),
        "Length of the vectors, for models that offer a choice. Empty: the model's own.",
    )
    knowledge_base_id: str = _field(
        "",
        _matching(
            r"[0-9a-zA-Z]{10}|arn:aws[^:]*:bedrock:[a-z0-9-]+:\d{12}:knowledge-base/[0-9a-zA-Z]{10}",
            "a knowledge base's id of 10 letters and digits, or its ARN",
        ),
        "Bedrock knowledge base to look passages up in. Empty: none.",
        env="AWS_BEDROCK_KNOWLEDGE_BASE_ID",
    )
    guardrail_id: str = _field(
        "",
        _matching(
            r"[a-z0-9]+|arn:aws[^:]*:bedrock:[a-z0-9-]+:\d{12}:guardrail/[a-z0-9]+", "a guardrail's id or ARN"
        ),
        "Bedrock guardrail that judges questions and answers. Empty: none.",
        env="AWS_BEDROCK_GUARDRAIL_ID",
    )
    guardrail_version: str = _field(
        "DRAFT",
        _matching(r"[1-9]\d{0,7}|DRAFT", "a version number or DRAFT"),
        "Its version: a number, or DRAFT.",
        env="AWS_BEDROCK_GUARDRAIL_VERSION",
    )
    base_url: str = _field(
        "",
        _matching(r"https?://\S+", "an http or https address"),
        "Address of the anthropic or openai provider, such as http://127.0.0.1:11434/v1 for Ollama. For "
        "Bedrock set AWS_ENDPOINT_URL_BEDROCK_RUNTIME instead.",
    )
    api_key: str = _field(
        "",
        _text,
        "Key for the anthropic or openai provider. Empty: the library's own variable (ANTHROPIC_API_KEY, "
        "OPENAI_API_KEY).",
        secret=True,
    )
    deadline: float = _field(
        "60", _number(1, 900), "Seconds for one call in all, with every retry and fallback."
    )
    connect_timeout: float = _field("5", _number(0.1, 60), "Seconds to reach the provider.")
    plan_timeout: float = _field("30", _number(0.1, 900), "Seconds to wait for one answer: the SQL.")
    phrase_timeout: float = _field(
        "30", _number(0.1, 900), "The same for the wording; in a stream, the longest silence."
    )
    vision_timeout: float = _field("60", _number(0.1, 900), "The same for images.")
    embed_timeout: float = _field("15", _number(0.1, 900), "The same for embeddings.")
    max_tries: int = _field(
        "3", _number(1, 10, int), "Tries per model, with growing pauses, where the fault may pass."
    )
    pool_size: int = _field(
        str(LEAST_POOL),
        _number(1, LARGEST_POOL, int),
        "Connections kept per process. Where it is not set and WEB_THREADS is more, it is that many.",
    )
    max_tokens: int = _field("2048", _number(1, 200_000, int), "Longest answer, in tokens.")
    temperature: float | None = _field(
        "0",
        _optional(_number(0, 2)),
        "0 is the steadiest. Left out for models that do not take it; empty: never sent.",
        empty=True,
    )
    prompt_cache: Literal["off", "5m", "1h"] = _field(
        "5m",
        _one_of("off", "5m", "1h"),
        "How long the provider keeps the unchanging part of a prompt, where the model can: off, 5m or 1h.",
    )
    extra_fields: Mapping[str, Any] = _field(
        "", _json_object, "A JSON object added to every request, for what has no setting of its own."
    )
    prices: Mapping[str, Price] = _field(
        "",
        _prices,
        "US dollars per million tokens of models that llm/prices.toml does not list, or has wrong: a JSON "
        'object such as {"qwen3:8b": {"input": 0, "output": 0}}, with cache_read, cache_write and '
        "cache_write_1h where they differ from 0. With a budget set, a model without a price counts as the "
        "dearest one of the list.",
    )

    def __post_init__(self) -> None:
        if self.provider != "bedrock" and self.guardrail_id:
            raise ConfigurationError(
                "AWS_BEDROCK_GUARDRAIL_ID has no effect with LLM_PROVIDER=" + self.provider
            )

    def models(self, role: ModelRole) -> tuple[str, ...]:
        """In the order to try them."""
        if role == "embed":
            return (model,) if (model := self._embedding()) else ()
        every = self.default_models or (self.bedrock_models if self.provider == "bedrock" else ())
        return cast(tuple[str, ...], getattr(self, f"{role}_model")) or every

    def _embedding(self) -> str:
        return self.embedding or (self.bedrock_embedding_model if self.provider == "bedrock" else "")

    def embedding_model(self) -> str:
        if model := self._embedding():
            return model
        raise ConfigurationError(
            "no embedding model is configured: set AWS_BEDROCK_EMBEDDING_MODEL_ID, or LLM_EMBEDDING_MODEL"
        )

    def timeout(self, role: ModelRole) -> float:
        return cast(float, getattr(self, f"{role}_timeout"))

    def cache_ttl(self) -> CacheTtl | None:
        return None if self.prompt_cache == "off" else self.prompt_cache


OUR_PREFIXES = ("LLM_", "AWS_BEDROCK_")
"""A variable that begins like this and is none of ours is a typo."""


def env_name(field: "dataclasses.Field[Any]") -> str:
    return cast(str, field.metadata["env"] or f"LLM_{field.name.upper()}")


def from_env(environ: Mapping[str, str]) -> LlmOptions:
    """Reads every variable that is set; one ConfigurationError names all that are wrong."""
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for field in dataclasses.fields(LlmOptions):
        name = env_name(field)
        raw = environ.get(name, "").strip()
        # A variable that is set but empty is as good as unset, except where empty means "none".
        if not raw and not (name in environ and field.metadata["empty"]):
            continue
        try:
            values[field.name] = field.metadata["read"](raw)
        except ValueError as error:
            # The value is not repeated: it may be a secret in the wrong variable.
            wrong.append(f"{name} {error}")
    unknown = sorted(set(environ) - env_names())
    wrong.extend(f"{name} is not a setting" for name in unknown if name.startswith(OUR_PREFIXES))
    if wrong:
        raise ConfigurationError("; ".join(wrong))
    return LlmOptions(**values)


def env_names() -> set[str]:
    return {env_name(field) for field in dataclasses.fields(LlmOptions)}


def env_sample() -> str:
    """This room's part of .env.example: each variable with its default, commented out, and what it means."""
    parts = []
    for field in dataclasses.fields(LlmOptions):
        about = textwrap.fill(field.metadata["about"], 108, initial_indent="# ", subsequent_indent="# ")
        parts.append(f"{about}\n# {env_name(field)}={field.metadata['default']}")
    return "\n\n".join(parts) + "\n"
