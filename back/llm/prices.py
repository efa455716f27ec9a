"""What a call costs, from the dated table in prices.toml."""

import functools
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from llm.accepts import bare_id
from llm.binding import CacheTtl
from llm.results import Tokens, Usage

log = logging.getLogger(__name__)

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    cache_write_1h: Decimal

    def cost(self, tokens: Tokens, *, cache_ttl: CacheTtl | None = "5m") -> Decimal:
        write = self.cache_write_1h if cache_ttl == "1h" else self.cache_write
        return (
            tokens.input * self.input
            + tokens.output * self.output
            + tokens.cache_read * self.cache_read
            + tokens.cache_write * write
        ) / MILLION


@dataclass(frozen=True, slots=True)
class PriceList:
    source: str
    read_on: date
    models: Mapping[str, Price]


@functools.cache
def price_list() -> PriceList:
    raw = tomllib.loads(Path(__file__).with_name("prices.toml").read_text("utf-8"))
    zero = {"output": "0", "cache_read": "0", "cache_write": "0", "cache_write_1h": "0"}
    models = {
        name: Price(**{field: Decimal(value) for field, value in {**zero, **row}.items()})
        for name, row in raw["model"].items()
    }
    return PriceList(source=raw["source"], read_on=raw["read_on"], models=models)


@functools.cache
def price_of(model: str) -> Price | None:
    """None, with one warning per process and model, where the table has no row."""
    price = price_list().models.get(bare_id(model))
    if price is None:
        log.warning("no price is known for model %s: its cost is not counted (llm/prices.toml)", model)
    return price


def usage_of(model: str, tokens: Tokens, *, cache_ttl: CacheTtl | None = "5m") -> Usage:
    price = price_of(model)
    return Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
        cost_usd=price.cost(tokens, cache_ttl=cache_ttl) if price else None,
    )
