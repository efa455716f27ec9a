"""The raw bytes of an upload of events, whole or not at all."""

from collections.abc import Iterator

from django.conf import settings
from django.http import UnreadablePostError
from rest_framework import exceptions
from rest_framework.request import Request

from apps.db.shared.release import release_connection
from apps.http.errors import TooLarge

CHUNK = 64 * 1024
_BROKEN = "The connection ended before all events were there; nothing was stored."


def body_chunks(request: Request) -> Iterator[bytes]:
    """What the client sends, sized or in chunks. A body that ends early is an error, never a shorter file."""
    meta = request.META
    chunked = "chunked" in meta.get("HTTP_TRANSFER_ENCODING", "").lower()
    stream = meta["wsgi.input"] if chunked else request._request
    expected = None if chunked else int(meta.get("CONTENT_LENGTH") or 0)
    if expected is not None and expected > settings.INGEST_MAX_BYTES:
        raise TooLarge
    got = 0
    release_connection()  # the body comes as fast as its sender likes
    while True:
        try:
            chunk = stream.read(CHUNK)
        except (OSError, UnreadablePostError):  # gunicorn's chunked reader raises OSErrors of its own
            raise exceptions.ParseError(_BROKEN) from None
        if not chunk:
            break
        got += len(chunk)
        if got > settings.INGEST_MAX_BYTES:
            raise TooLarge
        yield chunk
    if expected is not None and got < expected:
        raise exceptions.ParseError(_BROKEN)
