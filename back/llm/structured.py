"""Data by a JSON schema: native output format → forced tool → a JSON block in text; checked; one repair."""

import json
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from llm.accepts import accepts
from llm.binding import Reply, Schema
from llm.calling import over_models
from llm.errors import InvalidOutput, LlmError, OutputTruncated
from llm.results import DataCompletion, Rung, StopReason, Usage
from llm.schemas import complaints, instruction, json_in

if TYPE_CHECKING:
    from llm.client import Call, Llm

__all__ = ["ask", "instruction"]

log = logging.getLogger(__name__)

RUNGS: tuple[Rung, ...] = ("native", "tool", "text")


def ask(llm: "Llm", call: "Call", schema: Schema) -> DataCompletion:
    spent = Usage()
    lowest: Rung = "native"
    said, wrong = "", ["nothing"]
    for repaired in (False, True):
        if repaired:
            call = replace(call, prompt=call.prompt.followed_by(answer=said, complaint=_complaint(wrong)))
        try:
            model, (rung, reply) = _send(llm, call, schema, lowest)
        except LlmError as error:
            error.usage = spent + (error.usage or Usage())
            raise
        spent = spent + llm.usage(model, reply.tokens)
        cost = call.tally.lost + spent
        llm.refuse_blocked(reply.stop_reason, text=reply.text, model=model, usage=cost)
        if reply.stop_reason.truncated:
            raise OutputTruncated(reply.stop_reason, model=model, usage=cost)
        said = _said(reply)
        data, wrong = _read(reply, rung, schema)
        if not wrong:
            return DataCompletion(
                data=data,
                rung=rung,
                repaired=repaired,
                usage=cost,
                model=model,
                latency_ms=call.limits.elapsed_ms(),
                attempts=call.tally.attempts,
            )
        log.info("%s: the answer does not fit %s at %s", model, schema.name, _places(wrong))
        if data is None:
            # Not even JSON: this server takes the parameter and ignores it, so ask in another way.
            lowest = _below(rung)
    raise InvalidOutput(f"{schema.name} does not fit at {_places(wrong)}", text=said, model=model, usage=cost)


def _send(llm: "Llm", call: "Call", schema: Schema, lowest: Rung) -> tuple[str, tuple[Rung, Reply]]:
    def send(model: str, timeout: float) -> tuple[Rung, Reply]:
        rung = best_rung(llm, model, lowest)
        return rung, llm.binding.complete(llm.request(call, model, schema=schema, rung=rung), timeout=timeout)

    return over_models(
        send,
        models=call.models,
        memory=llm.memory,
        limits=call.limits,
        read_timeout=call.read_timeout,
        tally=call.tally,
        estimate=partial(llm.estimate, call),
    )


def best_rung(llm: "Llm", model: str, lowest: Rung = "native") -> Rung:
    """The surest way that the model accepts, at or below `lowest`."""
    can, dropped = accepts(model), llm.memory.dropped(model)
    open_ = {
        "native": can.native_schema and "native_schema" not in dropped,
        "tool": can.forced_tool and "forced_tool" not in dropped,
        "text": True,
    }
    return next(rung for rung in RUNGS[RUNGS.index(lowest) :] if open_[rung])


def _below(rung: Rung) -> Rung:
    return RUNGS[min(RUNGS.index(rung) + 1, len(RUNGS) - 1)]


def _read(reply: Reply, rung: Rung, schema: Schema) -> tuple[Any, list[str]]:
    if rung == "tool" and reply.tool_input is not None and not isinstance(reply.tool_input, str):
        return reply.tool_input, complaints(reply.tool_input, schema)
    text = reply.tool_input if isinstance(reply.tool_input, str) else reply.text
    try:
        data = json_in(text)
    except ValueError as error:
        if reply.stop_reason is StopReason.MALFORMED:
            return None, ["the answer was malformed"]
        return None, [str(error)]
    return data, complaints(data, schema)


def _said(reply: Reply) -> str:
    if reply.tool_input is None:
        return reply.text.strip() or "(nothing)"
    if isinstance(reply.tool_input, str):
        return reply.tool_input.strip() or "(nothing)"
    return json.dumps(reply.tool_input, ensure_ascii=False)


def _places(wrong: list[str]) -> str:
    """Where, but not what: the words of an answer are the words of a question, and those stay out of logs."""
    return ", ".join(line.partition(": ")[0] for line in wrong)


def _complaint(wrong: list[str]) -> str:
    listed = "\n".join(f"- {line}" for line in wrong)
    return f"That answer does not fit the schema:\n{listed}\nAnswer again, corrected, with the JSON alone."
