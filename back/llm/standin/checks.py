"""What the real service refuses and boto3 lets through; a stand-in that took it would hide a bug."""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

_METADATA = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}")


def wrong_with(body: Mapping[str, Any]) -> str | None:
    """The message of the ValidationException that the service would answer with."""
    messages = body.get("messages", [])
    if not messages or messages[0].get("role") != "user":
        return "A conversation must start with a user message."
    if any(first["role"] == second["role"] for first, second in pairwise(messages)):
        return 'messages: roles must alternate between "user" and "assistant"'
    blocks = [block for message in messages for block in message.get("content", [])] + list(
        body.get("system", [])
    )
    if any(not block["text"].strip() for block in blocks if "text" in block):
        return (
            "The text field in the ContentBlock object is blank. Add text to the text field, and try again."
        )
    if any(not message.get("content") for message in messages):
        return "The content field in the Message object is empty. Add a ContentBlock object and try again."
    if sum("cachePoint" in block for block in blocks) > 4:
        return "You can only have up to 4 cachePoint blocks"
    pairs = body.get("requestMetadata", {})
    if len(pairs) > 16 or not all(_METADATA.fullmatch(text) for pair in pairs.items() for text in pair):
        return "requestMetadata: Member must satisfy regular expression pattern"
    return _wrong_with_schema(body)


def _wrong_with_schema(body: Mapping[str, Any]) -> str | None:
    text_format = body.get("outputConfig", {}).get("textFormat", {})
    written = text_format.get("structure", {}).get("jsonSchema", {}).get("schema")
    if written is None:
        return None
    try:
        schema = json.loads(written)
    except ValueError:
        return "outputConfig.textFormat.structure.jsonSchema.schema: invalid JSON"
    return _open_object(schema, "schema")


def _open_object(schema: Any, path: str) -> str | None:
    if isinstance(schema, list):
        return next(
            (wrong for i, item in enumerate(schema) if (wrong := _open_object(item, f"{path}[{i}]"))), None
        )
    if not isinstance(schema, dict):
        return None
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return f"output_config.format.schema: 'additionalProperties' must be false for 'object' ({path})"
    return next(
        (wrong for key, item in schema.items() if (wrong := _open_object(item, f"{path}.{key}"))), None
    )
