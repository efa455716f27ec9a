"""pytest fixtures; a conftest loads them with `from llm.standin.fixtures import *` or as a plugin."""

from collections.abc import Iterator

import pytest

from llm.bedrock import clients
from llm.memory import PROCESS_MEMORY
from llm.standin.server import Standin

__all__ = ["_standin_of_the_run", "bedrock_standin"]

_SERVICES = ("BEDROCK", "BEDROCK_RUNTIME", "BEDROCK_AGENT_RUNTIME")
_FAKE = {
    "AWS_ACCESS_KEY_ID": "standin",
    "AWS_SECRET_ACCESS_KEY": "standin",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
_NOT_THE_MACHINES = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ENDPOINT_URL")


@pytest.fixture(scope="session")
def _standin_of_the_run() -> Iterator[Standin]:
    with Standin() as standin:
        # Sessions of before the first test may hold credentials that are not ours.
        clients.close_all()
        yield standin
        clients.close_all()


@pytest.fixture
def bedrock_standin(_standin_of_the_run: Standin, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """A stand-in that boto3 talks to, with fake credentials and no other way out."""
    for name in _NOT_THE_MACHINES:
        monkeypatch.delenv(name, raising=False)
    for name, value in _FAKE.items():
        monkeypatch.setenv(name, value)
    for service in _SERVICES:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", _standin_of_the_run.url)
    PROCESS_MEMORY.forget()
    yield _standin_of_the_run
    # A session takes 40 ms to make, and its credentials are the same in the next test.
    clients.close_all(keep_sessions=True)
    _standin_of_the_run.reset()
    PROCESS_MEMORY.forget()
