"""From a request to a checked pydantic model, or InvalidInput with the place of each mistake."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote_to_bytes

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from rest_framework.request import Request

from apps.http.errors import InvalidInput, LengthRequired, Problem

# The codes that clients see for pydantic's most frequent ones; the others keep pydantic's name.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "model_type": "not_an_object",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
}
_WORDS = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field.",
    "model_type": "Send a JSON object.",
}

# The list of all event types fits.
LONGEST_DETAIL = 600
# What is wrong is told, not repeated: a caller could make us send back more than was sent.
LONGEST_PLACE = 200
MOST_PROBLEMS = 50


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("the character U+0000 cannot be stored")
    return text


def storable_text(text: str) -> str:
    """Composed: macOS sends 도난 as six letters, which would be found by nobody who types it elsewhere."""
    return unicodedata.normalize("NFC", _storable(text))


def _no_number(value: Any) -> Any:
    """pydantic takes numbers, also those in text, for seconds since 1970: `2026` would be half an hour."""
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value.strip())):
        raise PydanticCustomError(
            "datetime_type", "Wants ISO 8601 with an offset, such as 2026-03-02T14:00:00+09:00"
        )
    return value


_NUMBER = re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", re.I)

# PostgreSQL refuses displacements from 16 hours on; the largest that is used anywhere is 14.
_FARTHEST = timedelta(hours=15, minutes=59)


def _possible_offset(moment: datetime) -> datetime:
    if abs(moment.utcoffset() or timedelta()) > _FARTHEST:
        raise PydanticCustomError("datetime_offset", "The offset from UTC must be less than 16 hours")
    return moment


Text = Annotated[str, AfterValidator(storable_text)]
# Taken as it is: another spelling is another password.
Secret = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_no_number), AfterValidator(_possible_offset)
]


class Body(BaseModel):
    """A JSON object: no unknown member, no type guessed from another."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, ser_json_inf_nan="null", str_strip_whitespace=True
    )


class Query(BaseModel):
    """Query parameters: text, read as the type of the field."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


BodyT = TypeVar("BodyT", bound=BaseModel)


def problem_of(error: ErrorDetails, *, prefix: str = "") -> Problem:
    code = error["type"]
    detail = _WORDS.get(code) or _length(error) or error["msg"].removeprefix("Value error, ")
    # Union members show up as their type's name; only names of fields and indexes say where.
    place = ".".join(
        str(part) for part in error["loc"] if not str(part).startswith(("function-", "constrained-"))
    )
    return Problem(_CODES.get(code, code), _sentence(detail), (prefix + place)[:LONGEST_PLACE] or None)


def _length(error: ErrorDetails) -> str | None:
    """pydantic counts the "items" of a text that a function has looked at."""
    told = error.get("ctx", {})
    if told.get("field_type") != "Value":
        return None
    if "min_length" in told:
        return (
            f"Wants at least {told['min_length']} characters"
            if told["min_length"] > 1
            else "Must not be empty"
        )
    return f"Wants at most {told['max_length']} characters"


def _sentence(text: str) -> str:
    text = text[:LONGEST_DETAIL].encode("utf-8", "replace").decode()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def read_body(request: Request, model: type[BodyT]) -> BodyT:
    # Without a length nothing of the body would be read, and every field would be missing.
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired
    return _validated(model, request.data)


def read_query(request: Request, model: type[BodyT]) -> BodyT:
    """A parameter may be repeated (or hold commas) only where the field is a list."""
    try:
        unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode()
    except UnicodeDecodeError:
        raise InvalidInput([Problem("invalid_encoding", "The address is not UTF-8.")]) from None
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    lists = _lists_of(model)
    for name, given in request.query_params.lists():
        if name in lists:
            values[name] = [part for text in given for part in text.split(",") if part]
        elif len(given) > 1:
            problems.append(Problem("repeated", "This parameter may be given once.", name))
        else:
            values[name] = given[0]
    if problems:
        raise InvalidInput(problems)
    return _validated(model, values)


@cache
def _lists_of(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if "list[" in str(field.annotation))


def _validated(model: type[BodyT], value: Any) -> BodyT:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise InvalidInput(problems_of(error)) from None


def problems_of(error: ValidationError, *, prefix: str = "") -> list[Problem]:
    details: Iterable[ErrorDetails] = error.errors(include_url=False, include_input=False)
    # A union reports every member that did not fit; one line per place is what a reader needs.
    by_place: dict[str | None, Problem] = {}
    for detail in details:
        problem = problem_of(detail, prefix=prefix)
        by_place.setdefault(problem.attr, problem)
    problems = list(by_place.values())
    left_out = len(problems) - MOST_PROBLEMS
    if left_out > 0:
        more = Problem("more_problems", f"{left_out} more mistakes are not listed.")
        return [*problems[:MOST_PROBLEMS], more]
    return problems
