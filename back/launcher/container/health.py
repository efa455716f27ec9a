"""What HEALTHCHECK runs: is this container's role alive? Exit code 0 or 1, and a line that says why not."""

import os
import sys
import time
import urllib.request
from pathlib import Path

from launcher.container.starting import ROLE_FILE

SECONDS = 4.0
SILENT_SECONDS = 60.0


def main() -> int:
    try:
        role = ROLE_FILE.read_text()
        problem = CHECKS.get(role, _nothing)()
    except OSError as error:
        problem = f"{type(error).__name__}: {error}"
    if problem:
        sys.stderr.write(f"{problem}\n")
    return 1 if problem else 0


def _web() -> str:
    return _answers(f"http://127.0.0.1:{os.environ.get('PORT', '8088')}/api/health/live/")


def _text2sql() -> str:
    return _answers(f"http://127.0.0.1:{os.environ.get('TEXT2SQL_PORT', '8089')}/health/ready")


def _worker() -> str:
    return _fresh(Path(os.environ["WORKER_ALIVE_FILE"]))


def _fresh(file: Path) -> str:
    silent = time.time() - file.stat().st_mtime
    return f"the worker has been silent for {silent:.0f} s" if silent > SILENT_SECONDS else ""


def _nothing() -> str:
    return ""


def _answers(url: str) -> str:
    # Loopback is asked directly, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    # Any name that is allowed would do; the service refuses those it does not know.
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(url, headers={"Host": host} if host and host != "*" else {})  # noqa: S310
    with opener.open(request, timeout=SECONDS) as response:
        return "" if response.status == 200 else f"{url} answered {response.status}"


CHECKS = {"web": _web, "text2sql": _text2sql, "worker": _worker}

if __name__ == "__main__":
    sys.exit(main())
