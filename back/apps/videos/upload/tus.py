"""Resumable uploads by the tus protocol 1.0: creation, termination, expiration, checksum.

The offset is in the database and moves only over bytes that are safe on the storage, so an upload goes on
after whatever broke: the connection, this process, the machine.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import UnreadablePostError
from django.utils import timezone
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import Upload
from apps.db.shared.release import release_connection
from apps.http.auth import actor_of
from apps.http.errors import Conflict, InvalidInput, Problem, TooLarge
from apps.videos.storage import files, new_key
from apps.videos.upload.accepting import drop
from apps.videos.upload.access import own_upload
from apps.videos.upload.fields import from_text
from apps.videos.upload.finishing import finish
from apps.videos.upload.leases import Lease, leased

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"
ALGORITHMS = ("sha256", "sha1", "sha512")
CHUNK = 1024 * 1024
BODY_TYPE = "application/offset+octet-stream"


class WrongVersion(exceptions.APIException):
    status_code = 412
    default_code = "wrong_tus_version"
    default_detail = f"Send Tus-Resumable: {VERSION}."


class ChecksumMismatch(exceptions.APIException):
    status_code = 460
    default_code = "checksum_mismatch"
    default_detail = "The bytes that arrived are not those of Upload-Checksum; they were thrown away."


class Gone(exceptions.APIException):
    status_code = 410
    default_code = "gone"
    default_detail = "This upload is over."


class _TusView(APIView):
    extra_error_codes = ("409", "410", "412", "423")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise WrongVersion

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        if response.status_code == 412:
            response["Tus-Version"] = VERSION
        return response


_VERSION_HEADER = OpenApiParameter(
    "Tus-Resumable", str, OpenApiParameter.HEADER, required=True, enum=[VERSION]
)


class TusUploadsView(_TusView):
    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Response(status=204, headers=headers)

    @extend_schema(
        operation_id="uploads_tus_create",
        tags=["uploads"],
        summary="Begin a resumable upload (tus 1.0)",
        description=(
            "Any tus client does this and what follows. `Upload-Metadata` may have `filename` and the fields "
            "of an uploaded video: name, camera, site, recorded_at, timezone, analyze, detectors, "
            "allow_duplicate, sha256."
        ),
        parameters=[
            _VERSION_HEADER,
            OpenApiParameter("Upload-Length", int, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Upload-Metadata", str, OpenApiParameter.HEADER),
        ],
        request=None,
        responses={201: None},
    )
    def post(self, request: Request) -> Response:
        length = _number(request, "Upload-Length")
        if length > settings.UPLOAD_MAX_BYTES:
            raise TooLarge
        if length == 0:
            raise InvalidInput([Problem("empty", "The file is empty.", "Upload-Length")])
        fields = _metadata(request.headers.get("Upload-Metadata", ""))
        checked = from_text(
            {name: text for name, text in fields.items() if name != "filename"}, prefix="Upload-Metadata."
        )
        upload = Upload.objects.create(
            owner_id=actor_of(request).user_id,
            kind=Upload.Kind.TUS,
            key=new_key(),
            length=length,
            fields=checked.model_dump(mode="json", exclude_unset=True)
            | {"filename": fields.get("filename", "")[:255]},
            expires_at=timezone.now() + timedelta(hours=settings.UPLOAD_EXPIRES_HOURS),
        )
        headers = {
            "Location": request.build_absolute_uri(f"/api/uploads/tus/{upload.pk}/"),
            "Upload-Expires": http_date(upload.expires_at.timestamp()),
        }
        return Response(status=201, headers=headers)


class TusUploadView(_TusView):
    def head(self, request: Request, upload_id: Any) -> Response:
        upload = own_upload(request, upload_id, kind=Upload.Kind.TUS)
        if upload.state == Upload.State.REFUSED:
            raise Gone
        headers = _progress(upload) | {"Upload-Length": str(upload.length), "Cache-Control": "no-store"}
        return Response(status=200, headers=headers)

    @extend_schema(
        operation_id="uploads_tus_append",
        tags=["uploads"],
        summary="Send the bytes from Upload-Offset on (tus 1.0)",
        description=(
            "After the last byte the file is checked: 204 with `Upload-Video` (the new video's id), or an "
            "error with the reason. `GET /api/uploads/{upload_id}/` tells it again."
        ),
        parameters=[
            _VERSION_HEADER,
            OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Upload-Checksum", str, OpenApiParameter.HEADER),
        ],
        request={BODY_TYPE: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, upload_id: Any) -> Response:
        if (request.content_type or "").partition(";")[0].strip().lower() != BODY_TYPE:
            raise exceptions.UnsupportedMediaType(request.content_type)
        upload = own_upload(request, upload_id, kind=Upload.Kind.TUS)
        offset = _number(request, "Upload-Offset")
        checksum = _checksum(request.headers.get("Upload-Checksum", ""))
        with leased(upload) as lease:
            if upload.state == Upload.State.REFUSED or upload.expires_at < timezone.now():
                raise Gone
            if offset != upload.received:
                raise Conflict(f"This upload is at {upload.received}, not at {offset}.", code="wrong_offset")
            if upload.state == Upload.State.RECEIVING:
                _append(request, upload, lease, checksum)
            if upload.state == Upload.State.CHECKING:
                finish(upload)
        return Response(status=204, headers=_progress(upload))

    @extend_schema(
        operation_id="uploads_tus_end",
        tags=["uploads"],
        summary="Give an upload up; nothing of it is kept (tus 1.0)",
        parameters=[_VERSION_HEADER],
        responses={204: None},
    )
    def delete(self, request: Request, upload_id: Any) -> Response:
        upload = own_upload(request, upload_id, kind=Upload.Kind.TUS)
        with leased(upload):
            if upload.state == Upload.State.ACCEPTED:
                upload.delete()
            else:
                drop(upload)
        return Response(status=204)

    @extend_schema(exclude=True)
    def post(self, request: Request, upload_id: Any) -> Response:
        """For networks that let no PATCH through."""
        match request.headers.get("X-HTTP-Method-Override", "").upper():
            case "PATCH":
                return self.patch(request, upload_id)
            case "DELETE":
                return self.delete(request, upload_id)
        raise exceptions.MethodNotAllowed("POST")


def _append(request: Request, upload: Upload, lease: Lease, checksum: tuple[Any, bytes] | None) -> None:
    assert upload.length is not None
    sink = files().sink(upload.key, at=upload.received, remote=upload.remote)
    try:
        got = upload.received
        for chunk in _chunks(request, most=upload.length - upload.received):
            if lease.due:
                # With a checksum nothing counts before all of it is there.
                lease.renew(**({} if checksum else _noted(sink.flush(last=False), sink.remote)))
                release_connection()
            sink.write(chunk)
            got += len(chunk)
            if checksum:
                checksum[0].update(chunk)
        if checksum and not hmac.compare_digest(checksum[0].digest(), checksum[1]):
            raise ChecksumMismatch
        if checksum and got - upload.received < int(request.META.get("CONTENT_LENGTH") or 0):
            raise exceptions.ParseError("The connection ended too early; these bytes were thrown away.")
        upload.received = sink.flush(last=True)
        upload.remote = sink.remote
        if upload.received == upload.length:
            # From here on it is found and finished, whatever happens to this process.
            upload.state = Upload.State.CHECKING
        lease.renew(**_noted(upload.received, upload.remote), state=upload.state)
    finally:
        sink.close()


def _noted(received: int, remote: dict[str, Any]) -> dict[str, Any]:
    return {"received": received, "remote": remote}


def _chunks(request: Request, *, most: int) -> Iterator[bytes]:
    """What arrives, for as long as it does: a connection that breaks has still brought what it brought."""
    meta = request.META
    chunked = "chunked" in meta.get("HTTP_TRANSFER_ENCODING", "").lower()
    stream = meta["wsgi.input"] if chunked else request._request
    if not chunked and int(meta.get("CONTENT_LENGTH") or 0) > most:
        raise TooLarge("These are more bytes than the upload has left.")
    release_connection()
    while True:
        try:
            chunk = stream.read(min(CHUNK, most + 1))
        except (OSError, UnreadablePostError):
            return
        if not chunk:
            return
        if len(chunk) > most:
            raise TooLarge("These are more bytes than the upload has left.")
        most -= len(chunk)
        yield chunk


def _progress(upload: Upload) -> dict[str, str]:
    headers = {
        "Upload-Offset": str(upload.received),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
    }
    if upload.video_id is not None:
        headers["Upload-Video"] = str(upload.video_id)
    return headers


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidInput([Problem("invalid", f"The header {header} wants a number of bytes.", header)])
    return int(text)


def _wrong_metadata(name: str, detail: str) -> InvalidInput:
    return InvalidInput([Problem("invalid", detail, f"Upload-Metadata.{name[:50]}")])


def _metadata(header: str) -> dict[str, str]:
    read: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise _wrong_metadata(name, "Wants UTF-8 text in base64.") from None
        if "\0" in text:
            raise _wrong_metadata(name, "The character U+0000 cannot be stored.")
        read[name] = text
    # Clients send these by themselves; what the file is, we find out.
    for name in ("filetype", "type", "relativePath"):
        read.pop(name, None)
    return read


def _checksum(header: str) -> tuple[Any, bytes] | None:
    if not header:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        if algorithm not in ALGORITHMS:
            raise ValueError
        return hashlib.new(algorithm), base64.b64decode(value, validate=True)
    except ValueError:
        raise InvalidInput(
            [
                Problem(
                    "invalid",
                    f"Wants one of {', '.join(ALGORITHMS)} and a digest in base64.",
                    "Upload-Checksum",
                )
            ]
        ) from None
