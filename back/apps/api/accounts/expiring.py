"""Chores: tokens, sessions and throttle windows that are over."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from knox.models import AuthToken


def expired_tokens() -> int:
    return AuthToken.objects.filter(expiry__lt=timezone.now()).delete()[0]


def expired_sessions() -> int:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    return 0
