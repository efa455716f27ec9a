"""Before a role starts: secrets from files, a writable data folder, settings that can be read."""

import os
import tempfile
from pathlib import Path

from launcher.embedded.layout import write_private

# A disk with less room than this is full for every purpose.
ROOM = 1024 * 1024
ROLE_FILE = Path(tempfile.gettempdir()) / "playhead-role"


class StartError(Exception):
    """One line for whoever reads the container's log: what is wrong and what to do."""


def prepare_environment(role: str, *, needs_settings: bool) -> None:
    _remember(role)
    if not needs_settings:
        return
    if not _given("DATABASE_URL"):
        raise StartError(
            "DATABASE_URL is not set: postgresql://user:password@host:5432/database, or DATABASE_URL_FILE"
            " with a file that holds it"
        )
    data = Path(os.environ.get("DATA_DIR") or "/data")
    _check_writable(data)
    # Read here first, so that a mistake in a setting is one line and not a traceback.
    from django.core.exceptions import ImproperlyConfigured

    if os.environ.get("DEBUG", "").lower() in {"true", "1", "yes", "on"} and not _given("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _kept_secret(data / "secret_key")
    try:
        from config import settings  # noqa: F401
    except ImproperlyConfigured as error:
        raise StartError(str(error)) from None


def _given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _remember(role: str) -> None:
    """The health check runs as a process of its own and has to know what it looks at."""
    try:
        ROLE_FILE.write_text(role)
    except OSError as error:
        raise StartError(
            f"{ROLE_FILE.parent} cannot be written ({error.strerror}): mount a tmpfs there"
        ) from None


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".start-") as file:
            file.write(b"x" * ROOM)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StartError(
            f"{folder} cannot be written ({error.strerror}): mount a volume there that user {os.getuid()} may"
            " write and that has room"
        ) from None


def _kept_secret(path: Path) -> str:
    """For development: made once in the shared folder, so that every process signs alike."""
    import secrets

    try:
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise StartError(f"{path} cannot be read ({error.strerror})") from None
