"""Who is calling: a token for scripts, a session (with CSRF) for the page, or nobody."""

import re

from django.conf import settings
from knox.auth import TokenAuthentication
from rest_framework import exceptions
from rest_framework.authentication import get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.db.access import EVERYBODY, Actor

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,128}")


class BearerToken(TokenAuthentication):
    """`Authorization: Bearer …` or, as knox and DRF have it, `Token …`."""

    def authenticate(self, request: Request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in {b"bearer", b"token"}:
            return None
        # knox decodes whatever it is given; bytes that cannot be a token never get that far.
        if len(words) != 2 or not _TOKEN.fullmatch(words[1]):
            raise exceptions.AuthenticationFailed("Invalid token.")
        user, token = self.authenticate_credentials(words[1])
        return user, token

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
