"""As whom the server runs: PostgreSQL refuses root."""

import os
import pwd
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from launcher.embedded.errors import EmbeddedError

# The range that systemd, too, gives to services without an account of their own.
SERVICE_UIDS = range(61184, 65520)


@dataclass(frozen=True)
class Identity:
    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def setup_identity() -> Identity | None:
    """Who runs initdb, which wants a user with an account; None: whoever we are."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root and there is no user nobody to run it as"
        ) from None
    return Identity(nobody.pw_uid, nobody.pw_gid)


def server_identity(cluster: Path) -> Identity | None:
    """Who runs the server. A uid that nothing else on the machine has, so that not even another service that
    runs as nobody can read the data or signal the server; whoever owns the cluster keeps it."""
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        owner = cluster.stat()
        if owner.st_uid != 0:
            return Identity(owner.st_uid, owner.st_gid)
    taken = {account.pw_uid for account in pwd.getpwall()}
    taken |= {uids.real for process in psutil.process_iter(["uids"]) if (uids := process.info["uids"])}
    first = zlib.crc32(os.fsencode(cluster))
    for step in range(len(SERVICE_UIDS)):
        uid = SERVICE_UIDS[(first + step) % len(SERVICE_UIDS)]
        if uid not in taken:
            return Identity(uid, uid)
    raise EmbeddedError("no free user id to run PostgreSQL as")


def give(path: Path, identity: Identity | None) -> None:
    """Hand over a directory and all in it."""
    if identity is None:
        return
    for folder, _, files in os.walk(path):
        os.chown(folder, identity.uid, identity.gid)
        for name in files:
            os.chown(Path(folder, name), identity.uid, identity.gid, follow_symlinks=False)
