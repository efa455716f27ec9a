"""Errors in one shape everywhere: {"type", "errors": [{"code", "detail", "attr"}]}.

drf-standardized-errors makes that shape of DRF's exceptions; here are the ones that it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    detail: str
    attr: str | None = None


class InvalidInput(exceptions.APIException):
    """What was sent is wrong, and where: one problem for each place."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Invalid input.")
        self.problems = list(problems)


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "The request is larger than this service accepts."


class LengthRequired(exceptions.APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"
    default_detail = "Send a Content-Length: only events may be sent in chunks."


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class NoRoom(exceptions.APIException):
    status_code = status.HTTP_507_INSUFFICIENT_STORAGE
    default_detail = "There is no room left on the server's disk."
    default_code = "no_room"


class Unavailable(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = "The database cannot be reached just now. Try again in a moment."


def _plain(status_code: int, code: str, detail: str) -> JsonResponse:
    kind = "server_error" if status_code >= 500 else "client_error"
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}
    return JsonResponse(body, status=status_code, json_dumps_params={"ensure_ascii": False})


_KNOWN = {
    400: ("bad_request", "The request could not be read."),
    403: ("permission_denied", "You do not have permission to perform this action."),
    404: ("not_found", "There is nothing at this address."),
    413: (TooLarge.default_code, TooLarge.default_detail),
    503: (Unavailable.default_code, Unavailable.default_detail),
}


def plain_error(status_code: int) -> JsonResponse:
    code, detail = _KNOWN.get(status_code, ("error", "Something went wrong on our side."))
    return _plain(status_code, code, detail)


# What Django itself answers where no view of ours was reached (config/urls.py names these).


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return plain_error(400)


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    return plain_error(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    return _plain(403, "csrf_failed", "The CSRF token is missing or wrong.")


@csrf_exempt
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return plain_error(404)


def server_error(request: HttpRequest) -> JsonResponse:
    return plain_error(500)
