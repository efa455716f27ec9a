"""The product's processes for a measurement, on loopback, in a throw-away place; all stop with the block."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "back"))

from launcher.embedded import EmbeddedPostgres  # noqa: E402

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "standin", "AWS_SECRET_ACCESS_KEY": "standin", "AWS_REGION": "us-east-1"}


def without_settings() -> dict[str, str]:
    """This shell's environment without what would steer the product, AWS or a proxy."""
    names = re.compile(r"(AWS|LLM|WEB|THROTTLE)_|(USE_BEDROCK|DATABASE_URL|CACHE_URL)$|.*_proxy$", re.I)
    return {name: value for name, value in os.environ.items() if not names.match(name)}


@dataclass
class Site:
    """A migrated database with the demo in it, and how to start a process over it."""

    folder: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen] = field(default_factory=list)

    def manage(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self, *words: str, **environment: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment | environment,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process


@contextlib.contextmanager
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="playhead-bench-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder / "database", throwaway=True)
        made = Site(
            folder,
            without_settings() | server.start() | {
                "ENV_FILE": os.devnull, "DEBUG": "true", "DATA_DIR": str(folder / "data"),
                "PYTHONPATH": str(ROOT / "back"), "LOG_LEVEL": "ERROR",
                # Counted as ever, and never over.
                "THROTTLE_USER": "10000000/min", "THROTTLE_ADDRESS": "10000000/min",
            },
        )  # fmt: skip
        try:
            made.manage("migrate", "-v0")
            made.manage("ensure_reader")
            made.manage("load_demo")
            yield made
        finally:
            for process in reversed(made.processes):
                process.terminate()
            for process in made.processes:
                process.wait()
            server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit(f"{url} did not answer")


def memory(process: subprocess.Popen) -> float:
    """Megabytes of a process and its children; what they share is counted once."""
    total = 0
    tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in tree:
        with contextlib.suppress(psutil.Error):
            total += member.memory_full_info().pss
    return total / 2**20


def cpu_seconds(process: subprocess.Popen) -> float:
    tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return sum(sum(member.cpu_times()[:2]) for member in tree)
