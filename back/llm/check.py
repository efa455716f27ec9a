"""Tries every configured model the way its role will use it, and says what works, costs and retires.

`manage.py llm_check` prints it. Each try is a few tokens.
"""

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from llm.bedrock.guardrail import apply_guardrail
from llm.bedrock.knowledge import retrieve
from llm.bedrock.lifecycle import Lifecycle, lifecycle
from llm.client import Llm
from llm.errors import LlmError
from llm.memory import ModelMemory
from llm.messages import Image, Message, Prompt, Text
from llm.opening import open_llm
from llm.options import LlmOptions
from llm.prices import price_of
from llm.results import Usage
from llm.timing import REAL_TIME, Timing

DEADLINE = 30.0
MAX_TOKENS = 200
"""Enough for a model that thinks before it speaks."""
SCHEMA = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    role: str
    model: str
    works: bool
    detail: str
    """How it answered, or the error and what to do about it."""
    latency_ms: int | None = None
    cost_usd: Decimal | None = None
    price: str = ""
    """US dollars per million tokens, in / out."""
    status: str = ""
    ends: date | None = None


def check_models(options: LlmOptions, *, timing: Timing = REAL_TIME) -> list[CheckRow]:
    """A row for each role and model, and for guardrail and knowledge base if there are any."""
    tries: dict[str, Callable[[Llm], tuple[str, int, Usage]]] = {
        "plan": _try_plan,
        "phrase": _try_phrase,
        "vision": _try_vision,
        "embed": _try_embed,
    }
    rows = []
    lifecycles: dict[str, Lifecycle] = {}
    for role, try_ in tries.items():
        models = options.models(role)  # type: ignore[arg-type]
        if not models and role != "embed":
            rows.append(CheckRow(role, "-", works=False, detail="no model is configured"))
        for model in models:
            if options.provider == "bedrock" and model not in lifecycles:
                lifecycles[model] = lifecycle(options, model)
            rows.append(_row(role, model, options, try_, lifecycles.get(model), timing))
    if options.provider == "bedrock":
        rows.extend(_extras(options, timing))
    return rows


def working(rows: Iterable[CheckRow]) -> bool:
    """Every role has something that works."""
    roles: dict[str, bool] = {}
    for row in rows:
        roles[row.role] = roles.get(row.role, False) or row.works
    return all(roles.values())


def _row(
    role: str,
    model: str,
    options: LlmOptions,
    try_: Callable[[Llm], tuple[str, int, Usage]],
    life: Lifecycle | None,
    timing: Timing,
) -> CheckRow:
    alone = replace(
        options,
        default_models=(model,),
        plan_model=(),
        phrase_model=(),
        vision_model=(),
        max_tokens=MAX_TOKENS,
    )
    price = price_of(model, options.prices)
    row = CheckRow(
        role=role,
        model=model,
        works=False,
        detail="",
        price=f"{price.input:f} / {price.output:f}" if price else "unknown: set LLM_PRICES",
        status=life.status if life else "",
        ends=life.ends if life else None,
    )
    try:
        # Nothing that was learnt before: a model that was denied a minute ago may be allowed by now.
        detail, latency, usage = try_(open_llm(alone, memory=ModelMemory(), timing=timing))
    except LlmError as error:
        return replace(row, detail=_explained(error), cost_usd=error.usage.cost_usd if error.usage else None)
    return replace(row, works=True, detail=detail, latency_ms=latency, cost_usd=usage.cost_usd)


def _explained(error: LlmError) -> str:
    return f"{error.code}: {error.detail or error.public_message} → {error.hint}"


def _try_plan(llm: Llm) -> tuple[str, int, Usage]:
    answer = llm.data(
        Prompt.of('Answer {"ok": true}.'), role="plan", schema=SCHEMA, name="check", deadline=DEADLINE
    )
    how = {"native": "data by schema", "tool": "data by forced tool", "text": "data from text"}[answer.rung]
    return how, answer.latency_ms, answer.usage


def _try_phrase(llm: Llm) -> tuple[str, int, Usage]:
    with llm.stream(Prompt.of("Answer with the word OK."), role="phrase", deadline=DEADLINE) as stream:
        for _ in stream:
            pass
    done = stream.completion
    assert done is not None
    return "stream", done.latency_ms, done.usage


def _try_vision(llm: Llm) -> tuple[str, int, Usage]:
    message = Message("user", (Image(_grey_png(), "png"), Text("Name the colour of this image in one word.")))
    done = llm.complete(Prompt(messages=(message,)), role="vision", deadline=DEADLINE)
    return "image", done.latency_ms, done.usage


def _try_embed(llm: Llm) -> tuple[str, int, Usage]:
    found = llm.embed(["OK"], kind="query", deadline=DEADLINE)
    return f"{found.dimensions} dimensions", found.latency_ms, found.usage


def _extras(options: LlmOptions, timing: Timing) -> list[CheckRow]:
    rows = []
    if options.guardrail_id:
        name = f"{options.guardrail_id} ({options.guardrail_version})"
        try:
            apply_guardrail(options, text="OK", source="INPUT", deadline=DEADLINE, timing=timing)
            rows.append(CheckRow("guardrail", name, works=True, detail="judges"))
        except LlmError as error:
            rows.append(CheckRow("guardrail", name, works=False, detail=_explained(error)))
    if options.knowledge_base_id:
        try:
            found = retrieve(options, query="OK", limit=1, deadline=DEADLINE, timing=timing)
            detail = f"answers ({len(found)} passages)"
            rows.append(CheckRow("knowledge base", options.knowledge_base_id, works=True, detail=detail))
        except LlmError as error:
            rows.append(
                CheckRow("knowledge base", options.knowledge_base_id, works=False, detail=_explained(error))
            )
    return rows


def _grey_png(side: int = 16) -> bytes:
    """A small real image: some models refuse one of a single pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x80" * side for _ in range(side))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


HEADINGS = ("role", "model", "works", "ms", "cost", "$/MTok in / out", "status", "detail")


def format_table(rows: Iterable[CheckRow]) -> str:
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS) - 1)]
    return "\n".join(
        "  ".join(
            (*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1])
        ).rstrip()
        for line in cells
    )


def _cells(row: CheckRow) -> tuple[str, ...]:
    return (
        row.role,
        row.model,
        "yes" if row.works else "NO",
        "" if row.latency_ms is None else str(row.latency_ms),
        "" if row.cost_usd is None else f"${row.cost_usd:.6f}",
        row.price,
        " ".join(part for part in (row.status, f"ends {row.ends}" if row.ends else "") if part),
        row.detail,
    )
