"""`make project`: what Django and drf-spectacular can say about the code, with settings like production's.

Needs a database only because a check of migrations looks at one: it gets an empty throw-away server.
"""

import difflib
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from config.env import SCHEME
from launcher.embedded import EmbeddedPostgres
from launcher.environment import ROOT

OPENAPI = ROOT / "docs" / "openapi.yaml"


def production_like() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in SCHEME}
    return inherited | {
        "ENV_FILE": os.devnull,
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "playhead.example",
        "TRUSTED_PROXIES": "1",
        "PYTHONPATH": str(ROOT / "back"),
    }


def run_checks(environment: dict[str, str], *, write_openapi: bool) -> list[str]:
    """The names of those that failed."""
    failed = []
    if not write_openapi:
        for arguments in (
            ["makemigrations", "--check", "--dry-run"],
            ["check", "--deploy", "--fail-level", "WARNING"],
        ):
            if _manage(arguments, environment):
                failed.append(" ".join(arguments))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "openapi.yaml")
        arguments = ["spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)]
        if _manage(arguments, environment):
            failed.append(" ".join(arguments[:3]))
        elif write_openapi:
            OPENAPI.write_bytes(fresh.read_bytes())
        elif drift := _difference(fresh):
            print(drift)  # noqa: T201
            failed.append("docs/openapi.yaml is not what the code says; make openapi writes it")
    return failed


def _manage(arguments: list[str], environment: dict[str, str]) -> int:
    print(f"manage.py {' '.join(arguments[:3])}", flush=True)  # noqa: T201
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _difference(fresh: Path) -> str:
    committed = OPENAPI.read_text().splitlines() if OPENAPI.exists() else []
    lines = difflib.unified_diff(
        committed, fresh.read_text().splitlines(), "docs/openapi.yaml", "the code", lineterm="", n=1
    )
    return "\n".join(list(lines)[:40])


def main() -> int:
    with EmbeddedPostgres(tempfile.mkdtemp(prefix="playhead-check-"), throwaway=True) as urls:
        failed = run_checks(production_like() | urls, write_openapi="--write-openapi" in sys.argv)
    for name in failed:
        print(f"FAILED: {name}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
