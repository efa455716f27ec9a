"""boto3 clients: one per process, service, region and time limit, never carried across a fork."""

import os
import threading
from dataclasses import dataclass
from typing import Any, Literal

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from llm.bedrock.cuttable import make_cuttable
from llm.bedrock.errors import mapped_errors
from llm.errors import ConfigurationError
from llm.options import LlmOptions

Service = Literal["bedrock", "bedrock-runtime", "bedrock-agent-runtime"]

# A client's read timeout is fixed when it is made, but what is left of a call's deadline is not: the few
# values here bound both the wait and the number of clients. Rounded down, so that a deadline holds.
_READ_TIMEOUTS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900)


@dataclass(frozen=True, slots=True)
class _Key:
    service: Service
    region: str
    connect_timeout: float
    read_timeout: float
    pool_size: int


_clients: dict[_Key, Any] = {}
_sessions: dict[str, boto3.session.Session] = {}
_lock = threading.Lock()


def _forget() -> None:
    """In a forked child: the parent's sockets are not ours to use, nor to close, and its lock may be held."""
    global _clients, _sessions, _lock
    _clients, _sessions = {}, {}
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget)


def client(service: Service, options: LlmOptions, *, timeout: float) -> Any:
    read_timeout = max((t for t in _READ_TIMEOUTS if t <= timeout), default=_READ_TIMEOUTS[0])
    key = _Key(
        service=service,
        region=options.region,
        connect_timeout=min(options.connect_timeout, read_timeout),
        read_timeout=read_timeout,
        pool_size=options.pool_size,
    )
    found = _clients.get(key)
    if found is None:
        with _lock:
            found = _clients.get(key)
            if found is None:
                found = _clients[key] = _make(key)
    return found


def _make(key: _Key) -> Any:
    config = Config(
        connect_timeout=key.connect_timeout,
        read_timeout=key.read_timeout,
        max_pool_connections=key.pool_size,
        tcp_keepalive=True,
        retries={"total_max_attempts": 1},  # llm.calling owns the retries; two owners multiply
        # botocore puts its own together anew, twice for each call, letter by letter.
        user_agent=f"playhead Boto3/{boto3.__version__} Botocore/{botocore.__version__}",
        # What llm.bedrock.wire writes is right or its tests fail; the service looks at it anyway.
        parameter_validation=False,
    )
    with mapped_errors():
        # Not boto3's default session, which the application shares. A session is not thread-safe, so
        # clients are made under the lock; a session's first client costs 40 ms, the next ones 2.
        session = _sessions.get(key.region)
        if session is None:
            session = _sessions[key.region] = boto3.session.Session(region_name=key.region or None)
        try:
            made = session.client(key.service, config=config)
        except BotoCoreError:
            raise
        except ValueError as error:
            raise ConfigurationError(f"{error} (AWS_ENDPOINT_URL_…)") from error
        make_cuttable(made)
        return made


def close_all(*, keep_sessions: bool = False) -> None:
    """Sessions hold the credentials; a new one is asked for them afresh."""
    with _lock:
        for made in _clients.values():
            made.close()
        _clients.clear()
        if not keep_sessions:
            _sessions.clear()
