"""Who is calling: a token for scripts, a session (with CSRF) for the page, or nobody."""

import re
from hmac import compare_digest

from django.conf import settings
from django.db import connection
from django.utils.timezone import now
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework import exceptions
from rest_framework.authentication import get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.db.access import EVERYBODY, Actor
from apps.db.models import User

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,128}")
_TOKEN_FIELDS = [field.attname for field in AuthToken._meta.concrete_fields]
_USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
_COLUMNS = [f"t.{name}" for name in _TOKEN_FIELDS] + [f"u.{name}" for name in _USER_FIELDS]
_FIND = f"""
    SELECT {", ".join(_COLUMNS)} FROM knox_authtoken t JOIN db_user u ON u.id = t.user_id
    WHERE t.token_key = %s
"""  # noqa: S608  names of columns


class BearerToken(TokenAuthentication):
    """`Authorization: Bearer …` or, as knox and DRF have it, `Token …`."""

    def authenticate(self, request: Request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in {b"bearer", b"token"}:
            return None
        # knox decodes whatever it is given; bytes that cannot be a token never get that far.
        if len(words) != 2 or not _TOKEN.fullmatch(words[1]):
            raise exceptions.AuthenticationFailed("Invalid token.")
        return self.authenticate_credentials(words[1])

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """knox reads every token of the user with each request, to delete those that have expired. That is
        left for a token that is not simply right."""
        text = token.decode()
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [text[: CONSTANTS.TOKEN_KEY_LENGTH]])
            rows = cursor.fetchall()
        digest = hash_token(text)
        for row in rows:
            found = AuthToken.from_db("default", _TOKEN_FIELDS, row[: len(_TOKEN_FIELDS)])
            if compare_digest(digest, found.digest) and (found.expiry is None or found.expiry > now()):
                found.user = User.from_db("default", _USER_FIELDS, row[len(_TOKEN_FIELDS) :])
                return self.validate_user(found)
        return super().authenticate_credentials(token)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


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
