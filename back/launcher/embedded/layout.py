"""Where the embedded server keeps what, below DATA_DIR."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from launcher.embedded.errors import EmbeddedError

ADMIN = "postgres"
OWNER = "playhead"
READER = "playhead_reader"
DATABASE = "playhead"


@dataclass(frozen=True)
class Passwords:
    admin: str
    owner: str
    reader: str


@dataclass(frozen=True)
class Layout:
    data_dir: Path

    @property
    def root(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        return self.root / "cluster"

    @property
    def passwords(self) -> Path:
        return self.root / "passwords.json"

    @property
    def port(self) -> Path:
        return self.root / "port"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.root / "users.lock"

    @property
    def guardian_lock(self) -> Path:
        return self.root / "guardian.lock"

    def create(self) -> None:
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
            self.root.chmod(0o700)
        except OSError as error:
            raise EmbeddedError(f"DATA_DIR {self.data_dir} cannot be used: {error.strerror}") from error
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            raise EmbeddedError(
                f"DATA_DIR {self.data_dir} belongs to another user; set DATA_DIR to one of your own"
            )

    def read_passwords(self) -> Passwords | None:
        try:
            return Passwords(**json.loads(self.passwords.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            return None

    def create_passwords(self) -> Passwords:
        created = Passwords(*(secrets.token_urlsafe(24) for _ in range(3)))
        write_private(self.passwords, json.dumps(asdict(created)))
        return created

    def read_port(self) -> int | None:
        try:
            return int(self.port.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def write_port(self, port: int) -> None:
        write_private(self.port, str(port))


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def open_log(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def connection_urls(data_dir: str | os.PathLike[str]) -> dict[str, str]:
    """DATABASE_URL and READER_DATABASE_URL of the server of this data directory; empty where there is none.

    Says where the server listens, not whether it runs.
    """
    layout = Layout(Path(data_dir).resolve())
    try:
        passwords, port = layout.read_passwords(), layout.read_port()
    except PermissionError:
        return {}
    if passwords is None or port is None:
        return {}
    address = f"127.0.0.1:{port}/{DATABASE}"
    return {
        "DATABASE_URL": f"postgresql://{OWNER}:{passwords.owner}@{address}",
        "READER_DATABASE_URL": f"postgresql://{READER}:{passwords.reader}@{address}",
    }
