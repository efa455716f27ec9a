"""`make stop` and what `make clean-data` deletes."""

import contextlib
import json
import os
import shutil
import signal
import time

from launcher.embedded.layout import Layout
from launcher.embedded.locks import is_locked
from launcher.environment import Plan, RunError
from launcher.up import sweep

PATIENCE_SECONDS = 60.0


def stop(plan: Plan, *, delete: bool) -> int:
    layout = Layout(plan.data_dir)
    if is_locked(plan.data_dir / "run.lock"):
        with contextlib.suppress(OSError, ValueError, KeyError):
            os.kill(json.loads((plan.data_dir / "run.json").read_text())["pid"], signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_locked(plan.data_dir / "run.lock") or is_locked(layout.guardian_lock):
        if time.monotonic() > deadline:
            raise RunError(f"something still uses {plan.data_dir} (a shell of make manage?)")
        time.sleep(0.05)
    sweep(str(plan.data_dir))
    if delete and plan.data_dir.exists():
        # What Playhead made, by name: DATA_DIR may be a folder that holds more.
        for name in ("postgres", "media"):
            shutil.rmtree(plan.data_dir / name, ignore_errors=True)
        for name in ("secret_key", "reader_password", "run.lock", "run.json"):
            (plan.data_dir / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            plan.data_dir.rmdir()
    return 0
