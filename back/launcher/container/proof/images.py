"""The images: Playhead's own by its Dockerfile, and stand-ins for those that a registry would give."""

import os
import subprocess
from pathlib import Path

from launcher.container.proof.podman import ROOT, Podman, ProofError

HERE = Path(__file__).parent / "images"
BASE = "localhost/playhead-proof/base"
OURS = "localhost/playhead-proof/playhead"
POSTGRES = "localhost/playhead-proof/postgres"
CADDY = "localhost/playhead-proof/caddy"
DEBIAN = "bookworm"
RUN = ("podman", "run", "--rm", "--network", "none")


def make_base(podman: Podman) -> None:
    """The official image python:3.11-slim-bookworm is Debian with Python; so is this."""
    if podman.has(BASE):
        return
    tarball = podman.folder / "base.tar"
    podman.run(
        "mmdebstrap", "--mode=root", "--variant=minbase", "--include=python3,python3-venv,ca-certificates",
        "--format=tar", DEBIAN, str(tarball), *_sources(), timeout=600,
    )  # fmt: skip
    podman.run("podman", "import", str(tarball), BASE)
    tarball.unlink()


def _sources() -> list[str]:
    """This machine's own, so that its mirror and its certificates are used."""
    folder = Path("/etc/apt")
    found = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("debian*"))]
    return [str(path) for path in found if path.is_file() and path.stat().st_size]


def make_ours(podman: Podman) -> str:
    podman.build(ROOT, OURS, BASE)
    unpacked = int(podman.inspect(OURS)["Size"]) - int(podman.inspect(BASE)["Size"])
    packed = _packed(podman)
    if packed > 450e6:
        raise ProofError(f"the image has {packed / 1e6:.0f} MB")
    return f"{packed / 1e6:.0f} MB as a registry keeps it, {unpacked / 1e6:.0f} MB unpacked beside its base"


def _packed(podman: Podman) -> int:
    """As pushed and pulled: every layer compressed."""
    save = subprocess.Popen(["podman", "save", OURS], env=podman.environment, stdout=subprocess.PIPE)
    packed = subprocess.Popen(["gzip", "-6"], stdin=save.stdout, stdout=subprocess.PIPE)
    assert packed.stdout is not None
    size = 0
    while piece := packed.stdout.read(1 << 20):
        size += len(piece)
    if packed.wait() or save.wait():
        raise ProofError("the image could not be saved")
    return size


def make_stand_ins(podman: Podman) -> str:
    podman.build(HERE / "postgres", POSTGRES, BASE)
    podman.build(HERE / "caddy", CADDY, BASE)
    return ""


def look_inside(podman: Podman) -> str:
    """No compiler, no tests, no secret, an ordinary user, and nothing of ours that it could change."""
    script = (
        "import os, pathlib, shutil;"
        "assert os.getuid() == 10001, os.getuid();"
        "assert not [tool for tool in ('gcc', 'cc', 'make', 'pip', 'git') if shutil.which(tool)];"
        "app = pathlib.Path('/app');"
        "assert not list(app.rglob('tests')) and not list(app.rglob('conftest.py'));"
        "assert not list(app.rglob('.env*')) and not list(app.rglob('secret_key'));"
        "assert not [path for path in app.rglob('*') if os.access(path, os.W_OK)];"
        "import importlib.util as find;"
        "assert not [name for name in ('pytest', 'moto', 'mypy', 'setuptools') if find.find_spec(name)]"
    )
    podman.run(*RUN, "--entrypoint", "python", OURS, "-c", script)
    image = podman.inspect(OURS)
    if not any(label.startswith("org.opencontainers.image.") for label in image["Config"]["Labels"]):
        raise ProofError("the image has no OCI labels")
    if not image.get("Healthcheck"):
        raise ProofError("the image has no HEALTHCHECK")
    return ""


WRONG_STARTS: tuple[tuple[list[str], dict[str, str], str], ...] = (
    (["web"], {}, "DATABASE_URL is not set"),
    (["web"], {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"}, "SECRET_KEY: must be set"),
    (
        ["web"],
        {"DATABASE_URL": "mysql://a:b@127.0.0.1:1/c", "SECRET_KEY": "x" * 40},
        "DATABASE_URL: wants postgres://",
    ),
    (["web"], {"DATABASE_URL_FILE": "/nowhere"}, "DATABASE_URL_FILE: /nowhere cannot be read"),
    (["wbe"], {}, "there is no role 'wbe'"),
)


def start_wrongly(podman: Podman) -> str:
    for arguments, environment, line in WRONG_STARTS:
        options = [f"--env={name}={value}" for name, value in environment.items()]
        said = podman.run(*RUN, *options, OURS, *arguments, check=False)
        if line not in said or len(said.strip().splitlines()) != 1:
            raise ProofError(f"{arguments}, {list(environment)}: {said!r} instead of one line with {line!r}")
    said = _start_on_a_full_disk(podman)
    if "/data cannot be written (No space left on device)" not in said:
        raise ProofError(f"a full disk said:\n{said}")
    return f"{len(WRONG_STARTS) + 1} mistakes, one line each"


def _start_on_a_full_disk(podman: Podman) -> str:
    small = podman.folder / "small disk"
    small.mkdir(exist_ok=True)
    podman.run("mount", "-t", "tmpfs", "-o", "size=64k,mode=1777", "tmpfs", str(small))
    try:
        return podman.run(
            *RUN, "--volume", f"{small}:/data", "--env=DATABASE_URL=postgresql://a:b@127.0.0.1:1/c",
            f"--env=SECRET_KEY={os.urandom(32).hex()}", OURS, "web", check=False,
        )  # fmt: skip
    finally:
        podman.run("umount", str(small))
