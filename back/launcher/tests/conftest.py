import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from config.env import SCHEME
from launcher.environment import ROOT


@pytest.fixture
def bare_environment(tmp_path: Path) -> dict[str, str]:
    """What somebody's shell has who never heard of this project's settings; its .env is still empty."""
    told = {name: value for name, value in os.environ.items() if name not in SCHEME}
    for name in ("HOST", "PORT", "TEXT2SQL_PORT", "MAKELEVEL", "MAKEFLAGS"):
        told.pop(name, None)
    return told | {
        "ENV_FILE": str(tmp_path / ".env"),
        "DATA_DIR": str(tmp_path / "data dir"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "back"), *filter(None, sys.path)]),
    }


@pytest.fixture
def plain_environment(bare_environment: dict[str, str], monkeypatch: Any) -> dict[str, str]:
    """The same, for this process."""
    for name in set(os.environ) - set(bare_environment):
        monkeypatch.delenv(name)
    for name, value in bare_environment.items():
        monkeypatch.setenv(name, value)
    return bare_environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
