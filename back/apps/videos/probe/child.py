"""The sandboxed half of the probe: `child.py FD LIMITS` puts facts or an error on stdout, as JSON.

A decoder fed by a stranger is the likeliest part of the product to be broken into. So it runs alone, without
our environment, and once the file is at hand it can open nothing more: no file, no socket, no pipe.
"""

import importlib
import json
import os
import pkgutil
import resource
import socket
import stat
import sys
from dataclasses import asdict
from typing import BinaryIO, cast

import av

from apps.videos.probe.errors import ProbeError
from apps.videos.probe.facts import ProbeLimits
from apps.videos.probe.reading import read_probe
from apps.videos.probe.remote import RemoteFile


def shut_in(limits: ProbeLimits) -> None:
    wanted = {
        resource.RLIMIT_AS: (limits.memory_bytes,) * 2,
        # The soft limit sends SIGXCPU, by which the parent knows why; the hard one kills.
        resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 2),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        # No new descriptor at all, so no file, socket or pipe; those already open go on working.
        resource.RLIMIT_NOFILE: (0, 0),
    }
    for which, soft_and_hard in wanted.items():
        try:
            resource.setrlimit(which, soft_and_hard)
        except (ValueError, OSError):
            # macOS refuses RLIMIT_AS; the other limits and the wall clock still hold.
            continue


def main(descriptor: int, limits: ProbeLimits) -> None:
    av.logging.set_level(None)
    if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        file = cast(BinaryIO, RemoteFile(socket.socket(fileno=descriptor)))
    else:
        file = os.fdopen(descriptor, "rb")
    warm_up()
    shut_in(limits)
    try:
        answer = asdict(read_probe(file, limits=limits))
        created_at = answer["created_at"]
        answer["created_at"] = created_at and created_at.isoformat()
    except ProbeError as error:
        answer = {"code": error.code, "detail": error.detail}
    except MemoryError:
        answer = {"code": "unreadable", "detail": "Reading the file takes more memory than is allowed."}
    except Exception as error:  # whatever a hostile file provokes in here is the file's fault
        answer = {"code": "unreadable", "detail": "The file is damaged: it cannot be read as a video."}
        print(repr(error), file=sys.stderr)  # noqa: T201 (the parent logs it)
    json.dump(answer, sys.stdout)


def warm_up() -> None:
    """Loads what Python and PyAV would load later, when files can no longer be opened."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for codec in ("utf-8", "latin-1", "ascii"):
        "".encode(codec)


if __name__ == "__main__":
    main(int(sys.argv[1]), ProbeLimits(**json.loads(sys.argv[2])))
