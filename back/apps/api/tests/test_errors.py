"""One shape for every error, also where no view of ours was reached."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from apps.videos.catalog import views
from config.debug import SecretsFilter
from conftest import assert_error_shape, errors_of


@pytest.mark.parametrize(
    "path", ["/api/nothing/", "/api/nothing", "/nothing", "/api/videos/abc/", "/api/videos/-1/"]
)
def test_an_unknown_address_is_a_404(alice, path):
    response = alice.get(path)
    assert response.status_code == 404
    assert errors_of(response) == {None: "not_found"}


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/api/videos/abc/"])
def test_an_unknown_address_is_the_same_404_under_debug(db, settings, path):
    settings.DEBUG = True
    client = Client(enforce_csrf_checks=True)
    for response in (client.get(path), client.post(path, {}, content_type="application/json")):
        assert response.status_code == 404
        assert_error_shape(response)


def test_a_wrong_method_is_a_405(alice):
    response = alice.delete("/api/videos/")
    assert response.status_code == 405
    assert errors_of(response) == {None: "method_not_allowed"}
    assert "GET" in response.headers["Allow"]


def test_a_refused_host_is_a_400(db):
    response = Client().get("/api/videos/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert_error_shape(response)


@pytest.mark.parametrize("debug", [True, False])
def test_a_fault_is_a_500_without_its_story(alice, monkeypatch, settings, debug, caplog):
    settings.DEBUG = debug
    monkeypatch.setattr(views, "page_of", lambda *args, **kwargs: 1 / 0)
    with caplog.at_level(logging.ERROR):
        response = alice.get("/api/videos/")
    assert response.status_code == 500
    assert b"ZeroDivisionError" not in response.content
    assert "ZeroDivisionError" in caplog.text, "the log must say what the client is not told"


def test_a_database_out_of_reach_is_a_503(alice, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection to server at 10.1.2.3 failed")

    monkeypatch.setattr(views, "page_of", away)
    response = alice.get("/api/videos/")
    assert response.status_code == 503
    assert errors_of(response) == {None: "unavailable"}
    assert b"10.1.2.3" not in response.content


def test_a_request_has_an_id(nobody):
    given = nobody.get("/api/health/live/", HTTP_X_REQUEST_ID="abc-123")
    assert given.headers["X-Request-ID"] == "abc-123"
    for strange in ("a b", "x" * 65, "<script>"):
        made = nobody.get("/api/health/live/", HTTP_X_REQUEST_ID=strange).headers["X-Request-ID"]
        assert made != strange
        assert len(made) == 32


@pytest.mark.parametrize("debug", [True, False])
def test_a_host_that_is_not_ours_is_told_nothing(alice, settings, debug):
    settings.DEBUG = debug
    response = alice.get("/api/videos/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert errors_of(response) == {None: "bad_request"}


def test_the_page_of_an_error_hides_addresses_with_passwords(settings):
    shown = str(SecretsFilter().get_safe_settings())
    for url in (settings.READER_DATABASE_URL, settings.DATABASES["default"]["PASSWORD"]):
        assert url not in shown
    assert settings.READER_DATABASE_URL


@pytest.mark.parametrize(
    ("length", "says"), [(0, "Must not be empty."), (4001, "Wants at most 4000 characters.")]
)
def test_the_length_of_a_text_is_told_in_characters(alice, length, says):
    response = alice.post("/api/prompt/", {"prompt": "가" * length})
    assert response.json()["errors"][0]["detail"] == says


def test_an_address_in_another_encoding_is_refused(alice):
    assert errors_of(alice.get("/api/videos/?q=%B5%B5%B3%AD")) == {None: "invalid_encoding"}


def test_a_body_without_a_length_is_refused_and_not_ignored(alice):
    extra = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response = alice.post("/api/videos/", '{"name": "x"}', **extra)
    assert response.status_code == 411


@pytest.mark.parametrize(
    "accepted", ["*/*", "application/json", "text/html, application/json;q=0.5", "application/*"]
)
def test_whoever_takes_json_gets_it(alice, accepted):
    assert alice.get("/api/videos/", HTTP_ACCEPT=accepted).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("accepted", ["text/html", "image/png, text/*"])
def test_whoever_takes_no_json_is_told(alice, accepted):
    assert alice.get("/api/videos/", HTTP_ACCEPT=accepted).status_code == 406
