"""JSON schemas on both sides of a model: made acceptable before, checked and explained after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from llm.binding import Schema

# Providers that hold the output to a schema refuse these with a 400; we check them ourselves afterwards.
_BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_SIZES = {"minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"}
_NOTES = {"minProperties", "maxProperties", "default", "examples", "title", "$schema"}
_NOT_ENFORCEABLE = _BOUNDS | _SIZES | _NOTES
_HOLDS_SCHEMAS = ("properties", "$defs", "definitions")
MAX_COMPLAINTS = 5
MAX_OPENINGS = 200
"""Brackets to try in a text; each may cost a pass over the rest of it."""


def enforceable(schema: Any) -> Any:
    """A copy with only what providers enforce: closed objects, no bounds."""
    if isinstance(schema, list):
        return [enforceable(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    copy: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _HOLDS_SCHEMAS and isinstance(value, Mapping):
            copy[key] = {name: enforceable(inner) for name, inner in value.items()}
        elif key not in _NOT_ENFORCEABLE:
            copy[key] = value if key in ("enum", "const", "required") else enforceable(value)
    kind = copy.get("type")
    if kind == "object" or (isinstance(kind, list) and "object" in kind):
        copy["additionalProperties"] = False
    return copy


def enforceable_text(schema: Mapping[str, Any]) -> str:
    """As it goes over the wire."""
    return _known(schema).text


def complaints(data: Any, schema: Schema) -> list[str]:
    """What is wrong with the data, in words that a model can act on; empty if it is valid."""
    validator = _known(schema.schema).validator
    errors = sorted(validator.iter_errors(data), key=lambda e: list(map(str, e.path)))
    return [f"{error.json_path}: {error.message[:300]}" for error in errors[:MAX_COMPLAINTS]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is made of a schema, which is usually a constant that comes with each call."""

    schema: Mapping[str, Any]  # held, so that its id stays its own
    validator: Draft202012Validator
    text: str


_MOST_KNOWN = 64
_knowns: dict[int, _Known] = {}


def _known(schema: Mapping[str, Any]) -> _Known:
    known = _knowns.get(id(schema))
    if known is None:
        text = json.dumps(enforceable(schema), ensure_ascii=False)
        known = _Known(schema, Draft202012Validator(schema), text)
        if len(_knowns) >= _MOST_KNOWN:
            _knowns.clear()
        _knowns[id(schema)] = known
    return known


def json_in(text: str) -> Any:
    """The JSON value in a text: the whole of it, or the largest object or array inside the prose around it.

    Raises ValueError if there is none.
    """
    try:
        return _DECODER.decode(text.strip())
    except (ValueError, RecursionError):
        pass
    best: tuple[int, Any] | None = None
    position = 0
    for _ in range(MAX_OPENINGS):
        position = _next_opening(text, position)
        if position < 0:
            break
        try:
            value, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
        else:
            if best is None or end - position > best[0]:
                best = (end - position, value)
            position = end
    if best is None:
        raise ValueError("there is no JSON object or array in the answer")
    return best[1]


def _not_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_not_json)


def _next_opening(text: str, start: int) -> int:
    found = [at for at in (text.find("{", start), text.find("[", start)) if at >= 0]
    return min(found, default=-1)


def instruction(schema: Schema) -> str:
    """The lowest rung: ask for it in words."""
    return (
        "Answer with one JSON value and nothing else, in a ```json block. It must be valid by this schema:\n"
        f"{json.dumps(schema.schema, ensure_ascii=False)}"
    )
