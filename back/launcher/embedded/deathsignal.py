"""A child that does not outlive its parent, however that ends (Linux; elsewhere the next start sweeps)."""

import ctypes
import os
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
# Loaded here, not after the fork.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(signum: int) -> Callable[[], None]:
    """For Popen's preexec_fn. Use it from the main thread: the signal comes when the *thread* ends. It is set
    after the change of user, which would clear it."""
    parent = os.getpid()

    def arrange() -> None:
        die_with_parent(signum, parent)

    return arrange


def die_with_parent(signum: int, parent: int) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died before the call above
            os._exit(1)
