"""What strangers wrote, as data for a prompt: JSON that cannot close the block it stands in."""

import json
from collections.abc import Sequence
from typing import Any


def quoted(value: Any) -> str:
    """JSON with its Korean readable; angle brackets, and whatever a person would not see, as escapes.

    Not seen are controls, bidirectional overrides and the tag letters that only a model reads.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def quoted_lines(values: Sequence[Any]) -> str:
    """A JSON array, one element a line."""
    return "[" + ",\n ".join(quoted(value) for value in values) + "]"


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]
