"""A scripted reply as Converse would say it, whole or in frames."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from llm.standin import frames
from llm.standin.script import Fault, Reply

PIECE = 6


def asked_tool(body: Mapping[str, Any]) -> str | None:
    """The tool that the request forces, if it does."""
    config = body.get("toolConfig", {})
    if name := config.get("toolChoice", {}).get("tool", {}).get("name"):
        return str(name)
    tools = config.get("tools", [])
    return str(tools[0]["toolSpec"]["name"]) if tools and "any" in config.get("toolChoice", {}) else None


def asked_format(body: Mapping[str, Any]) -> str | None:
    """The name of the JSON schema that the output is held to, if it is."""
    schema = body.get("outputConfig", {}).get("textFormat", {}).get("structure", {}).get("jsonSchema")
    return None if schema is None else str(schema.get("name", ""))


def content(reply: Reply, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if reply.reasoning:
        blocks.append({"reasoningContent": {"reasoningText": {"text": reply.reasoning, "signature": "s"}}})
    if reply.text:
        blocks.append({"text": reply.text})
    if reply.data is not None:
        tool = asked_tool(body)
        written = json.dumps(reply.data, ensure_ascii=False)
        if tool:
            blocks.append({"toolUse": {"toolUseId": "tooluse_1", "name": tool, "input": reply.data}})
        elif asked_format(body) is not None:
            blocks.append({"text": written})
        else:
            blocks.append({"text": f"Here it is:\n```json\n{written}\n```"})
    return blocks


def stop_reason(reply: Reply, body: Mapping[str, Any]) -> str:
    if reply.stop:
        return reply.stop
    return "tool_use" if reply.data is not None and asked_tool(body) else "end_turn"


def usage(reply: Reply, body: Mapping[str, Any]) -> dict[str, int]:
    """As scripted, or a rough count: four bytes a token."""
    if reply.usage is not None:
        told = dict(reply.usage)
    else:
        told = {
            "inputTokens": max(
                1, len(json.dumps(body.get("messages", []), ensure_ascii=False).encode()) // 4
            ),
            "outputTokens": max(1, len(json.dumps(content(reply, body), ensure_ascii=False).encode()) // 4),
        }
    told.setdefault("totalTokens", sum(told.values()))
    return told


def converse(reply: Reply, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": content(reply, body)}},
        "stopReason": stop_reason(reply, body),
        "usage": usage(reply, body),
        "metrics": {"latencyMs": int(reply.delay * 1000) + 1},
    }


def converse_stream(reply: Reply, body: Mapping[str, Any]) -> Iterator[bytes | Fault]:
    """Frames in order; a Fault where the script wants the stream to break."""
    fault, said = reply.fault, 0
    yield frames.event("messageStart", {"role": "assistant"})
    for index, block in enumerate(content(reply, body)):
        if "toolUse" in block:
            tool = {key: block["toolUse"][key] for key in ("toolUseId", "name")}
            start = {"contentBlockIndex": index, "start": {"toolUse": tool}}
            yield frames.event("contentBlockStart", start)
        for delta in _deltas(block, reply):
            if fault and fault.kind not in ("no_stop", "no_metadata") and said == fault.after:
                yield fault
            yield frames.event("contentBlockDelta", {"contentBlockIndex": index, "delta": delta})
            said += 1
        yield frames.event("contentBlockStop", {"contentBlockIndex": index})
    if fault and (fault.kind == "no_stop" or (fault.kind != "no_metadata" and said <= fault.after)):
        yield fault
    yield frames.event("messageStop", {"stopReason": stop_reason(reply, body)})
    if fault and fault.kind == "no_metadata":
        return
    yield frames.event("metadata", {"usage": usage(reply, body), "metrics": {"latencyMs": 1}})


def _deltas(block: Mapping[str, Any], reply: Reply) -> Iterator[dict[str, Any]]:
    if "reasoningContent" in block:
        yield {"reasoningContent": {"text": block["reasoningContent"]["reasoningText"]["text"]}}
    elif "toolUse" in block:
        written = json.dumps(block["toolUse"]["input"], ensure_ascii=False)
        for start in range(0, len(written), PIECE):
            yield {"toolUse": {"input": written[start : start + PIECE]}}
    else:
        text = block["text"]
        whole = reply.pieces if reply.pieces and "".join(reply.pieces) == text else None
        for piece in whole or (text[start : start + PIECE] for start in range(0, len(text), PIECE)):
            yield {"text": piece}
