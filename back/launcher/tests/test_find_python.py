import os
import shutil
import subprocess
import sys

import pytest

from launcher.environment import ROOT

SCRIPT = ROOT / "back" / "launcher" / "find_python.sh"


@pytest.fixture
def path(tmp_path):
    """A PATH with the shell's own tools and nothing else."""
    folder = tmp_path / "bin of mine"
    folder.mkdir()
    for tool in ("sh", "make", "sed", "cat"):
        (folder / tool).symlink_to(shutil.which(tool))
    return folder


def old_python(folder, name, version="3.9.2"):
    fake = folder / name
    fake.write_text(f'#!/bin/sh\ncase "$2" in *print*) echo {version};; *) exit 1;; esac\n')
    fake.chmod(0o755)
    return fake


def find(path, **environment):
    return subprocess.run(
        ["sh", SCRIPT], env={"PATH": str(path), **environment}, capture_output=True, text=True, check=False
    )


def test_takes_the_first_that_is_new_enough(path):
    old_python(path, "python3")
    (path / "python3.12").symlink_to(sys.executable)
    assert find(path).stdout.strip() == str(path / "python3.12")


def test_named_one_is_taken(path):
    assert find(path, PYTHON=sys.executable).stdout.strip() == sys.executable


@pytest.mark.parametrize(
    ("fakes", "environment", "reason"),
    [
        ([], {}, "no python3 on the PATH"),
        (["python3"], {}, "python3 is 3.9.2"),
        (["python3", "python3.11"], {}, "python3 is 3.9.2, python3.11 is 3.9.2"),
        ([], {"PYTHON": "/nowhere/python3"}, "/nowhere/python3 does not run"),
        (["mine"], {"PYTHON": "mine"}, "mine is 3.9.2"),
    ],
)
def test_none_is_one_clear_line(path, fakes, environment, reason):
    for name in fakes:
        old_python(path, name)
    found = find(path, **environment)
    assert found.returncode == 1
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1
    assert "Playhead needs Python 3.11 or newer" in found.stderr
    assert reason in found.stderr


def test_make_stops_there(path):
    old_python(path, "python3")
    done = subprocess.run(
        ["make", "run"], cwd=ROOT, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode
    assert done.stderr.startswith("Playhead needs Python 3.11 or newer (python3 is 3.9.2)")


def test_make_alone_lists_what_there_is():
    done = subprocess.run(["make"], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True)
    for target in ("run", "test", "check", "lint", "types", "clean", "manage", "lock", "help"):
        assert f"\n  {target} " in done.stdout
