"""What a prompt of ours holds, read back from the wire: its question, its blocks of JSON, its schema."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from llm.schemas import json_in
from llm.standin.answers import asked_tool


def asked(body: Mapping[str, Any]) -> str:
    """The texts of all that the person's side said: the data, then the question."""
    blocks = (
        block for message in body["messages"] if message["role"] == "user" for block in message["content"]
    )
    texts = (
        block.get("text") or block.get("guardContent", {}).get("text", {}).get("text", "") for block in blocks
    )
    return "\n".join(texts)


def question(text: str) -> str:
    marked = _block(text, "question")
    if marked is None:
        return text
    try:
        said = json.loads(marked)
    except ValueError:
        return marked
    return said if isinstance(said, str) else marked


def data(text: str, name: str) -> Any:
    """The JSON of the last block of that name; None without one."""
    marked = _block(text, name)
    try:
        return None if marked is None else json.loads(marked)
    except ValueError:
        return None


def words(text: str, name: str) -> str:
    return _block(text, name) or ""


def _block(text: str, name: str) -> str | None:
    found = re.findall(rf"<{name}>\s*(.*?)\s*</{name}>", text, re.S)
    return str(found[-1]) if found else None


def schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """From the output format, the forced tool, or the words that ask for JSON."""
    text_format = body.get("outputConfig", {}).get("textFormat", {})
    if written := text_format.get("structure", {}).get("jsonSchema", {}).get("schema"):
        return dict(json.loads(written))
    if asked_tool(body):
        return dict(body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"])
    last = next((part["text"] for part in reversed(body.get("system", [])) if "text" in part), "")
    if "valid by this schema" in last:
        return dict(json_in(last))
    return None


def events(text: str) -> list[Mapping[str, Any]]:
    """Whatever has a `timestamp`, in the largest JSON of a text."""
    try:
        return list(_dicts_with_a_time(json_in(text)))
    except ValueError:
        return []


def _dicts_with_a_time(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("timestamp"), (int, float)):
            yield value
        else:
            for inner in value.values():
                yield from _dicts_with_a_time(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts_with_a_time(inner)
