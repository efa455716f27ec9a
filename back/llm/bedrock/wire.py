"""Converse's wire format: our request to its arguments, its reply to ours."""

import re
from collections.abc import Mapping
from typing import Any

from llm.binding import CacheTtl, Reply, Request, Schema, text_of
from llm.errors import Unavailable
from llm.messages import Block, CachePoint, Image, SystemPart
from llm.options import LlmOptions
from llm.results import StopReason, Tokens
from llm.schemas import enforceable_text

_STOPS = {
    "end_turn": StopReason.END,
    "tool_use": StopReason.TOOL,
    "max_tokens": StopReason.MAX_TOKENS,
    "stop_sequence": StopReason.STOP_SEQUENCE,
    "guardrail_intervened": StopReason.GUARDRAIL,
    "content_filtered": StopReason.FILTERED,
    "malformed_model_output": StopReason.MALFORMED,
    "malformed_tool_use": StopReason.MALFORMED,
    "model_context_window_exceeded": StopReason.CONTEXT_FULL,
}

_NOT_IN_METADATA = re.compile(r"[^a-zA-Z0-9\s:_@$#=/+,\-.]")
_METADATA_VALUE = 256
_METADATA_ENTRIES = 16
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]")


def to_converse(request: Request, options: LlmOptions, *, streaming: bool) -> dict[str, Any]:
    guarded = bool(options.guardrail_id)
    inference: dict[str, Any] = {"maxTokens": request.max_tokens}
    if request.temperature is not None:
        inference["temperature"] = request.temperature
    arguments: dict[str, Any] = {
        "modelId": request.model,
        "messages": [
            {
                "role": message.role,
                "content": [
                    wire for block in message.content if (wire := _block(block, request.cache, guarded))
                ],
            }
            for message in request.prompt.messages
        ],
        "inferenceConfig": inference,
    }
    if system := [wire for part in request.prompt.system if (wire := _system(part, request.cache))]:
        arguments["system"] = system
    if request.forced_tool is not None:
        name = _name(request.forced_tool)
        arguments["toolConfig"] = {
            "tools": [{"toolSpec": _tool(request.forced_tool)}],
            "toolChoice": {"tool": {"name": name}},
        }
    if request.native_schema is not None:
        arguments["outputConfig"] = {"textFormat": _text_format(request.native_schema)}
    if guarded:
        arguments["guardrailConfig"] = {
            "guardrailIdentifier": options.guardrail_id,
            "guardrailVersion": options.guardrail_version,
            **({"streamProcessingMode": "sync"} if streaming else {}),
        }
    if request.metadata:
        arguments["requestMetadata"] = request_metadata(request.metadata)
    if options.extra_fields:
        arguments["additionalModelRequestFields"] = dict(options.extra_fields)
    return arguments


def request_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    """Within what the service allows, or it would refuse the whole request for the sake of a label."""
    return {
        _clean(key): _clean(value) for key, value in list(metadata.items())[:_METADATA_ENTRIES] if _clean(key)
    }


def _clean(text: str) -> str:
    return _NOT_IN_METADATA.sub("_", text)[:_METADATA_VALUE]


def _name(schema: Schema) -> str:
    return _NOT_IN_NAMES.sub("_", schema.name)[:64]


def _system(part: SystemPart, cache: CacheTtl | None) -> dict[str, Any] | None:
    if isinstance(part, CachePoint):
        return _cache_point(cache)
    return {"text": part.text} if part.text else None


def _block(block: Block, cache: CacheTtl | None, guarded: bool) -> dict[str, Any] | None:
    if isinstance(block, CachePoint):
        return _cache_point(cache)
    if isinstance(block, Image):
        return {"image": {"format": block.format, "source": {"bytes": block.data}}}
    if block.guarded and guarded:
        return {"guardContent": {"text": {"text": block.text}}}
    return {"text": block.text}


def _cache_point(cache: CacheTtl | None) -> dict[str, Any] | None:
    if cache is None:
        return None
    # Five minutes is the default, and older models know no other: name only the hour.
    return {"cachePoint": {"type": "default", **({"ttl": "1h"} if cache == "1h" else {})}}


def _tool(schema: Schema) -> dict[str, Any]:
    described = {"description": schema.description} if schema.description else {}
    return {"name": _name(schema), **described, "inputSchema": {"json": dict(schema.schema)}}


def _text_format(schema: Schema) -> dict[str, Any]:
    described = {"description": schema.description} if schema.description else {}
    text = enforceable_text(schema.schema)
    return {
        "type": "json_schema",
        "structure": {"jsonSchema": {"schema": text, "name": _name(schema), **described}},
    }


def from_converse(response: Mapping[str, Any]) -> Reply:
    if "stopReason" not in response:
        # botocore takes a body that is cut off, or no JSON at all, for an empty answer and says nothing.
        raise Unavailable("unreadable answer: no stop reason in it")
    # Reasoning may come first: the blocks of the kind that counts, never block 0.
    blocks = response.get("output", {}).get("message", {}).get("content", [])
    return Reply(
        text="".join(text_of(block["text"]) for block in blocks if "text" in block),
        stop_reason=stop_reason(response["stopReason"]),
        tokens=tokens(response.get("usage", {})),
        tool_input=next((block["toolUse"]["input"] for block in blocks if "toolUse" in block), None),
    )


def stop_reason(name: str) -> StopReason:
    """One that is new to us ends the answer like any other."""
    return _STOPS.get(name, StopReason.END)


def tokens(usage: Mapping[str, Any]) -> Tokens:
    return Tokens(
        input=int(usage.get("inputTokens") or 0),
        output=int(usage.get("outputTokens") or 0),
        cache_read=int(usage.get("cacheReadInputTokens") or 0),
        cache_write=int(usage.get("cacheWriteInputTokens") or 0),
    )
