"""Cursor pages: each continues after the last row of the one before, however many rows come in between.

The cursor is the sort key of that row. Sort by columns that are never null, and end with a unique one.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.encoding import escape_uri_path
from pydantic_core import to_json
from rest_framework.request import Request

from apps.http.errors import InvalidInput, Problem


@dataclass(frozen=True, slots=True)
class SortKey:
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[dict[str, Any]]
    next: str | None

    def body(self) -> dict[str, Any]:
        return {"next": self.next, "results": self.rows}


def _encode(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(to_json(values)).decode().rstrip("=")


def decoded_cursor(cursor: str, model: type[Model], keys: Sequence[SortKey]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys) or None in values:
            raise ValueError
        fields: list[Any] = [model._meta.get_field(key.field) for key in keys]
        return [_in_utc(field.to_python(value)) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        raise InvalidInput(
            [Problem("invalid_cursor", "Not a cursor of this list and order.", "cursor")]
        ) from None


def _in_utc(value: Any) -> Any:
    """As our own cursors have it; a moment at the edge of what Python counts would fail in the query."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError
    return value.astimezone(UTC)


def next_address(request: Request, last: list[Any]) -> str:
    """`last` is the sort key of the last row."""
    query = {name: values for name, values in request.query_params.lists() if name != "cursor"}
    query["cursor"] = [_encode(last)]
    here = f"{request.scheme}://{request.get_host()}{escape_uri_path(request.path)}"
    return f"{here}?{urlencode(query, doseq=True)}"


def _after(keys: Sequence[SortKey], values: Sequence[Any]) -> Q:
    """a > x OR (a = x AND (b > y OR …)), with a bound in front that an index can start from."""
    key, value = keys[0], values[0]
    beyond = Q(**{f"{key.field}__{'lt' if key.descending else 'gt'}": value})
    if len(keys) == 1:
        return beyond
    bound = Q(**{f"{key.field}__{'lte' if key.descending else 'gte'}": value})
    return bound & (beyond | (Q(**{key.field: value}) & _after(keys[1:], values[1:])))


def page_of(
    queryset: QuerySet,
    *,
    request: Request,
    keys: Sequence[SortKey],
    fields: Sequence[str],
    limit: int,
    cursor: str | None,
) -> Page:
    if cursor:
        queryset = queryset.filter(_after(keys, decoded_cursor(cursor, queryset.model, keys)))
    order = [f"{'-' if key.descending else ''}{key.field}" for key in keys]
    rows = list(queryset.order_by(*order).values(*fields)[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, None)
    last = [rows[limit - 1][key.field] for key in keys]
    return Page(rows[:limit], next_address(request, last))
