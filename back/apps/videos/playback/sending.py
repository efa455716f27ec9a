"""Bytes out, whole or a range, with what players and caches need to know; or a short-lived address."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from unicodedata import category

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from apps.videos.playback.ranges import ByteRange, Unsatisfiable, same_as_before, wanted_range
from apps.videos.storage import files

CHUNK = 256 * 1024
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}  # controls, marks of direction, ends of lines


@dataclass(frozen=True, slots=True)
class Sendable:
    key: str
    content_type: str
    etag: str
    modified: datetime
    filename: str


class AnyAccept(BaseContentNegotiation):
    """A player asks for video/*, an <img> for image/*: they get what there is, and errors as JSON."""

    def select_parser(self, request, parsers):
        return None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


def send(request: Request, sendable: Sendable) -> HttpResponseBase:
    place = files()
    download = request.query_params.get("download") in {"1", "true"}
    disposition = disposition_of(sendable.filename, download=download)
    address = place.address(sendable.key, content_type=sendable.content_type, disposition=disposition)
    if address is not None:
        return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})
    opened = place.open(sendable.key)
    try:
        file = opened.__enter__()
    except FileNotFoundError:
        raise exceptions.NotFound("The file is not there any more.") from None
    response = _answer(request, sendable, file, opened)
    if not isinstance(response, StreamingHttpResponse):
        opened.__exit__(None, None, None)
    for name, value in _headers(sendable, disposition).items():
        response[name] = value
    return response


def disposition_of(filename: str, *, download: bool) -> str:
    """Owners call videos what they like: here nothing leads out of a folder, or reads as another name."""
    plain = "".join("_" if c in "/\\" or category(c) in _UNSEEN else c for c in filename)
    return content_disposition_header(download, plain) or "inline"


def _headers(sendable: Sendable, disposition: str) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "ETag": sendable.etag,
        "Last-Modified": http_date(sendable.modified.timestamp()),
        "Content-Disposition": disposition,
        # Ours to give to this caller, not to the next one behind the same proxy.
        "Cache-Control": "private, max-age=0, must-revalidate",
        # Somebody else's file shall not run as a page of ours, whatever it is.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _answer(
    request: Request, sendable: Sendable, file: BinaryIO, opened: AbstractContextManager[BinaryIO]
) -> HttpResponseBase:
    size = file.seek(0, 2)
    modified = int(sendable.modified.timestamp())
    unchanged = get_conditional_response(request._request, sendable.etag, modified)
    if unchanged is not None:
        return unchanged
    asked = request.headers.get("Range", "")
    part = None
    if asked and same_as_before(
        request.headers.get("If-Range", ""), etag=sendable.etag, modified=sendable.modified
    ):
        try:
            part = wanted_range(asked, size=size)
        except Unsatisfiable:
            return _unsatisfiable(size)
    span = part or ByteRange(0, size - 1)
    headers = {"Content-Length": str(span.length), "Content-Type": sendable.content_type}
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_Span(file, span, opened), status=status, headers=headers)


def _unsatisfiable(size: int) -> Response:
    problem = {"code": "range_not_satisfiable", "detail": f"The file has {size} bytes.", "attr": None}
    body = {"type": "client_error", "errors": [problem]}
    return Response(body, status=416, headers={"Content-Range": f"bytes */{size}"})


class _Span:
    """Closes the file also if nobody came to read it."""

    def __init__(self, file: BinaryIO, span: ByteRange, opened: AbstractContextManager[BinaryIO]) -> None:
        self._file, self._span, self._opened = file, span, opened

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.first)
        left = self._span.length
        while left and (chunk := self._file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self._opened.__exit__(None, None, None)
