"""pytest fixtures; a conftest loads them with `from llm.standin.fixtures import *` or as a plugin."""

from collections.abc import Iterator

import pytest

from llm.bedrock import clients
from llm.memory import PROCESS_MEMORY
from llm.standin.server import Standin

__all__ = ["bedrock_standin"]

_SERVICES = ("BEDROCK", "BEDROCK_RUNTIME", "BEDROCK_AGENT_RUNTIME")
_NOT_THE_MACHINES = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ENDPOINT_URL")


_sessions_are_fake = False


@pytest.fixture
def bedrock_standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """A stand-in that boto3 talks to, with fake credentials and no other way out."""
    global _sessions_are_fake
    for name in _NOT_THE_MACHINES:
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "standin",
        "AWS_SECRET_ACCESS_KEY": "standin",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    clients.close_all(keep_sessions=_sessions_are_fake)
    _sessions_are_fake = True
    PROCESS_MEMORY.forget()
    with Standin() as standin:
        for service in _SERVICES:
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", standin.url)
        yield standin
        # A session takes 40 ms to make, and its credentials are the same in the next test.
        clients.close_all(keep_sessions=True)
        PROCESS_MEMORY.forget()
