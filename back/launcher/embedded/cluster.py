"""The data directory that initdb makes."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from launcher.embedded.binaries import Binaries
from launcher.embedded.deathsignal import dies_with_parent
from launcher.embedded.errors import EmbeddedError
from launcher.embedded.identity import Identity, give, setup_identity
from launcher.embedded.layout import ADMIN, Layout, Passwords

# For a server that is not us: below a closed folder no path leads to the data directory, but a process whose
# working directory it is reaches it through this one.
HERE = "/proc/self/cwd"
SCRUBBED = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def data_argument(cluster: Path, identity: Identity | None) -> str:
    return HERE if identity else str(cluster)


def ensure_cluster(
    layout: Layout, *, binaries: Binaries, identity: Identity | None, durable: bool = True
) -> Passwords:
    """The cluster's passwords; the cluster is made where there is none."""
    for leftover in layout.root.glob("cluster.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    passwords = layout.read_passwords()
    if not layout.cluster.exists():
        passwords = passwords or layout.create_passwords()
        _make(layout, binaries=binaries, identity=identity, passwords=passwords, durable=durable)
        return passwords
    _check_version(layout, binaries)
    if identity and layout.cluster.stat().st_uid == 0:  # copied or restored by root
        give(layout.cluster, identity)
        layout.cluster.chmod(0o700)
    if passwords is None:
        passwords = layout.create_passwords()
        _reset_admin(layout, binaries=binaries, identity=identity, password=passwords.admin)
    return passwords


def _make(
    layout: Layout, *, binaries: Binaries, identity: Identity | None, passwords: Passwords, durable: bool
) -> None:
    # Elsewhere first and renamed when whole: an interrupted start leaves nothing that looks like a cluster.
    draft = Path(tempfile.mkdtemp(prefix="cluster.new-", dir=layout.root))
    maker = setup_identity()
    give(draft, maker)
    with tempfile.TemporaryFile(dir=layout.root) as password_file:
        password_file.write(passwords.admin.encode() + b"\n")
        password_file.flush()
        if maker:
            os.fchown(password_file.fileno(), maker.uid, maker.gid)
        _run(
            [
                binaries.initdb, "-D", data_argument(draft, maker), "-U", ADMIN, "-E", "UTF8",
                # C.UTF-8 as PostgreSQL itself brings it: one order on every libc, before and after upgrades.
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile=/dev/fd/{password_file.fileno()}",
                *([] if durable else ["--no-sync"]),
            ],
            what="initdb", cwd=draft, identity=maker, pass_fds=(password_file.fileno(),),
        )  # fmt: skip
    give(draft, identity)
    draft.rename(layout.cluster)
    if durable:
        folder = os.open(layout.root, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _check_version(layout: Layout, binaries: Binaries) -> None:
    try:
        written_by = int((layout.cluster / "PG_VERSION").read_text())
    except (OSError, ValueError):
        raise EmbeddedError(f"{layout.cluster} is no PostgreSQL data directory; move it away") from None
    if written_by != binaries.major:
        raise EmbeddedError(
            f"{layout.cluster} was written by PostgreSQL {written_by}, this release brings {binaries.major}: "
            f"export with the release that wrote it (pg_dump), or move {layout.root} away to start afresh"
        )


def _reset_admin(layout: Layout, *, binaries: Binaries, identity: Identity | None, password: str) -> None:
    """The password file was lost: give the roles new ones. The others follow from this one."""
    maker = setup_identity()  # single-user mode wants an account, too
    give(layout.cluster, maker)
    try:
        _run(
            [binaries.postgres, "--single", "-D", data_argument(layout.cluster, maker), "postgres"],
            what="the reset of the passwords", cwd=layout.cluster, identity=maker,
            stdin=f"ALTER ROLE {ADMIN} PASSWORD '{password}';\n",
        )  # fmt: skip
    finally:
        give(layout.cluster, identity)


def _run(
    command: list[str],
    *,
    what: str,
    cwd: Path,
    identity: Identity | None,
    pass_fds: tuple[int, ...] = (),
    stdin: str = "",
) -> None:
    done = subprocess.run(
        command, cwd=cwd, env=SCRUBBED, pass_fds=pass_fds,
        input=stdin, capture_output=True, text=True, check=False,
        preexec_fn=dies_with_parent(signal.SIGKILL),
        **(identity.popen_options() if identity else {}),
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise EmbeddedError(f"{what} failed: {last[0]}")
