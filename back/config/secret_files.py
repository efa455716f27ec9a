"""Secrets from files: `SECRET_KEY_FILE=/run/secrets/secret_key` is `SECRET_KEY` with what the file holds.

Docker, Compose and Kubernetes hand out secrets as files, which `docker inspect` does not show.
"""

from collections.abc import MutableMapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = (
    "SECRET_KEY",
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "READER_DATABASE_URL",
    "CACHE_URL",
    "LLM_API_KEY",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_BEARER_TOKEN_BEDROCK",
)
MOST_BYTES = 65_536


def read_secret_files(environ: MutableMapping[str, str]) -> None:
    for name in SECRETS:
        path = environ.pop(f"{name}_FILE", "")
        if not path:
            continue
        if environ.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: give one of them")
        environ[name] = _read(name, Path(path))


def _read(name: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1).decode()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is no text") from None
    if not text.strip() or len(text) > MOST_BYTES:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is empty or too large")
    return text.strip()
