"""Limits hold when the requests come at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from knox.models import AuthToken
from rest_framework.test import APIClient

from apps.db.models import User
from apps.http.throttle import Limit, Verdict, client_address, forget_old_windows, within_limits
from conftest import Caller, errors_of


@pytest.mark.django_db(transaction=True)
def test_of_sixty_requests_at_once_exactly_twenty_pass():
    passed = []
    start = threading.Barrier(12)

    def ask():
        try:
            start.wait()
            for _ in range(5):
                passed.append(within_limits([Limit("test", 20, 3600)]).allowed)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed.count(True) == 20
    assert len(passed) == 60
    forget_old_windows(now=4e9)


def test_a_new_window_starts_anew(db):
    assert [within_limits([Limit("k", 2, 60)], now=120 + n).allowed for n in range(3)] == [True, True, False]
    assert within_limits([Limit("k", 2, 60)], now=180) == Verdict(True, 0)
    assert within_limits([Limit("other", 2, 60)], now=125).allowed


def test_of_two_limits_the_refusing_one_is_waited_for(db):
    limits = [Limit("user", 2, 60), Limit("address", 9, 3600)]
    yes, no = Verdict(True, 0), Verdict(False, 58)
    assert [within_limits(limits, now=3600 + n) for n in range(3)] == [yes, yes, no]


def test_old_windows_are_forgotten(db):
    within_limits([Limit("k", 2, 60)], now=0)
    within_limits([Limit("k", 2, 60)], now=600)
    assert forget_old_windows(now=601) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT started FROM db_rate_window")
        assert cursor.fetchall() == [(600,)]


def test_over_the_limit_is_a_429_that_says_when(alice, bob, settings):
    settings.THROTTLE_USER = (2, 3600)
    assert [alice.get("/api/videos/").status_code for _ in range(3)] == [200, 200, 429]
    response = alice.get("/api/videos/")
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert errors_of(response) == {None: "throttled"}
    assert bob.get("/api/videos/").status_code == 200


def test_an_address_has_a_limit_of_its_own(alice, bob, settings):
    settings.THROTTLE_ADDRESS = (2, 3600)
    assert [caller.get("/api/videos/").status_code for caller in (alice, bob, alice)] == [200, 200, 429]
    assert alice.get("/api/videos/", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.fixture
def with_token() -> Callable[[User], Caller]:
    def call_with(user: User) -> Caller:
        token = AuthToken.objects.create(user)[1]
        client = APIClient(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})
        return Caller(user, client)

    return call_with


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("setting", ["THROTTLE_USER", "THROTTLE_ADDRESS"])
def test_of_sixty_requests_with_tokens_at_once_exactly_twenty_pass(make_user, with_token, settings, setting):
    setattr(settings, setting, (20, 3600))
    user = make_user("alice")
    callers = [with_token(user) for _ in range(6)]
    passed = []
    start = threading.Barrier(len(callers))

    def ask(caller):
        try:
            start.wait()
            for _ in range(10):
                passed.append(caller.get("/api/auth/me/").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=[caller]) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [200] * 20 + [429] * 40
    forget_old_windows(now=4e9)


def test_a_token_a_session_and_a_second_token_are_one_user(make_user, with_token, signed_in, settings):
    settings.THROTTLE_USER = (3, 3600)
    user = make_user("alice")
    session = Caller(user, APIClient(raise_request_exception=False))
    session.client.force_login(user)
    callers = [with_token(user), session, with_token(user), session, with_token(user)]
    assert [caller.get("/api/videos/").status_code for caller in callers] == [200, 200, 200, 429, 429]
    assert with_token(make_user("bob")).get("/api/videos/").status_code == 200


def test_over_its_limit_a_token_is_told_when(make_user, with_token, settings):
    settings.THROTTLE_USER, settings.THROTTLE_ADDRESS = (1, 3600), (5, 86400)
    caller = with_token(make_user("alice"))
    assert caller.get("/api/videos/").status_code == 200
    response = caller.get("/api/videos/")
    assert errors_of(response) == {None: "throttled"}
    assert 0 < int(response.headers["Retry-After"]) <= 3600


def test_wrong_tokens_count_for_their_address_and_for_nobody_else(make_user, with_token, nobody, settings):
    settings.THROTTLE_ADDRESS, settings.THROTTLE_USER = (3, 3600), (1, 3600)
    user = make_user("alice")
    right = with_token(user)
    wrong = AuthToken.objects.get().token_key + "0" * 49
    there = {"HTTP_AUTHORIZATION": f"Bearer {wrong}", "REMOTE_ADDR": "192.0.2.7"}
    assert [nobody.get("/api/videos/", **there).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert right.get("/api/videos/").status_code == 200


def test_who_was_switched_off_uses_up_nothing_of_their_own(make_user, with_token, settings):
    settings.THROTTLE_USER = (1, 3600)
    user = make_user("alice")
    caller = with_token(user)
    User.objects.update(is_active=False)
    assert [caller.get("/api/videos/").status_code for _ in range(2)] == [401, 401]
    User.objects.update(is_active=True)
    assert [caller.get("/api/videos/").status_code for _ in range(2)] == [200, 429]


def test_guessing_passwords_is_slow(make_user, nobody, settings):
    settings.THROTTLE_LOGIN = (3, 3600)
    make_user("alice")
    wrong = {"username": "alice", "password": "wrong"}
    assert [nobody.post("/api/auth/token/", wrong).status_code for _ in range(4)] == [400, 400, 400, 429]
    assert nobody.post("/api/auth/session/", wrong).status_code == 429


def test_health_is_never_throttled(nobody, settings):
    settings.THROTTLE_ADDRESS = (1, 3600)
    assert {nobody.get("/api/health/live/").status_code for _ in range(3)} == {200}


ADDRESSES = [
    (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
    (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
    (1, "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
    (2, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
    (2, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
    (1, "10.0.0.1", "", "10.0.0.1"),
    (1, "10.0.0.1", "<script>", "unknown"),
    (0, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
]


@pytest.mark.parametrize(("proxies", "remote", "forwarded", "expected"), ADDRESSES)
def test_the_address_is_that_which_a_trusted_proxy_saw(rf, settings, proxies, remote, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected
