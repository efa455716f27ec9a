"""Who is calling: a token for scripts, a session (with CSRF) for the page, or nobody."""

import re
import time
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework import exceptions
from rest_framework.authentication import CSRFCheck, SessionAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.db.access import EVERYBODY, Actor
from apps.db.models import User
from apps.http.errors import csrf_failure
from apps.http.throttle import (
    ADDRESS,
    USER,
    RequestThrottle,
    as_arrays,
    client_address,
    limits_of,
    verdict_of,
)

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,128}")
# What a request needs of its token and user, in their order; the rest is read when somebody asks for it.
_TOKEN_FIELDS = ("digest", "user_id", "expiry")
_USER_FIELDS = ("id", "is_superuser", "username", "is_staff", "is_active")
_LOOK_UP = f"""
    SELECT refused, expiry, user_id, {", ".join(_USER_FIELDS[1:])}
    FROM db_request_of_token(%s, %s, %s, %s, %s, %s, %s)
"""  # noqa: S608  names of columns


class BearerToken(TokenAuthentication):
    """`Authorization: Bearer …` or, as knox and DRF have it, `Token …`."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in {b"bearer", b"token"}:
            return None
        # knox decodes whatever it is given; bytes that cannot be a token never get that far.
        if len(words) != 2 or not _TOKEN.fullmatch(words[1]):
            raise exceptions.AuthenticationFailed("Invalid token.")
        token = _looked_up_and_counted(request, words[1].decode())
        if token is None:
            # knox tells an expired token from a wrong one, and deletes it.
            return self.authenticate_credentials(words[1])
        if knox_settings.AUTO_REFRESH and token.expiry:
            self.renew_token(token)
        return self.validate_user(token)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _looked_up_and_counted(request: Request, text: str) -> AuthToken | None:
    """One statement for both. Where the view throttles, RequestThrottle finds the verdict with the request; a
    wrong token counts for its address, and does not get as far as that."""
    view = request.parser_context.get("view")
    throttled = view is not None and any(isinstance(one, RequestThrottle) for one in view.get_throttles())
    limits = limits_of(ADDRESS, client_address(request)) if throttled else []
    of_user = limits_of(USER, "") if throttled else []
    limits += of_user
    digest, now = hash_token(text), time.time()
    with connection.cursor() as cursor:
        moment = datetime.fromtimestamp(now, UTC)
        cursor.execute(_LOOK_UP, [digest, moment, *as_arrays(limits, now), bool(of_user)])
        [(refused, expiry, *known)] = cursor.fetchall()
    found = known[0] is not None
    if throttled:
        verdict = verdict_of(limits, refused, now)
        if not found and not verdict.allowed:
            raise exceptions.Throttled(verdict.wait)
        vars(request)["verdict"] = verdict
    if not found:
        return None
    token = AuthToken.from_db("default", _TOKEN_FIELDS, (digest, known[0], expiry))
    token.user = User.from_db("default", _USER_FIELDS, known)
    return token


def csrf_problem(request: HttpRequest) -> str | None:
    """Why Django's CSRF check refuses it, with the token taken from `X-CSRFToken` alone.

    Django looks for the token in a POST's form first, and reads the whole body for it: then a view could not
    stream it, DRF refuses a body that is no form before the view is asked, and a stranger's file would lie on
    the disk before he is refused. A page of ours has the header.
    """
    plain = copy(request)
    if plain.method == "POST":
        # Of a PUT Django takes the header alone; origin and referer are checked as ever.
        plain.method = "PUT"
    check: Any = cast(Any, CSRFCheck)(lambda _: None)
    check.process_request(plain)
    reason: str | None = check.process_view(plain, None, (), {})
    return reason


def csrf_header_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Also for who has no session yet; Django's own decorator reads the form."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return csrf_failure(request) if csrf_problem(request) else view(request, *args, **kwargs)

    return checked


class SessionWithHeader(SessionAuthentication):
    """A session; what it changes needs Django's CSRF token in `X-CSRFToken`."""

    def enforce_csrf(self, request: Request) -> None:
        if reason := csrf_problem(request._request):
            raise exceptions.PermissionDenied(f"CSRF Failed: {reason}")


class SignedInUnlessOpen(BasePermission):
    def has_permission(self, request: Request, view) -> bool:
        return request.user.is_authenticated or not settings.AUTH_REQUIRED


def actor_of(request: Request) -> Actor:
    """With AUTH_REQUIRED off, a caller without an account works on everything."""
    if request.user.is_authenticated:
        return Actor.of(request.user)
    if settings.AUTH_REQUIRED:
        raise exceptions.NotAuthenticated
    return EVERYBODY
