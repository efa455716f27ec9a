from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from pydantic import ConfigDict, Field, StringConstraints
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import User
from apps.http.auth import csrf_header_required
from apps.http.body import Body, Secret, Text, read_body
from apps.http.errors import InvalidInput, Problem
from apps.http.throttle import AddressThrottle, LoginThrottle


class Credentials(Body):
    model_config = ConfigDict(
        str_strip_whitespace=False, json_schema_extra={"example": {"username": "demo", "password": "…"}}
    )

    username: Annotated[Text, StringConstraints(min_length=1, max_length=150)]
    password: Annotated[Secret, StringConstraints(min_length=1, max_length=1000)]


class UserOut(Body):
    username: str
    is_staff: bool


class TokenOut(Body):
    token: str = Field(
        description="Shown once: only a digest is stored. Send it as `Authorization: Bearer …`."
    )
    expires_at: datetime | None
    user: UserOut


class Me(Body):
    user: UserOut | None = Field(description="Null for a caller without an account.")
    auth_required: bool


def _out(user: User) -> dict:
    return {"username": user.username, "is_staff": user.is_staff}


@sensitive_variables("credentials")
def _user_of(request: Request) -> User:
    credentials = read_body(request, Credentials)
    user = authenticate(request._request, username=credentials.username, password=credentials.password)
    if user is None:
        raise InvalidInput([Problem("wrong_credentials", "No account has this user name and password.")])
    return user


class TokenView(APIView):
    """Authentication is by password here: a stale token must not keep anybody from getting a new one."""

    permission_classes = [AllowAny]
    extra_error_codes = ("401",)

    def get_authenticators(self):
        return (
            [] if self.request is not None and self.request.method == "POST" else super().get_authenticators()
        )

    def get_throttles(self):
        return [LoginThrottle()] if self.request.method == "POST" else super().get_throttles()

    @extend_schema(
        operation_id="token_create",
        tags=["auth"],
        summary="A token for scripts",
        request=Credentials,
        responses={201: TokenOut},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        user = _user_of(request)
        AuthToken.objects.filter(user=user, expiry__lt=now()).delete()
        token, secret = AuthToken.objects.create(user)
        body = {"token": secret, "expires_at": token.expiry, "user": _out(user)}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="token_delete",
        tags=["auth"],
        summary="Revoke the token that this request carries",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        if not isinstance(request.auth, AuthToken):
            raise exceptions.NotAuthenticated("Send the token that is to be revoked.")
        request.auth.delete()
        return Response(status=204)


@method_decorator(csrf_header_required, name="dispatch")
class SessionView(APIView):
    """For the page. Always with a CSRF token: also to sign in, or one could be signed in as somebody else."""

    permission_classes = [AllowAny]

    def get_throttles(self):
        return [LoginThrottle()] if self.request.method == "POST" else [AddressThrottle()]

    @extend_schema(
        operation_id="session_create",
        tags=["auth"],
        summary="Sign in with a cookie",
        description="Needs the CSRF cookie of `GET /api/auth/me/` and its value as `X-CSRFToken`.",
        request=Credentials,
        responses=UserOut,
    )
    def post(self, request: Request) -> Response:
        user = _user_of(request)
        login(request._request, user)
        return Response(_out(user))

    @extend_schema(operation_id="session_delete", tags=["auth"], summary="Sign out", responses={204: None})
    def delete(self, request: Request) -> Response:
        logout(request._request)
        return Response(status=204)


class MeView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="me",
        tags=["auth"],
        summary="Who am I; sets the CSRF cookie",
        responses=Me,
    )
    def get(self, request: Request) -> Response:
        get_token(request._request)
        user = _out(request.user) if request.user.is_authenticated else None
        return Response({"user": user, "auth_required": settings.AUTH_REQUIRED})
