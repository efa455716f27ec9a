"""The role `secrets DIR`: makes the files that docker-compose.prod.yml hands out as secrets."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from launcher.container.starting import StartError

DATABASE_HOST = "postgres:5432/playhead"


def make_secrets(arguments: Sequence[str]) -> None:
    if len(arguments) != 1:
        raise StartError("wants one folder: secrets DIR")
    folder = Path(arguments[0])
    owner, reader, admin = (secrets.token_urlsafe(32) for _ in range(3))
    files = {
        "secret_key": secrets.token_urlsafe(48),
        "postgres_admin_password": admin,
        "postgres_owner_password": owner,
        "database_url": f"postgresql://playhead:{owner}@{DATABASE_HOST}",
        "reader_database_url": f"postgresql://playhead_reader:{reader}@{DATABASE_HOST}",
    }
    present = [name for name in files if (folder / name).exists()]
    if present and len(present) < len(files):
        missing = sorted(set(files) - set(present))
        # A new password beside an old database would fit nowhere.
        raise StartError(
            f"{folder} has {', '.join(present)} but not {', '.join(missing)}: restore them, or empty it"
        )
    if present:
        print(f"{folder} has every secret; nothing is changed")  # noqa: T201
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            # Readable by the containers' users, which Compose mounts them for; the folder keeps others out.
            with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "w") as file:
                file.write(text)
    except OSError as error:
        raise StartError(f"{folder} cannot be written ({error.strerror})") from None
    print(f"made {len(files)} secrets in {folder}; keep a copy in a safe place")  # noqa: T201
