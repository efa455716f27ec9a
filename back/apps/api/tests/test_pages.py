"""A cursor is what a client sends: whatever stands in it is a page or a 400."""

import base64
import itertools
import json

import pytest

from conftest import errors_of

MOMENT = "2026-03-02T05:00:00Z"
STRANGE = [
    None, True, -1, 1.5, 10**19, 10**30, float("nan"), float("inf"), "x", "\0", [], {}, "NaN", "1e400",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-02T05:00:00", "2026-03-02",
]  # fmt: skip
LISTS = {
    "/api/videos/": (MOMENT, 1),
    "/api/events/": (MOMENT, 1),
    "/api/events/?order=occurred_at": (MOMENT, 1),
    "/api/events/?order=confidence": (0.5, 1),
    "/api/conversations/": (MOMENT, "00000000-0000-0000-0000-000000000000"),
}


@pytest.mark.parametrize("path", LISTS)
def test_no_cursor_is_a_fault_of_ours(alice, path):
    good = LISTS[path]
    for at, strange in itertools.product(range(len(good)), STRANGE):
        values = [*good[:at], strange, *good[at + 1 :]]
        cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
        response = alice.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
        assert response.status_code in {200, 400}, (values, response.content)
        if response.status_code == 400:
            assert errors_of(response) == {"cursor": "invalid_cursor"}
