"""Limits that hold under concurrency: the counter is one atomic statement in PostgreSQL.

DRF's own throttles read and then write a cache; of 300 requests at once they let all 300 past a limit of 20.
"""

import ipaddress
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_COUNT = """
    INSERT INTO db_rate_window AS w (key, started, seconds, requests) VALUES {rows}
    ON CONFLICT (key, started) DO UPDATE SET requests = w.requests + 1
    WHERE w.requests < CASE w.key {limits} END
    RETURNING key
"""


@dataclass(frozen=True, slots=True)
class Limit:
    key: str
    requests: int
    seconds: int


def within_limits(limits: Sequence[Limit], *, now: float | None = None) -> tuple[bool, float]:
    """Counts one more request for each → (allowed by all, seconds until those that refused begin anew).

    Every request locks its rows in the same order: that of the keys.
    """
    now = time.time() if now is None else now
    ordered = sorted(limits, key=lambda limit: limit.key)
    sql = _COUNT.format(
        rows=", ".join(["(%s, %s, %s, 1)"] * len(ordered)),
        limits=" ".join(["WHEN %s THEN %s"] * len(ordered)),
    )
    values: list[str | int] = []
    for limit in ordered:
        values += [limit.key, int(now // limit.seconds) * limit.seconds, limit.seconds]
    for limit in ordered:
        values += [limit.key, limit.requests]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        allowed = {key for (key,) in cursor.fetchall()}
    refused = [limit for limit in ordered if limit.key not in allowed]
    wait = max((limit.seconds - now % limit.seconds for limit in refused), default=0.0)
    return not refused, wait


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

    def limits(self, request: Request) -> Iterator[Limit]:
        yield from _limit(self.setting, client_address(request))

    def allow_request(self, request: Request, view) -> bool:
        limits = list(self.limits(request))
        if not limits:
            return True
        allowed, self._wait = within_limits(limits)
        return allowed

    def wait(self) -> float | None:
        return self._wait


class LoginThrottle(AddressThrottle):
    setting = "THROTTLE_LOGIN"


class RequestThrottle(AddressThrottle):
    """By address, and by user where there is one: one statement for both."""

    def limits(self, request: Request) -> Iterator[Limit]:
        yield from super().limits(request)
        if request.user.is_authenticated:
            yield from _limit("THROTTLE_USER", str(request.user.pk))


def _limit(setting: str, whose: str) -> Iterator[Limit]:
    if rate := getattr(settings, setting):
        yield Limit(f"{setting}:{whose}", *rate)
