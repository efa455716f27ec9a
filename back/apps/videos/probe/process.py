"""Is it a video, and what is it? The question is put to a process that can do nothing else."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from apps.videos.probe.errors import ProbeError
from apps.videos.probe.facts import ProbeLimits, VideoProbe
from apps.videos.probe.opening import Source, source_file
from apps.videos.probe.remote import serve

logger = logging.getLogger(__name__)

_IMPORT_PATH = str(Path(__file__).resolve().parents[3])


def probe(source: Source, *, limits: ProbeLimits | None = None) -> VideoProbe:
    """`source` is a path or a readable, seekable binary file. Raises ProbeError."""
    limits = limits or ProbeLimits()
    with source_file(source) as file:
        if not file.seek(0, os.SEEK_END):
            raise ProbeError("empty", "The file is empty.")
        with _descriptor(file) as descriptor:
            answer = _ask_child(descriptor, limits)
        file.seek(0)
    if "code" in answer:
        raise ProbeError(answer["code"], answer["detail"])
    created_at = answer.pop("created_at")
    return VideoProbe(**answer, created_at=datetime.fromisoformat(created_at) if created_at else None)


@contextmanager
def _descriptor(file: BinaryIO) -> Iterator[int]:
    try:
        descriptor = file.fileno()
    except (OSError, AttributeError):
        descriptor = -1
    if descriptor >= 0:
        file.flush()
        yield descriptor
        return
    ours, theirs = socket.socketpair()
    server = threading.Thread(target=serve, args=(file, ours), daemon=True)
    server.start()
    try:
        yield theirs.fileno()
    finally:
        theirs.close()
        server.join(timeout=5)


def _ask_child(descriptor: int, limits: ProbeLimits) -> dict:
    # S603: fixed words and our own numbers, no shell. The empty environment keeps our keys from a decoder.
    try:
        done = subprocess.run(
            [sys.executable, "-m", "apps.videos.probe.child", str(descriptor), json.dumps(asdict(limits))],
            pass_fds=[descriptor],
            env={"PYTHONPATH": _IMPORT_PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _timed_out() from error
    if done.returncode == 0:
        if done.stderr:
            logger.warning("probe: %s", done.stderr[-2000:].decode(errors="replace"))
        return json.loads(done.stdout)
    if done.returncode == -signal.SIGXCPU:
        raise _timed_out()
    if done.returncode > 0:  # it did not get as far as the file: that is our fault, not the sender's
        raise RuntimeError(f"the probe did not start: {done.stderr[-2000:].decode(errors='replace')}")
    logger.warning("a file ended the probe with signal %d", -done.returncode)
    raise ProbeError("unreadable", "The file cannot be read: decoding it failed.")


def _timed_out() -> ProbeError:
    return ProbeError("timed_out", "Reading the file takes too long.")
