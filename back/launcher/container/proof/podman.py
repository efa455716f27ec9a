"""podman with a storage of its own, and Compose files run through podman-compose."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
NEEDED = ("podman", "buildah", "runc", "netavark", "mmdebstrap", "catatonit")
PLACES = (os.environ.get("PATH", ""), "/usr/libexec/podman", "/usr/lib/podman")
NOISE = ("systemd connection", "connect to syslog", "podman_compose:Ignored")

# crun fails on hybrid cgroups, and the default limits want a capability that a container may lack.
CONTAINERS_CONF = """
[containers]
default_ulimits=["nofile=1024:20000","nproc=1000:1000"]
[engine]
runtime="runc"
cgroup_manager="cgroupfs"
events_logger="file"
"""


class ProofError(Exception):
    """What did not hold."""


def why_not() -> str | None:
    """What keeps this machine from running containers; None: nothing."""
    if os.geteuid() != 0:
        return "it wants root"
    missing = [name for name in NEEDED if shutil.which(name, path=os.pathsep.join(PLACES)) is None]
    return f"{', '.join(missing)} not installed" if missing else None


class Podman:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "containers.conf").write_text(CONTAINERS_CONF)
        storage = f'[storage]\ndriver="overlay"\ngraphroot="{folder}/storage"\nrunroot="{folder}/run"\n'
        (folder / "storage.conf").write_text(storage)
        self.environment = os.environ | {
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        }

    def run(
        self, *command: str, timeout: float = 300, check: bool = True, env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> str:  # fmt: skip
        """→ what it printed, both streams together"""
        done = subprocess.run(
            command, env=self.environment | dict(env or {}), cwd=cwd, text=True, timeout=timeout, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        lines = done.stdout.splitlines()
        said = "\n".join(line for line in lines if not any(noise in line for noise in NOISE))
        if check and done.returncode:
            raise ProofError(f"{' '.join(command)} ended with {done.returncode}:\n{said[-3000:]}")
        return said

    def build(self, folder: Path, tag: str, base: str) -> None:
        self.run(
            "buildah", "bud", "--pull-never", "--isolation", "chroot", "--network", "host",
            "--format", "docker", "--volume", "/etc/ssl/certs:/etc/ssl/certs:ro",
            "--build-arg", f"BASE={base}", "--tag", tag, ".", cwd=folder, timeout=1200,
        )  # fmt: skip

    def inspect(self, name: str) -> dict[str, Any]:
        return dict(json.loads(self.run("podman", "inspect", name))[0])

    def names(self) -> list[str]:
        return self.run("podman", "ps", "--all", "--format", "{{.Names}}").split()

    @contextlib.contextmanager
    def health_checks(self) -> Iterator[None]:
        """podman leaves them to systemd's timers; where there is no systemd somebody has to run them."""
        stop = threading.Event()

        def run_them() -> None:
            while not stop.wait(0.5):
                for name in self.run("podman", "ps", "--format", "{{.Names}}", check=False).split():
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self.run("podman", "healthcheck", "run", name, check=False, timeout=20)

        thread = threading.Thread(target=run_them)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def has(self, image: str) -> bool:
        return image in self.run("podman", "images", "--format", "{{.Repository}}")

    def take_away(self, *, images: bool) -> None:
        self.run("podman", "rm", "--all", "--force", "--time", "0", check=False)
        self.run("podman", "pod", "rm", "--all", "--force", check=False)
        self.run("podman", "volume", "prune", "--force", check=False)
        self.run("podman", "network", "prune", "--force", check=False)
        if not images:
            return
        self.run("podman", "rmi", "--all", "--force", check=False)
        for mount in self._mounts():
            subprocess.run(["umount", "--lazy", mount], capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mounts(self) -> list[str]:
        lines = Path("/proc/mounts").read_text().splitlines()
        return [line.split()[1] for line in lines if line.split()[1].startswith(str(self.folder))]


class Compose:
    """One Compose file as one project. Its user starts the services in the order of their dependencies,
    each when those before are healthy: podman 4 cannot wait for that itself."""

    def __init__(self, podman: Podman, file: str, project: str, environment: Mapping[str, str]) -> None:
        self.podman, self.project, self.environment = podman, project, dict(environment)
        self._command = ("podman-compose", "--project-name", project, "--file", str(ROOT / file))

    def __call__(self, *arguments: str, timeout: float = 180, check: bool = True) -> str:
        return self.podman.run(*self._command, *arguments, env=self.environment, timeout=timeout, check=check)

    def container(self, service: str, number: int = 1) -> str:
        return f"{self.project}_{service}_{number}"

    def start(self, service: str, *more: str, number: int = 1) -> None:
        self("up", "--detach", "--no-deps", *more, service)
        self.wait_until_healthy(service, number=number)

    def migrate(self) -> None:
        self("up", "--detach", "--no-deps", "migrate")
        name = self.container("migrate")
        code = self.podman.run("podman", "wait", name, timeout=180).strip().splitlines()[-1]
        if code != "0":
            raise ProofError(f"migrate ended with {code}:\n{self.logs('migrate')}")

    def wait_until_healthy(self, service: str, *, number: int = 1, seconds: float = 90) -> None:
        name = self.container(service, number)

        def healthy() -> bool:
            state = self.podman.inspect(name)["State"]
            # Without a check of its own a container counts as soon as it runs.
            status = (state.get("Health") or state.get("Healthcheck") or {}).get("Status") or "none"
            return bool(state["Running"]) and status in {"healthy", "none"}

        until(healthy, f"{service} is healthy", seconds=seconds, otherwise=lambda: self.logs(service))

    def logs(self, service: str) -> str:
        return self.podman.run("podman", "logs", "--tail", "40", self.container(service), check=False)

    def kill(self, service: str) -> None:
        """Not by podman, which would take it for a wish and start nothing again."""
        os.kill(int(self.podman.inspect(self.container(service))["State"]["Pid"]), 9)

    def down(self) -> None:
        self("down", "--volumes", "--timeout", "20", check=False)


def until(
    holds: Callable[[], bool], what: str, *, seconds: float, otherwise: Callable[[], str] = lambda: ""
) -> float:
    """→ how long it took"""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(ProofError, OSError, KeyError, ValueError):
            if holds():
                return time.monotonic() - began
        time.sleep(0.2)
    raise ProofError(f"not within {seconds:.0f} s: {what}\n{otherwise()}")


def steps(named: Sequence[tuple[str, Callable[[], str | None]]]) -> None:
    for name, step in named:
        began = time.monotonic()
        note = step()
        seconds = time.monotonic() - began
        print(f"  {seconds:6.1f} s  {name}{f': {note}' if note else ''}", flush=True)  # noqa: T201
