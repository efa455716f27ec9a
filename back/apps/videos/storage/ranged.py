"""An object of the bucket as a seekable file that fetches what is read, and a little ahead."""

import io
from typing import Any

from apps.videos.storage.errors import bucket_faults

_FIRST = 256 * 1024
_MOST = 8 * 1024 * 1024


class RangedObject(io.RawIOBase):
    def __init__(self, client: Any, bucket: str, key: str, *, size: int) -> None:
        self._client, self._bucket, self._key, self._size = client, bucket, key, size
        self._position = 0
        self._block, self._block_start, self._ahead = b"", 0, _FIRST

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), max(0, self._size - self._position))
        if not wanted:
            return 0
        inside = self._position - self._block_start
        if not 0 <= inside < len(self._block):
            self._fetch(wanted)
            inside = 0
        data = self._block[inside : inside + wanted]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _fetch(self, wanted: int) -> None:
        # Whoever reads straight on gets more at a time; a jump starts small again.
        straight_on = self._position == self._block_start + len(self._block)
        self._ahead = min(self._ahead * 2, _MOST) if straight_on else _FIRST
        end = min(self._size, self._position + max(wanted, self._ahead))
        with bucket_faults():
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._key, Range=f"bytes={self._position}-{end - 1}"
            )
            self._block, self._block_start = answer["Body"].read(), self._position
