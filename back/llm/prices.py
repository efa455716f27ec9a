"""What a call costs, from the dated table in prices.toml and from LLM_PRICES."""

import functools
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from llm.accepts import bare_id, geography
from llm.binding import CacheTtl
from llm.results import Tokens, Usage

log = logging.getLogger(__name__)

MILLION = Decimal(1_000_000)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: Decimal
    output: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)
    cache_write: Decimal = Decimal(0)
    cache_write_1h: Decimal = Decimal(0)
    long_prompt_over: int | None = None
    long_prompt_factor: Decimal = ONE
    regional_factor: Decimal = ONE
    checked: str = ""

    def cost(self, tokens: Tokens, *, cache_ttl: CacheTtl | None = "5m") -> Decimal:
        write = self.cache_write_1h if cache_ttl == "1h" else self.cache_write
        cost = (
            tokens.input * self.input
            + tokens.output * self.output
            + tokens.cache_read * self.cache_read
            + tokens.cache_write * write
        ) / MILLION
        prompt = tokens.input + tokens.cache_read + tokens.cache_write
        is_long = self.long_prompt_over is not None and prompt > self.long_prompt_over
        return cost * self.long_prompt_factor if is_long else cost


@dataclass(frozen=True, slots=True)
class PriceList:
    source: str
    read_on: date
    models: Mapping[str, Price]


_AMOUNTS = ("input", "output", "cache_read", "cache_write", "cache_write_1h")
_PLAIN = ("long_prompt_over", "checked")


def read_price(row: Mapping[str, Any]) -> Price:
    """ValueError for a row that is none."""
    if not isinstance(row, Mapping) or "input" not in row:
        raise ValueError("a price needs at least `input`")
    if unknown := set(row) - {field.name for field in fields(Price)}:
        raise ValueError(f"a price has no {', '.join(sorted(map(str, unknown)))}")
    try:
        values: dict[str, Any] = {k: v if k in _PLAIN else Decimal(str(v)) for k, v in row.items()}
    except InvalidOperation:
        raise ValueError("a price is written in numbers") from None
    price = Price(**values)
    if not all(amount.is_finite() and amount >= 0 for amount in (getattr(price, name) for name in _AMOUNTS)):
        raise ValueError("a price is not below 0")
    return price


@functools.cache
def price_list() -> PriceList:
    raw = tomllib.loads(Path(__file__).with_name("prices.toml").read_text("utf-8"))
    models = {name: read_price(row) for name, row in raw["model"].items()}
    return PriceList(source=raw["source"], read_on=raw["read_on"], models=models)


def price_of(model: str, own: Mapping[str, Price] | None = None) -> Price | None:
    """`own`: the operator's, by the id as it is configured or by the bare one. None where nobody knows it."""
    own = own or {}
    return own.get(model) or own.get(bare_id(model)) or _listed(model)


@functools.cache
def _listed(model: str) -> Price | None:
    """One warning per process and model that has no row."""
    price = price_list().models.get(bare_id(model))
    if price is None:
        log.warning("no price is known for model %s: set LLM_PRICES", model)
        return None
    if geography(model) in ("", "global"):
        return price
    return replace(price, **{name: getattr(price, name) * price.regional_factor for name in _AMOUNTS})


def dearest() -> Price:
    """Of each kind of token the highest price listed: what a model that nobody knows is taken to cost."""
    every = price_list().models.values()
    return Price(**{name: max(getattr(price, name) for price in every) for name in _AMOUNTS})


def usage_of(
    model: str, tokens: Tokens, *, cache_ttl: CacheTtl | None = "5m", own: Mapping[str, Price] | None = None
) -> Usage:
    price = price_of(model, own)
    return Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
        cost_usd=price.cost(tokens, cache_ttl=cache_ttl) if price else None,
    )
