"""A video that is written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import av
from av.container import OutputContainer


@contextmanager
def new_video(target: Path, *, container: str, options: dict[str, str]) -> Iterator[OutputContainer]:
    """Under another name until it is finished: `target` appears complete, or, if anything fails, does not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with av.open(str(unfinished), "w", format=container, options=options) as output:
            yield output
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
