"""The pytest plugin that every test run loads first (see pyproject.toml).

Before Django reads its settings it makes the environment that of a test: a throw-away PostgreSQL unless
DATABASE_URL names one, nothing of the developer's own settings, and no way to AWS. With xdist that happens
once; the workers inherit it.
"""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "back") not in sys.path:
    sys.path.insert(0, str(ROOT / "back"))

from config.env import SCHEME  # noqa: E402
from launcher.embedded import EmbeddedError, EmbeddedPostgres  # noqa: E402

_server: EmbeddedPostgres | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """The first hook there is; pytest-django reads the settings in it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _isolate()
        _provide_database()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    global _server
    if _server is not None:
        _server.stop()
        _server = None


def _isolate() -> None:
    kept = {"DATABASE_URL", "READER_DATABASE_URL"}
    for name in list(os.environ):
        if (
            (name in SCHEME and name not in kept)
            or name.startswith(("AWS_", "LLM_"))
            or name.lower().endswith("_proxy")
        ):
            del os.environ[name]
    os.environ.update(
        ENV_FILE=os.devnull,
        DEBUG="false",
        SECRET_KEY=secrets.token_urlsafe(48),
        HTTPS_ONLY="false",
        ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
        # Whatever slips past a stand-in fails at once instead of asking the instance's metadata service.
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        NO_PROXY="*",
    )


def _provide_database() -> None:
    global _server
    if given := os.environ.get("DATABASE_URL"):
        os.environ.setdefault("READER_DATABASE_URL", _reader_of(given))
        return
    server = EmbeddedPostgres(tempfile.mkdtemp(prefix="playhead-test-"), throwaway=True)
    try:
        os.environ.update(server.start())
    except EmbeddedError as error:
        raise pytest.UsageError(str(error)) from error
    _server = server


def _reader_of(owner_url: str) -> str:
    """The reader on the same server; the tests make the role."""
    address = urlsplit(owner_url)
    place = address.netloc.rpartition("@")[2]
    reader = f"playhead_reader:{secrets.token_urlsafe(24)}"
    return address._replace(netloc=f"{reader}@{place}").geturl()
