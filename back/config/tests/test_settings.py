"""Settings are read once, typed, and loud when wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.env import ROOT, SCHEME, boolean, http_url, rate, switch, whole, words

GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgres://u:p@h:5432/d",
    "ENV_FILE": os.devnull,
}


@pytest.fixture(scope="module")
def read_settings() -> Iterator[Callable[..., dict[str, str]]]:
    clean = {name: value for name, value in os.environ.items() if name not in SCHEME}
    program = Path(__file__).with_name("fresh_settings.py")
    with subprocess.Popen(
        [sys.executable, str(program)],
        env=clean | {"PYTHONPATH": str(ROOT / "back")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def read(show: str = "''", **environment: str) -> dict[str, str]:
            process.stdin.write(json.dumps({"environment": GOOD | environment, "show": show}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield read


@pytest.fixture
def shown(read_settings) -> Callable[..., str]:
    def show(expression: str, **environment: str) -> str:
        told = read_settings(expression, **environment)
        assert not told["error"], told["error"]
        return told["shown"]

    return show


WRONG = [
    ({"SECRET_KEY": ""}, "SECRET_KEY: must be set"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY: too short"),
    ({"SECRET_KEY": "django-insecure-" + "x" * 60}, "SECRET_KEY: too short or a well-known one"),
    ({"SECRET_KEY": "change-me-" + "x" * 60}, "SECRET_KEY: too short or a well-known one"),
    ({"DEBUG": "maybe"}, "DEBUG: wants true or false"),
    ({"AUTH_REQUIRED": "sometimes"}, "AUTH_REQUIRED: wants true or false"),
    ({"DATABASE_URL": "mysql://u:p@h/d"}, "DATABASE_URL: wants postgres://"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL: wants postgres://"),
    ({"CACHE_URL": "nonsense"}, "CACHE_URL: wants"),
    ({"TEXT2SQL_URL": "localhost:8089"}, "TEXT2SQL_URL: wants an http"),
    ({"THROTTLE_USER": "often"}, "THROTTLE_USER: wants a rate"),
    ({"THROTTLE_USER": "0/min"}, "THROTTLE_USER: wants a rate"),
    ({"READER_TIMEOUT_MS": "5s"}, "READER_TIMEOUT_MS: wants a whole number from"),
    ({"READER_TIMEOUT_MS": "0"}, "READER_TIMEOUT_MS: wants a whole number from"),
    ({"READER_TIMEOUT_MS": "9" * 5000}, "READER_TIMEOUT_MS: "),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT: wants one of"),
    ({"LLM_MAX_TRIES": "many"}, "LLM_MAX_TRIES must be a whole number"),
    ({"LLM_PLAN_MODLE": "x"}, "LLM_PLAN_MODLE is not a setting"),
]


@pytest.mark.parametrize(("environment", "says"), WRONG, ids=lambda v: str(v)[:50])
def test_a_wrong_value_stops_the_start_and_says_which(read_settings, environment, says):
    error = read_settings(**environment)["error"].splitlines()[-1]
    assert "ImproperlyConfigured: " in error
    assert says in error


def test_a_secret_in_the_wrong_variable_is_not_repeated(read_settings):
    error = read_settings(TEXT2SQL_URL="hunter2-is-my-password")["error"]
    assert error
    assert "hunter2" not in error


def test_safe_unless_told_otherwise(shown):
    show = "s.DEBUG, s.AUTH_REQUIRED, s.ALLOWED_HOSTS, s.USE_BEDROCK, s.SESSION_COOKIE_SECURE"
    assert shown(show) == "(False, True, [], False, True)"


def test_debug_opens_the_door_to_this_machine(shown):
    show = "s.AUTH_REQUIRED, s.ALLOWED_HOSTS, len(s.SECRET_KEY), s.HTTPS_ONLY"
    opened = shown(show, DEBUG="true", SECRET_KEY="")
    assert opened == "(False, ['localhost', '127.0.0.1', '[::1]'], 50, False)"
    assert shown("s.AUTH_REQUIRED", DEBUG="true", AUTH_REQUIRED="true") == "True"


def test_a_file_fills_in_what_the_environment_leaves_open(shown, tmp_path):
    file = tmp_path / "settings.env"
    file.write_text('ALLOWED_HOSTS=a.example,b.example\nREADER_TIMEOUT_MS="700"\n')
    show = "s.ALLOWED_HOSTS, s.READER_TIMEOUT_MS"
    assert shown(show, ENV_FILE=str(file), ALLOWED_HOSTS="c.example") == "(['c.example'], 700)"


def test_an_empty_value_is_as_good_as_none_but_for_a_throttle(shown):
    empty = dict.fromkeys(SCHEME.keys() - GOOD.keys(), "")
    show = "s.READER_TIMEOUT_MS, s.TEXT2SQL_URL, s.AUTH_REQUIRED, s.LOGGING['root']['level'], s.THROTTLE_USER"
    assert shown(show, **empty) == "(5000, 'http://127.0.0.1:8089', True, 'INFO', None)"


def test_redis_is_spoken_where_it_is_named(shown):
    show = "__import__('django.core.cache', fromlist=['x']).cache._cache.get_client('x').connection_pool"
    assert "port=7001" in shown(show, CACHE_URL="redis://127.0.0.1:7001/2")


def test_a_bucket_moves_the_files_to_s3(shown):
    show = "s.STORAGES['default']['BACKEND']"
    assert shown(show).endswith("FileSystemStorage")
    assert shown(show, AWS_STORAGE_BUCKET_NAME="footage").endswith("S3Storage")


# --- the readers of values ---


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), (" YES ", True), ("1", True), ("off", False), ("", False)]
)
def test_boolean(text, value):
    assert boolean(text) is value


@pytest.mark.parametrize(
    ("text", "value"), [("600/min", (600, 60)), ("5/s", (5, 1)), ("1/day", (1, 86400)), ("", None)]
)
def test_rate(text, value):
    assert rate(text) == value


def test_words_whole_and_address():
    assert words(" a, b ,,c") == ["a", "b", "c"]
    assert whole(1, 5)("5") == 5
    assert http_url("https://x.example/") == "https://x.example"
    assert (switch(" "), switch("no")) == (None, False)
    for read, text in ((whole(1, 5), "6"), (http_url, "ftp://x"), (boolean, "maybe"), (rate, "-1/min")):
        with pytest.raises(ValueError, match="wants"):
            read(text)


@pytest.mark.parametrize(
    ("threads", "given", "pool"),
    [("", "", "64"), ("8", "", "64"), ("128", "", "128"), ("128", "32", "32"), ("5000", "", "1024")],
)
def test_each_thread_has_a_connection_to_the_model(read_settings, threads, given, pool):
    shown = read_settings("s.LLM.pool_size", WEB_THREADS=threads, LLM_POOL_SIZE=given)
    assert shown["shown"] == pool, shown
