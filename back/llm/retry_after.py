"""The Retry-After header: seconds, or an HTTP date; nonsense counts as absent."""

import email.utils
from datetime import UTC, datetime


def seconds(value: str | None) -> float | None:
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        at = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
