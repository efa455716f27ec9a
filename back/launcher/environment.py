"""What the processes of `make run` are told: the environment, then `.env`, then defaults for a developer."""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ

from launcher.embedded.layout import READER, write_private

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Set by make for its own children.
MAKE_S_OWN = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "MAKE_TERMOUT", "MAKE_TERMERR", "ARGS"}


class RunError(Exception):
    """Why it does not start, in one line."""


@dataclass(frozen=True)
class Plan:
    environment: dict[str, str]
    data_dir: Path
    host: str
    port: int
    text2sql_port: int
    needs_postgres: bool

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def read_plan() -> Plan:
    """Reads `.env` into this process's environment, never over what is set, and works out the rest."""
    _read_dotenv()
    told = {name: value for name, value in os.environ.items() if name not in MAKE_S_OWN}
    data_dir = Path(told.get("DATA_DIR") or ".data").expanduser()
    data_dir = (data_dir if data_dir.is_absolute() else ROOT / data_dir).resolve()
    plan = Plan(
        environment=told,
        data_dir=data_dir,
        host=told.get("HOST") or "127.0.0.1",
        port=_port(told, "PORT", 8088),
        text2sql_port=_port(told, "TEXT2SQL_PORT", 8089),
        needs_postgres=not told.get("DATABASE_URL"),
    )
    if plan.port == plan.text2sql_port:
        raise RunError(f"PORT and TEXT2SQL_PORT are both {plan.port}: give one of them another")
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _fill(plan)
    except OSError as error:
        raise RunError(f"DATA_DIR {data_dir} cannot be used: {error.strerror}") from error
    return plan


def use_database(plan: Plan, urls: dict[str, str]) -> None:
    """The embedded server's addresses; those that were given stay."""
    for name, url in urls.items():
        if not plan.environment.get(name):
            plan.environment[name] = url


def _read_dotenv() -> None:
    path = os.environ.get("ENV_FILE") or str(ROOT / ".env")
    try:
        environ.Env.read_env(path)
    except (ValueError, OSError) as error:
        raise RunError(f"{path} cannot be read: {error}") from None


def _fill(plan: Plan) -> None:
    told = plan.environment
    defaults = {
        "DEBUG": "true",
        "LOG_FORMAT": "text",
        # No limits for one developer; production has them (see docs/settings.md).
        "THROTTLE_USER": "",
        "THROTTLE_ADDRESS": "",
        "THROTTLE_LOGIN": "",
    }
    if plan.host not in LOOPBACK:
        # Whoever binds to a network address means to be reached by whatever name the network uses.
        defaults["ALLOWED_HOSTS"] = "*"
    for name, value in defaults.items():
        told.setdefault(name, value)
    if not told.get("SECRET_KEY"):
        told["SECRET_KEY"] = _kept_secret(plan.data_dir / "secret_key")
    if not told.get("TEXT2SQL_URL"):
        told["TEXT2SQL_URL"] = f"http://127.0.0.1:{plan.text2sql_port}"
    if not plan.needs_postgres and not told.get("READER_DATABASE_URL"):
        told["READER_DATABASE_URL"] = _reader_url(
            told["DATABASE_URL"], _kept_secret(plan.data_dir / "reader_password")
        )
    told.update(
        DATA_DIR=str(plan.data_dir),
        HOST=plan.host,
        PORT=str(plan.port),
        TEXT2SQL_PORT=str(plan.text2sql_port),
        PYTHONPATH=str(ROOT / "back"),
        PYTHONUNBUFFERED="1",
        DJANGO_SETTINGS_MODULE="config.settings",
        PATH=os.pathsep.join([str(Path(sys.executable).parent), told.get("PATH", os.defpath)]),
    )


def _port(told: dict[str, str], name: str, default: int) -> int:
    text = told.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise RunError(f"{name} is {text!r}: wants a number from 1 to 65535")
    return int(text)


def _kept_secret(path: Path) -> str:
    """Made once; sessions and signatures outlive a restart."""
    try:
        if kept := path.read_text().strip():
            return kept
    except FileNotFoundError:
        pass
    write_private(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _reader_url(owner_url: str, password: str) -> str:
    """The reader on the same server: `ensure_reader` makes the role."""
    address = urlsplit(owner_url)
    place = address.netloc.rpartition("@")[2]
    return address._replace(netloc=f"{READER}:{password}@{place}").geturl()
