"""Limits that hold under concurrency: the counter is one atomic statement in PostgreSQL.

DRF's own throttles read and then write a cache; of 300 requests at once they let all 300 past a limit of 20.
"""

import ipaddress
import time
from typing import ClassVar

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_COUNT = """
    INSERT INTO db_rate_window AS w (key, started, seconds, requests) VALUES (%s, %s, %s, 1)
    ON CONFLICT (key, started) DO UPDATE SET requests = w.requests + 1 WHERE w.requests < %s
    RETURNING requests
"""


def within_rate(key: str, *, limit: int, seconds: int, now: float | None = None) -> tuple[bool, float]:
    """Counts one more request in the present window → (allowed, seconds until the next window)."""
    now = time.time() if now is None else now
    started = int(now // seconds) * seconds
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, started, seconds, limit])
        allowed = cursor.fetchone() is not None
    return allowed, started + seconds - now


def forget_old_windows(*, now: float | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM db_rate_window WHERE started + seconds < %s", [time.time() if now is None else now]
        )
        return cursor.rowcount


def client_address(request: Request) -> str:
    """The address that the outermost trusted proxy saw; an IPv6 caller counts as its /64 network."""
    proxies = settings.TRUSTED_PROXIES
    address = request.META.get("REMOTE_ADDR") or "unknown"
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if hops:
            address = hops[max(len(hops) - proxies, 0)]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


class AddressThrottle(BaseThrottle):
    setting: ClassVar[str] = "THROTTLE_ADDRESS"
    _wait: float | None = None

    def key(self, request: Request) -> str | None:
        return client_address(request)

    def allow_request(self, request: Request, view) -> bool:
        rate = getattr(settings, self.setting)
        key = self.key(request) if rate else None
        if key is None:
            return True
        allowed, self._wait = within_rate(f"{self.setting}:{key}", limit=rate[0], seconds=rate[1])
        return allowed

    def wait(self) -> float | None:
        return self._wait


class LoginThrottle(AddressThrottle):
    setting = "THROTTLE_LOGIN"


class UserThrottle(AddressThrottle):
    setting = "THROTTLE_USER"

    def key(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None
