"""What a place for files can do. Two of them: folder.py and bucket.py."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, Protocol


class Sink(Protocol):
    """A file while it grows; it is not there under its key before `finish`."""

    # What is needed to go on in another process, beside the number of stored bytes.
    remote: dict[str, Any]

    def write(self, data: bytes) -> None: ...

    def flush(self, *, last: bool) -> int:
        """→ how many bytes are now safe from a crash. With `last`, all of them."""
        ...

    def finish(self) -> None: ...

    def discard(self) -> None: ...

    def close(self) -> None:
        """Without finishing: it can be opened again."""
        ...


class Place(Protocol):
    def sink(self, key: str, *, at: int = 0, remote: dict[str, Any] | None = None) -> Sink: ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Seekable. Raises FileNotFoundError."""
        ...

    def size(self, key: str) -> int:
        """Raises FileNotFoundError."""
        ...

    def keep(self, key: str, path: Path, *, content_type: str) -> None:
        """Moves a finished local file here."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """What is not there is no error."""
        ...

    def discard(self, key: str) -> None:
        """Everything that an upload to this key may have left, finished or not."""
        ...

    def delete_under(self, prefix: str) -> int: ...

    def address(self, key: str, *, content_type: str, disposition: str) -> str | None:
        """Where a browser may fetch it for a while by itself; None if this process has to send it."""
        ...
