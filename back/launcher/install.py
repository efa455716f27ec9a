"""The virtual environment in .venv: made, repaired, brought up to date; in a blink where nothing is to do.

Runs under whatever Python the machine has, so only the standard library.
"""

import contextlib
import fcntl
import hashlib
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATE = VENV / "playhead.json"
LOG = VENV / "pip.log"


class InstallError(Exception):
    """One line for the person who typed make."""


def install(*, dev: bool) -> None:
    names = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names}
    state = read_state()
    if not usable(state):
        make_venv()
        state = {}
    installed = state.get("installed", {})
    if wanted.items() <= installed.items():
        return
    # Until pip is through, the environment counts as broken: an interrupted one is made afresh.
    write_state(installed={}, complete=False)
    run_pip(names)
    write_state(installed={**installed, **wanted}, complete=True)


def read_state() -> dict[str, Any]:
    try:
        return dict(json.loads(STATE.read_text()))
    except (OSError, ValueError):
        return {}


def write_state(*, installed: dict[str, str], complete: bool) -> None:
    draft = STATE.with_suffix(".new")
    draft.write_text(json.dumps({"where": str(VENV), "complete": complete, "installed": installed}))
    draft.replace(STATE)


def usable(state: dict[str, Any]) -> bool:
    if state and (state.get("where") != str(VENV) or not state.get("complete")):
        return False  # moved (its scripts name the old place), or left half-made
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if VENV.exists() or VENV.is_symlink():
        say("Making the virtual environment .venv anew")
        VENV.unlink() if VENV.is_symlink() else shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        # Debian ships venv without the pip inside; the system's own pip can fill one.
        bare: list[str | Path] = [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]
        subprocess.run(bare, capture_output=True, check=False)
        fill: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            PYTHON,
            "install",
            "--quiet",
            "pip",
        ]
        if subprocess.run(fill, capture_output=True, check=False).returncode:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise InstallError(
                f"this Python cannot make virtual environments: apt-get install python{version}-venv"
                if "ensurepip" in made.stdout + made.stderr
                else f"{sys.executable} -m venv failed: {last_line(made.stderr or made.stdout)}"
            )
    # So that plain `pytest` and `python manage.py` find the code, wherever they are started.
    [packages] = VENV.glob("lib/python3*/site-packages")
    (packages / "playhead.pth").write_text(f"{ROOT / 'back'}\n")


def run_pip(names: list[str]) -> None:
    total = len({line for name in names for line in (ROOT / name).read_text().splitlines() if "==" in line})
    say(f"Bringing .venv to the {total} packages of {' and '.join(names)} (pip's own words: .venv/pip.log)")
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--root-user-action=ignore", "--progress-bar=off"]
    for name in names:
        command += ["-r", name]
    started, told, seen, last = time.monotonic(), 0.0, 0, ""
    with (
        LOG.open("w") as log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as pip,
    ):
        assert pip.stdout is not None
        try:
            for line in pip.stdout:
                log.write(line)
                if line.startswith("Collecting "):
                    seen += 1
                if line.startswith("Installing collected"):
                    say(f"  unpacking them ({time.monotonic() - started:.0f} s)")
                    told = math.inf
                elif seen and time.monotonic() - told > 3:
                    told = time.monotonic()
                    say(f"  {seen} of {total} fetched ({told - started:.0f} s)")
                if line.startswith("ERROR"):
                    last = line.strip()
        except BaseException:
            pip.kill()
            raise
    if pip.returncode:
        raise InstallError(
            f"pip failed: {last or last_line(LOG.read_text())} (more in {LOG.relative_to(ROOT)})"
        )
    say(f"  done in {time.monotonic() - started:.0f} s")


def fetch_model() -> None:
    """With what pip installed. It says itself what became of it; the rest works without."""
    if os.environ.get("DETECTOR_MODEL"):
        return  # another one is meant
    subprocess.run([PYTHON, "-m", "launcher.models"], cwd=ROOT, check=False)


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def end(signum: int, frame: object) -> NoReturn:
    # make ends by the same signal; nothing to explain.
    raise SystemExit(128 + signum)


def main() -> int:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, end)
    place = os.open(ROOT, os.O_RDONLY)
    try:
        # Two makes at once in one checkout: the second finds the work done.
        fcntl.flock(place, fcntl.LOCK_EX)
        install(dev="--dev" in sys.argv)
        fetch_model()
    except InstallError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{VENV} cannot be made: {error}")
        return 1
    finally:
        with contextlib.suppress(OSError):
            os.close(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
