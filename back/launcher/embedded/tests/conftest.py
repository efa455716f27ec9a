import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from launcher.embedded import EmbeddedPostgres, postmaster
from launcher.embedded.layout import Layout


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Below a folder that only its owner may enter, and with spaces in its name."""
    parent = Path(tempfile.mkdtemp(prefix="play head "))
    yield parent / "data dir"
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture(scope="session")
def stopped_cluster() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="playhead "))
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    yield folder / "postgres"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def used_dir(data_dir: Path, stopped_cluster: Path) -> Path:
    """A data directory that has served before: a third of the time that making one takes."""
    data_dir.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", stopped_cluster, data_dir / "postgres"], check=True)
    return data_dir


@pytest.fixture
def embedded() -> Iterator[Callable[..., EmbeddedPostgres]]:
    made = []

    def make(data_dir: Path, *, durable: bool = False) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(data_dir, durable=durable))
        return made[-1]

    yield make
    for server in made:
        with contextlib.suppress(FileNotFoundError):
            server.stop()


def query(url: str, statement: str) -> Any:
    connection = psycopg2.connect(url, connect_timeout=5)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def server_process(data_dir: Path) -> psutil.Process:
    running = postmaster.find_running(Layout(data_dir.resolve()))
    assert running is not None
    return running.process


def guardian_process(data_dir: Path) -> psutil.Process:
    return server_process(data_dir).parent()
