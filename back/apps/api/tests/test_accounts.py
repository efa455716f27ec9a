from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from knox.models import AuthToken
from rest_framework.test import APIClient

from apps.db.models import User
from conftest import Caller, errors_of

PASSWORD = "a long enough one"


@pytest.fixture
def client() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


@pytest.fixture
def visitor(client) -> Caller:
    return Caller(None, client)


def token_of(visitor: Caller, username: str = "alice") -> str:
    response = visitor.post("/api/auth/token/", {"username": username, "password": PASSWORD})
    assert response.status_code == 201
    return response.json()["token"]


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer"])
def test_a_token_opens_the_api(make_user, visitor, scheme):
    make_user("alice")
    token = token_of(visitor)
    response = visitor.get("/api/auth/me/", HTTP_AUTHORIZATION=f"{scheme} {token}")
    assert response.json() == {"user": {"username": "alice", "is_staff": False}, "auth_required": True}
    assert visitor.get("/api/videos/", HTTP_AUTHORIZATION=f"{scheme} {token}").status_code == 200


def test_a_token_is_stored_as_a_digest_only(make_user, visitor):
    make_user("alice")
    token = token_of(visitor)
    stored = AuthToken.objects.values().get()
    assert token not in str(stored)
    assert stored["expiry"] is not None


def test_a_revoked_token_opens_nothing(make_user, visitor):
    make_user("alice")
    header = {"HTTP_AUTHORIZATION": f"Bearer {token_of(visitor)}"}
    assert visitor.delete("/api/auth/token/", **header).status_code == 204
    assert visitor.get("/api/videos/", **header).status_code == 401
    assert visitor.delete("/api/auth/token/", **header).status_code == 401


def test_a_token_ends_with_its_time(make_user, visitor):
    make_user("alice")
    header = {"HTTP_AUTHORIZATION": f"Bearer {token_of(visitor)}"}
    AuthToken.objects.update(expiry=now() - timedelta(seconds=1))
    assert visitor.get("/api/videos/", **header).status_code == 401
    assert not AuthToken.objects.exists()


def test_a_new_token_takes_the_expired_ones_away(make_user, visitor):
    make_user("alice")
    token_of(visitor)
    AuthToken.objects.update(expiry=now() - timedelta(seconds=1))
    token_of(visitor)
    assert AuthToken.objects.count() == 1


def test_a_token_can_be_renewed_by_using_it(make_user, visitor, settings):
    settings.REST_KNOX = settings.REST_KNOX | {"AUTO_REFRESH": True}
    make_user("alice")
    header = {"HTTP_AUTHORIZATION": f"Bearer {token_of(visitor)}"}
    AuthToken.objects.update(expiry=now() + timedelta(minutes=5))
    assert visitor.get("/api/videos/", **header).status_code == 200
    assert AuthToken.objects.get().expiry > now() + timedelta(days=1)


def test_the_beginning_of_a_token_is_not_enough(make_user, visitor):
    make_user("alice")
    token = token_of(visitor)
    other = token[:15] + "0" * (len(token) - 15)
    assert visitor.get("/api/videos/", HTTP_AUTHORIZATION=f"Bearer {other}").status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "Bearer \xff\xfe", "Bearer " + "0" * 200, "Token ; DROP"],
)
def test_a_broken_token_is_a_401(make_user, visitor, header):
    make_user("alice")
    assert visitor.get("/api/videos/", HTTP_AUTHORIZATION=header).status_code == 401


def test_a_stale_token_does_not_keep_one_from_a_new_one(make_user, visitor):
    make_user("alice")
    credentials = {"username": "alice", "password": PASSWORD}
    response = visitor.post("/api/auth/token/", credentials, HTTP_AUTHORIZATION="Bearer stale")
    assert response.status_code == 201


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_wrong_credentials_do_not_tell_which(make_user, visitor, username):
    make_user("alice")
    response = visitor.post("/api/auth/token/", {"username": username, "password": "wrong"})
    assert response.status_code == 400
    assert errors_of(response) == {None: "wrong_credentials"}


def test_a_user_who_was_switched_off_stays_out(make_user, visitor):
    make_user("alice")
    token = token_of(visitor)
    User.objects.update(is_active=False)
    assert visitor.get("/api/videos/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    response = visitor.post("/api/auth/token/", {"username": "alice", "password": PASSWORD})
    assert response.status_code == 400


# --- the page's session ---


def csrf(visitor: Caller) -> dict[str, str]:
    visitor.get("/api/auth/me/")
    return {"HTTP_X_CSRFTOKEN": visitor.client.cookies["csrftoken"].value}


def test_the_page_signs_in_and_out_with_its_csrf_token(make_user, visitor):
    make_user("alice")
    credentials = {"username": "alice", "password": PASSWORD}
    assert visitor.post("/api/auth/session/", credentials, **csrf(visitor)).status_code == 200
    assert visitor.get("/api/auth/me/").json()["user"]["username"] == "alice"
    assert visitor.post("/api/videos/", {"name": "x"}, **csrf(visitor)).status_code == 201
    assert visitor.delete("/api/auth/session/", **csrf(visitor)).status_code == 204
    assert visitor.get("/api/auth/me/").json()["user"] is None


def test_without_a_csrf_token_a_session_changes_nothing(make_user, visitor):
    make_user("alice")
    credentials = {"username": "alice", "password": PASSWORD}
    assert visitor.post("/api/auth/session/", credentials).status_code == 403
    assert visitor.post("/api/auth/session/", credentials, **csrf(visitor)).status_code == 200
    assert visitor.post("/api/videos/", {"name": "x"}).status_code == 403
    assert visitor.get("/api/videos/").status_code == 200


@pytest.mark.parametrize("path", ["/api/videos/", "/admin/"])
@pytest.mark.parametrize("key", ['"aaaaaaaaaaaa\\000"', "a" * 500, "../../../../etc", "AAAAAAAAAAAA"])
def test_a_session_that_cannot_be_one_is_none(visitor, db, path, key):
    response = visitor.client.get(path, HTTP_COOKIE=f"sessionid={key}")
    assert response.status_code == (401 if path.startswith("/api/") else 302)


def test_guessing_passwords_at_the_admin_is_as_slow(make_user, db, settings):
    settings.THROTTLE_LOGIN = (3, 3600)
    make_user("chief", is_staff=True)
    page = Client()
    wrong = {"username": "chief", "password": "wrong"}
    for _ in range(3):
        assert "Please enter the correct" in page.post("/admin/login/", wrong).content.decode()
    right = {"username": "chief", "password": PASSWORD}
    assert "Too many attempts" in page.post("/admin/login/", right).content.decode()
    assert page.get("/admin/").status_code == 302
    assert page.post("/admin/login/", right, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert page.get("/admin/").status_code == 200
