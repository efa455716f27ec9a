"""JSON in, strictly; JSON out, fast.

Python's own reader takes NaN, repeated keys and lone surrogates, and recurses; PostgreSQL and the clients
would trip over each. Here they are refused, with their place.
"""

import json
import math
import re
from typing import Any

import msgspec
from django.conf import settings
from pydantic_core import to_json
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from apps.http.errors import TooLarge

DEEPEST = 32
_ENCODER = msgspec.json.Encoder()
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.S)


class BadJSON(ValueError):
    """Its message can be shown."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadJSON(f"the key {_shown(twice)} is there twice")
    return read


def _shown(text: str) -> str:
    return json.dumps(text[:50])


def _constant(name: str) -> float:
    raise BadJSON(f"{name} is not a JSON number")


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise BadJSON(f"the number {text[:20]} is too large")
    return number


def _int(text: str) -> int:
    if len(text) > 20:
        raise BadJSON(f"the number {text[:20]}… is too large")
    return int(text)


_decode = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float, parse_int=_int
).decode


def _too_deep(body: bytes) -> bool:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(body):
        first = body[match.start()]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif first in b"]}":
            depth -= 1
    return False


def strict_json(body: bytes) -> Any:
    """Raises BadJSON with a message that names the place."""
    if body.count(b"[") + body.count(b"{") > DEEPEST and _too_deep(body):
        raise BadJSON(f"nested more than {DEEPEST} deep")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJSON(f"byte {error.start} is not UTF-8") from None
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        raise BadJSON(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    # Only an escape can bring in what UTF-8 cannot hold.
    if "\\u" in text:
        _check_text(value)
    return value


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise BadJSON("the character U+0000 cannot be stored")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadJSON("half a surrogate pair (\\ud800 to \\udfff) is not a character") from None
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_text(name)
            _check_text(member)
    elif isinstance(value, list):
        for member in value:
            _check_text(member)


class JSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(stream.META.get("CONTENT_LENGTH") or 0) > limit:
            raise TooLarge
        body = stream.read(limit + 1)
        if len(body) < int(stream.META.get("CONTENT_LENGTH") or 0):
            raise exceptions.ParseError("The connection ended before the whole request was there.")
        try:
            return strict_json(body)
        except BadJSON as error:
            raise exceptions.ParseError(f"Not acceptable JSON: {error}.") from None


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        if isinstance(data, msgspec.Struct):
            return _ENCODER.encode(data)
        return b"" if data is None else to_json(data, inf_nan_mode="null")


class JSONNegotiation(DefaultContentNegotiation):
    """Most requests accept anything, or JSON by its name: there is nothing to weigh."""

    def select_renderer(self, request, renderers, format_suffix=None):
        accepted = request.META.get("HTTP_ACCEPT", "*/*")
        plain = format_suffix is None and self.settings.URL_FORMAT_OVERRIDE not in request.query_params
        if plain and len(renderers) == 1 and accepted in {"*/*", renderers[0].media_type}:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class JSONWhateverIsAccepted(BaseContentNegotiation):
    """For a view that streams another type: its errors are JSON, whatever the client accepts."""

    def select_parser(self, request, parsers):
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
