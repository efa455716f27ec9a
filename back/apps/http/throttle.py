"""Limits that hold under concurrency: the counter is one atomic statement in PostgreSQL.

DRF's own throttles read and then write a cache; of 300 requests at once they let all 300 past a limit of 20.
"""

import ipaddress
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

ADDRESS, USER, LOGIN = "THROTTLE_ADDRESS", "THROTTLE_USER", "THROTTLE_LOGIN"
_COUNT = "SELECT db_count_request(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Limit:
    key: str
    requests: int
    seconds: int

    def begin(self, now: float) -> int:
        return int(now // self.seconds) * self.seconds


@dataclass(frozen=True, slots=True)
class Verdict:
    allowed: bool
    wait: float  # seconds until the windows of all that refused begin anew


def as_arrays(limits: Sequence[Limit], now: float) -> tuple[list[str], list[int], list[int], list[int]]:
    """As db_count_request wants them."""
    return (
        [limit.key for limit in limits],
        [limit.begin(now) for limit in limits],
        [limit.seconds for limit in limits],
        [limit.requests for limit in limits],
    )


def verdict_of(limits: Sequence[Limit], refused: Sequence[int], now: float) -> Verdict:
    """`refused` is what db_count_request says."""
    waits = [limits[place - 1].seconds - now % limits[place - 1].seconds for place in refused]
    return Verdict(not refused, max(waits, default=0.0))


def within_limits(limits: Sequence[Limit], *, now: float | None = None) -> Verdict:
    """Counts one more request for each."""
    now = time.time() if now is None else now
    # Every request locks its rows in the same order.
    ordered = sorted(limits, key=lambda limit: limit.key)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, as_arrays(ordered, now))
        [(refused,)] = cursor.fetchall()
    return verdict_of(ordered, refused, now)


def forget_old_windows(*, now: float | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM db_rate_window WHERE started + seconds < %s", [time.time() if now is None else now]
        )
        return cursor.rowcount


def client_address(request: Request | HttpRequest) -> str:
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
    setting: ClassVar[str] = ADDRESS
    _wait: float | None = None

    def limits(self, request: Request) -> list[Limit]:
        return limits_of(self.setting, client_address(request))

    def allow_request(self, request: Request, view) -> bool:
        limits = self.limits(request)
        return self._told(within_limits(limits)) if limits else True

    def _told(self, verdict: Verdict) -> bool:
        self._wait = verdict.wait
        return verdict.allowed

    def wait(self) -> float | None:
        return self._wait


class LoginThrottle(AddressThrottle):
    setting = LOGIN


class RequestThrottle(AddressThrottle):
    """By address, and by user where there is one: one statement for both, which has also looked up the token
    if there is one (auth.py)."""

    def limits(self, request: Request) -> list[Limit]:
        user = limits_of(USER, request.user.pk) if request.user.is_authenticated else []
        return super().limits(request) + user

    def allow_request(self, request: Request, view) -> bool:
        verdict: Verdict | None = getattr(request, "verdict", None)
        return self._told(verdict) if verdict else super().allow_request(request, view)


def limits_of(setting: str, whose: object) -> list[Limit]:
    rate = getattr(settings, setting)
    return [Limit(f"{setting}:{whose}", *rate)] if rate else []
