"""What happens to every request before a view sees it."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from apps.db.shared.release import release_connection
from apps.http.errors import plain_error
from config.logging import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIdMiddleware:
    """The caller's own id if it is a sane one, else a fresh one; in every log line and in the response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        token = request_id.set(given if _SANE.fullmatch(given) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class StreamingMiddleware:
    """What is sent bit by bit takes as long as its reader likes, and holds no connection meanwhile."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming:
            release_connection()
        return response


class FormSizeMiddleware:
    """Outside of the API there are small forms alone. Django looks into one for the CSRF token before it
    knows whose form it is, and writes its files to the disk, without a limit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        # Without a length Django reads nothing.
        too_large = length.isdecimal() and int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if too_large and not request.path_info.startswith("/api/"):
            return plain_error(413)
        return self.get_response(request)


class UnavailableMiddleware:
    """A database that is away is told outside of the API as inside: a 503 and one line of log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return plain_error(503) if isinstance(exception, OperationalError | InterfaceError) else None


class ApiErrorMiddleware:
    """What went wrong outside of a view of the API is told in the API's shape too: Django's pages are for
    a person at a browser, and under DEBUG they show code and settings."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code >= 400 and html and request.path_info.startswith("/api/"):
            return plain_error(response.status_code)
        return response


class ApiSlashMiddleware:
    """`/api/videos` is `/api/videos/`: answered at once, since a redirect would lose the body of a POST."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/") and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self.get_response(request)


class AdminMessageMiddleware(MessageMiddleware):
    """Messages to a person at a browser; the API has none."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith("/api/"):
            super().process_request(request)


class ContentSecurityMiddleware:
    """What a page may load: nothing from elsewhere. A view that needs another policy sets it itself."""

    _DATA = "default-src 'none'; frame-ancestors 'none'"
    _PAGE = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        response.headers.setdefault("Content-Security-Policy", self._PAGE if html else self._DATA)
        return response
