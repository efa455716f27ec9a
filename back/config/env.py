"""Settings from the environment: every name with its type and default, and loud when a value is wrong.

`SCHEME` is the whole list, beside the language models' own in llm/options.py. A test holds .env.example
against both, so a setting cannot stay undocumented.
"""

import os
import re
import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.secret_files import read_secret_files
from llm import options as llm_options
from llm.errors import ConfigurationError
from llm.options import LlmOptions

ROOT = Path(__file__).resolve().parents[2]
# Where `python -m launcher.models` puts the model that DETECTOR_MODEL names when it names none.
DEFAULT_DETECTOR_MODEL = Path(sys.prefix) / "share" / "playhead" / "nanodet-g-1.onnx"


def boolean(text: str) -> bool:
    """django-environ reads every unknown word as false; here a typo is an error."""
    word = text.strip().lower()
    if word in {"true", "1", "yes", "on"}:
        return True
    if word in {"false", "0", "no", "off", ""}:
        return False
    raise ValueError("wants true or false")


def switch(text: str) -> bool | None:
    """A boolean whose default follows another setting: None is "not said"."""
    return boolean(text) if text.strip() else None


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"wants a whole number from {least} to {most}")
        return int(text)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"wants one of {', '.join(choices)}")
        return text

    return read


def http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("wants an http:// or https:// address")
    return text.rstrip("/")


def rate(text: str) -> tuple[int, int] | None:
    """`600/min` → (600 requests, 60 seconds); empty is no limit."""
    if not text.strip():
        return None
    match = re.fullmatch(r"(\d{1,9})/(s|sec|m|min|h|hour|d|day)", text.strip())
    if not match or int(match[1]) == 0:
        raise ValueError("wants a rate such as 600/min, or nothing for no limit")
    return int(match[1]), {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[2][0]]


def amount(text: str) -> Decimal:
    """Dollars, such as 1.00."""
    try:
        money = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("wants an amount such as 1.00") from None
    if not 0 <= money <= 1_000_000:
        raise ValueError("wants an amount from 0 to 1000000")
    return money


def limit_amount(text: str) -> Decimal | None:
    """Empty is no limit."""
    return amount(text) if text.strip() else None


MEGABYTE = 1024 * 1024

# name: (reader, default as it would be written in .env)
SCHEME: dict[str, tuple[Callable[[str], Any], str]] = {
    # the service itself
    "DEBUG": (boolean, "false"),
    "SECRET_KEY": (str, ""),
    "ALLOWED_HOSTS": (words, ""),
    "CSRF_TRUSTED_ORIGINS": (words, ""),
    "AUTH_REQUIRED": (switch, ""),
    "TOKEN_TTL_HOURS": (whole(0, 87600), "720"),
    "HTTPS_ONLY": (switch, ""),
    "TRUSTED_PROXIES": (whole(0, 10), "0"),
    "DATA_DIR": (str, ".data"),
    "LOG_LEVEL": (one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    "LOG_FORMAT": (one_of("json", "text"), "json"),
    "LOG_PROMPTS": (boolean, "false"),
    # database and cache
    "DATABASE_URL": (str, ""),
    "DATABASE_CONN_MAX_AGE": (whole(0, 86400), "60"),
    "DATABASE_DIRECT_URL": (str, ""),
    "READER_DATABASE_URL": (str, ""),
    "READER_TIMEOUT_MS": (whole(100, 600_000), "5000"),
    "CACHE_URL": (str, "dbcache://db_cache"),
    # limits
    "THROTTLE_USER": (rate, "600/min"),
    "THROTTLE_ADDRESS": (rate, "1200/min"),
    "THROTTLE_LOGIN": (rate, "10/min"),
    "REQUEST_MAX_MB": (whole(1, 100), "2"),
    "INGEST_MAX_MB": (whole(1, 10_000), "512"),
    "INGEST_MAX_EVENTS": (whole(1, 100_000_000), "1000000"),
    # answering
    "USE_BEDROCK": (boolean, "false"),
    "TEXT2SQL_URL": (http_url, "http://127.0.0.1:8089"),
    "PROMPT_VERSION": (str, "v1"),
    "PROMPT_DAILY_BUDGET_USD": (limit_amount, ""),
    "PROMPT_DAILY_BUDGET_PER_USER_USD": (limit_amount, ""),
    "EMBEDDING_DAILY_BUDGET_USD": (amount, "1.00"),
    # background work
    "WORKER_PROCESSES": (whole(1, 64), "1"),
    "WORKER_MEMORY_MB": (whole(0, 1_000_000), "2048"),
    "JOB_RESULTS_DAYS": (whole(1, 3650), "14"),
    "ANALYZE_ON_UPLOAD": (boolean, "true"),
    "ANALYZE_DETECTORS": (words, "motion,people,vehicles,bags"),
    "DETECTOR_MODEL": (str, ""),
    "ANALYZE_THREADS": (whole(0, 64), "0"),
    "LOITER_SECONDS": (whole(5, 86400), "60"),
    "CROWD_SIZE": (whole(2, 1000), "5"),
    "VISION_BUDGET_USD": (amount, "1.00"),
    # uploads and playback
    "UPLOAD_MAX_MB": (whole(1, 10_000_000), "5120"),
    "UPLOAD_EXPIRES_HOURS": (whole(1, 8760), "24"),
    "UPLOAD_PART_MB": (whole(5, 1024), "16"),
    "VIDEO_MAX_HOURS": (whole(1, 8760), "24"),
    "PLAYBACK_URL_SECONDS": (whole(60, 604_800), "3600"),
    "CLIP_MARGIN_SECONDS": (whole(0, 60), "3"),
    "CLIP_MOST_SECONDS": (whole(1, 600), "30"),
    "RETENTION_FILE_DAYS": (whole(0, 36500), "0"),
    "RETENTION_EVENT_DAYS": (whole(0, 36500), "0"),
    # storage
    "AWS_STORAGE_BUCKET_NAME": (str, ""),
    "AWS_STORAGE_REGION": (str, ""),
}


class Env:
    """`env("NAME")`, read and checked; only names of the scheme can be asked for."""

    def __init__(self) -> None:
        # Never overrides what the environment already says.
        environ.Env.read_env(os.environ.get("ENV_FILE", str(ROOT / ".env")))
        read_secret_files(os.environ)

    def __call__(self, name: str) -> Any:
        read, default = SCHEME[name]
        text = os.environ.get(name, default)
        if not text.strip() and read is not rate:
            text = default
        try:
            return read(text)
        except ValueError as error:
            # The value itself is not repeated: it may be a secret in the wrong variable.
            raise ImproperlyConfigured(f"{name}: {error}") from None

    def database(self, name: str) -> dict[str, Any]:
        try:
            config: dict[str, Any] = environ.Env.db_url_config(self(name))
        except (ValueError, KeyError, ImproperlyConfigured):
            config = {}
        if config.get("ENGINE") != "django.db.backends.postgresql":
            raise ImproperlyConfigured(f"{name}: wants postgres://user:password@host:port/database")
        return config | {"ENGINE": "apps.db.shared"}

    def cache(self, name: str) -> dict[str, Any]:
        try:
            config: dict[str, Any] = environ.Env.cache_url_config(self(name))
        except (ValueError, KeyError, ImproperlyConfigured):
            raise ImproperlyConfigured(
                f"{name}: wants dbcache://table, redis://host:port/db or locmemcache://"
            ) from None
        if config["BACKEND"] == "django.core.cache.backends.db.DatabaseCache":
            # An answer takes some kilobytes; housekeeping keeps to the number.
            options = {"MAX_ENTRIES": 100_000} | config.get("OPTIONS", {})
            return config | {"BACKEND": "apps.db.cache.TableCache", "OPTIONS": options}
        return config

    def llm(self) -> LlmOptions:
        given = dict(os.environ)
        threads = given.get("WEB_THREADS", "")
        if not given.get("LLM_POOL_SIZE") and threads.isdecimal() and int(threads) > llm_options.LEAST_POOL:
            # Each of them may wait for a model, and one beyond the pool opens a connection for a single call.
            given["LLM_POOL_SIZE"] = str(min(int(threads), llm_options.LARGEST_POOL))
        try:
            return llm_options.from_env(given)
        except ConfigurationError as error:
            raise ImproperlyConfigured(str(error)) from None
