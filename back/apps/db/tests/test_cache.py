"""The database cache: Django's own meaning, one statement a call."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.db.cache import TableCache

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache(settings):
    found = caches["default"]
    assert isinstance(found, TableCache)
    found.clear()
    return found


def test_what_was_kept_is_found(cache):
    cache.set("a", {"rows": [[1, None, "가"]]})
    cache.set("b", 2)
    assert cache.get("a") == {"rows": [[1, None, "가"]]}
    assert cache.get_many(["a", "b", "c"]) == {"a": {"rows": [[1, None, "가"]]}, "b": 2}
    assert cache.get("c", "nothing") == "nothing"


def test_the_later_value_stands(cache):
    cache.set("a", 1)
    cache.set("a", 2)
    assert cache.get("a") == 2
    assert cache.delete("a")
    assert cache.get("a") is None


def test_what_expired_is_not_found(cache):
    cache.set("a", 1, timeout=-1)
    cache.set("b", 1, timeout=None)
    assert cache.get("a") is None
    assert cache.get("b") == 1
    assert cache.throw_away() == 1


def test_a_call_is_one_statement(cache):
    with CaptureQueriesContext(connection) as asked:
        cache.set("a", 1)
        cache.get("a")
    assert len(asked) == 2


def test_housekeeping_keeps_to_the_number(cache, monkeypatch):
    for at in range(5):
        cache.set(f"k{at}", at, timeout=100 + at)
    monkeypatch.setattr(cache, "_max_entries", 2)
    assert cache.throw_away() == 3
    assert cache.get_many([f"k{at}" for at in range(5)]) == {"k3": 3, "k4": 4}


def test_django_s_other_calls_work_on_it(cache):
    assert cache.add("n", 1)
    assert not cache.add("n", 5)
    assert cache.incr("n") == 2
    assert cache.touch("n", 10)
    assert cache.has_key("n")
