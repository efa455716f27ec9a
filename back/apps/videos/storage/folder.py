"""Files in the data directory, readable by this service's user alone."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from apps.videos.storage.errors import folder_faults


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, key: str) -> Path:
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise ValueError(f"a key that leads out of the folder: {key!r}")
        return path

    def sink(self, key: str, *, at: int = 0, remote: dict[str, Any] | None = None) -> "FolderSink":
        return FolderSink(self.path(key), at=at)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with folder_faults():
            file = self.path(key).open("rb")
        with file:
            yield file

    def size(self, key: str) -> int:
        with folder_faults():
            return self.path(key).stat().st_size

    def keep(self, key: str, path: Path, *, content_type: str) -> None:
        target = self.path(key)
        with folder_faults():
            make_folder(target.parent)
            part = _part(target)
            shutil.move(path, part)  # perhaps from another disk
            part.chmod(0o600)
            part.replace(target)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            path = self.path(key)
            with folder_faults():
                path.unlink(missing_ok=True)
                _part(path).unlink(missing_ok=True)

    def discard(self, key: str) -> None:
        self.delete([key])

    def delete_under(self, prefix: str) -> int:
        folder = self.path(prefix)
        count = sum(1 for path in folder.rglob("*") if path.is_file())
        with folder_faults():
            try:
                shutil.rmtree(folder)
            except FileNotFoundError:
                return 0
        return count

    def address(self, key: str, *, content_type: str, disposition: str) -> None:
        return None


def make_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


class FolderSink:
    remote: dict[str, Any] = {}

    def __init__(self, path: Path, *, at: int) -> None:
        self._path, self._part, self._size = path, _part(path), at
        with folder_faults():
            make_folder(path.parent)
            self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if os.fstat(self._file).st_size < at:
                raise OSError(f"{self._part} is shorter than the {at} bytes that were safe")
            # What a crash left behind the last known byte does not count.
            os.ftruncate(self._file, at)
            os.lseek(self._file, at, os.SEEK_SET)

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        with folder_faults():
            while rest:
                rest = rest[os.write(self._file, rest) :]
        self._size += len(data)

    def flush(self, *, last: bool) -> int:
        with folder_faults():
            os.fsync(self._file)
        return self._size

    def finish(self) -> None:
        self.flush(last=True)
        self.close()
        with folder_faults():
            self._part.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def discard(self) -> None:
        self.close()
        with folder_faults():
            self._part.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
