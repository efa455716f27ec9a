"""A multipart/form-data request whose file goes straight to the place where it will stay.

Django's own handlers would write it to a temporary file first and copy it from there.
"""

import hashlib
import queue
import threading
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from rest_framework import exceptions
from rest_framework.request import Request

from apps.db.shared.release import release_connection
from apps.http.errors import InvalidInput, LengthRequired, Problem, TooLarge
from apps.videos.storage import Sink, files

CHUNK = 1024 * 1024
# What a form has beside its file: the other fields, boundaries, headers.
FORM_BYTES = 1024 * 1024
BROKEN = "The connection ended before the whole file was there; nothing was kept."


class Hasher:
    """Computes a digest beside the writing: it needs as long as the disk, and leaves Python's lock alone."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._chunks: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (chunk := self._chunks.get()) is not None:
            self._digest.update(chunk)

    def update(self, chunk: bytes) -> None:
        self._chunks.put(chunk)

    def finish(self) -> str:
        self._chunks.put(None)
        self._thread.join()
        return self._digest.hexdigest()


class FileToPlace(FileUploadHandler):
    """Takes the one file named `file`; whatever else goes wrong, `discard` leaves nothing."""

    chunk_size = CHUNK

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._sink: Sink | None = None
        self._hasher: Hasher | None = None
        self.size = 0
        self.filename = ""
        self.sha256 = ""

    def new_file(self, field_name: Any, file_name: Any, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if field_name != "file":
            raise InvalidInput([Problem("unknown_field", "There is no such file field.", field_name[:100])])
        if self._sink is not None:
            raise InvalidInput([Problem("repeated", "One file can be sent at a time.", "file")])
        self.filename = file_name
        self._sink, self._hasher = files().sink(self._key), Hasher()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._sink is not None
        assert self._hasher is not None
        self.size += len(raw_data)
        if self.size > settings.UPLOAD_MAX_BYTES:
            raise TooLarge
        self._sink.write(raw_data)
        self._hasher.update(raw_data)

    def file_complete(self, file_size: int) -> None:
        if self._hasher is not None:
            self.sha256 = self._hasher.finish()
            self._hasher = None

    def finish(self) -> None:
        assert self._sink is not None
        self._sink.finish()

    def discard(self) -> None:
        if self._hasher is not None:
            self._hasher.finish()
            self._hasher = None
        if self._sink is not None:
            self._sink.discard()


class _Counted:
    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data


def receive_form(request: Request, handler: FileToPlace) -> dict[str, str]:
    """→ the text fields; the file is with the handler. A form that ends early is never a shorter file."""
    meta = request.META
    announced = announced_length(request)
    if announced > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
        raise TooLarge
    stream: Any = _Counted(request._request)
    release_connection()
    try:
        text, _ = MultiPartParser(meta, stream, [handler], "utf-8").parse()
    except MultiPartParserError as error:
        raise exceptions.ParseError(f"The form cannot be read: {error}.") from None
    except OSError as error:  # gunicorn's readers have errors of their own, all of them OSErrors
        raise exceptions.ParseError(BROKEN) from error
    if stream.count < announced:
        raise exceptions.ParseError(BROKEN)
    problems = [
        Problem("repeated", "This field may be given once.", name)
        for name, values in text.lists()
        if len(values) > 1
    ]
    if problems:
        raise InvalidInput(problems)
    return {name: str(value) for name, value in text.items()}


def announced_length(request: Request) -> int:
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        raise LengthRequired
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise LengthRequired from None
