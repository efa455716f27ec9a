"""What the pytest plugin promises, seen from a test run inside this one."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.env import ROOT

PROBE = """
import json, os, pathlib, time

def test_probe():
    shown = {name: os.environ.get(name) for name in json.loads(os.environ["SHOW"])}
    pathlib.Path(os.environ["TELL"]).write_text(json.dumps(shown))
    while pathlib.Path(os.environ["TELL"]).with_name("wait").exists():
        time.sleep(0.05)
"""


class Inner:
    """A pytest of its own over one probing test."""

    def __init__(self, folder):
        self.folder = folder
        self.process = None
        (folder / "test_probe.py").write_text(PROBE)

    def start(self, *show, **environment):
        told = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        for name in ("DATABASE_URL", "READER_DATABASE_URL"):
            told.pop(name, None)
        told |= {"SHOW": json.dumps(show), "TELL": str(self.folder / "told"), **environment}
        told["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # quicker
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            str(ROOT / "pyproject.toml"),
            f"--rootdir={ROOT}",
        ]
        command += ["-W", "ignore", str(self.folder / "test_probe.py")]
        with (self.folder / "output").open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=told, stdout=output, stderr=subprocess.STDOUT
            )

    def told(self):
        path = self.folder / "told"
        deadline = time.monotonic() + 30
        while not path.exists() or not path.read_text():
            assert time.monotonic() < deadline, (self.folder / "output").read_text()
            time.sleep(0.05)
        return json.loads(path.read_text())

    def guardian(self):
        [found] = [
            child
            for child in psutil.Process(self.process.pid).children()
            if "launcher.embedded.guardian" in child.cmdline()
        ]
        return found, Path(found.cmdline()[found.cmdline().index("--data-dir") + 1])


@pytest.fixture
def inner(tmp_path):
    made = Inner(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


def test_nothing_of_the_developers_and_no_way_to_aws(inner):
    hidden = {
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_PROFILE": "mine",
        "HTTPS_PROXY": "http://p:1",
        "https_proxy": "http://p:1",
        "USE_BEDROCK": "true",
    }
    shown = ("DEBUG", "ENV_FILE", "DATABASE_URL", "READER_DATABASE_URL")
    inner.start(*hidden, *shown, **hidden, DEBUG="true")
    told = inner.told()
    assert {name: told[name] for name in hidden} == dict.fromkeys(hidden)
    assert told["DEBUG"] == "false"
    assert told["ENV_FILE"] == os.devnull
    assert told["DATABASE_URL"].startswith("postgresql://playhead:")
    assert told["DATABASE_URL"] != os.environ["DATABASE_URL"]
    assert told["READER_DATABASE_URL"].startswith("postgresql://playhead_reader:")
    assert inner.process.wait(30) == 0


def test_a_given_database_is_used(inner):
    given = "postgresql://me:pw@db.example:5433/mine"
    inner.start("DATABASE_URL", "READER_DATABASE_URL", DATABASE_URL=given)
    assert inner.told()["DATABASE_URL"] == given
    assert inner.told()["READER_DATABASE_URL"].endswith("@db.example:5433/mine")
    assert inner.process.wait(30) == 0


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_an_ended_run_leaves_no_server_and_no_files(inner, signum):
    (inner.folder / "wait").touch()
    inner.start("DATABASE_URL")
    inner.told()
    guardian, folder = inner.guardian()
    assert folder.exists()
    inner.process.send_signal(signum)
    deadline = time.monotonic() + 15
    while guardian.is_running() and guardian.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not folder.exists()
