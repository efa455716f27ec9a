"""Uploads straight to the bucket, by addresses that this service signs.

What the browser then says about them is not trusted: S3 itself is asked which parts it has, and the finished
object is measured, looked at and hashed here before it becomes a video.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import ConfigDict, Field, StringConstraints
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.db.models import Upload
from apps.http.auth import actor_of
from apps.http.body import Body, Query, Text, read_body, read_query
from apps.http.errors import Conflict, InvalidInput, Problem, TooLarge
from apps.http.schema import query_parameters
from apps.videos.catalog.fields import VideoOut, video_out
from apps.videos.storage import files, new_key
from apps.videos.storage.bucket import MOST_PARTS, Bucket
from apps.videos.upload.accepting import drop, refuse
from apps.videos.upload.access import own_upload
from apps.videos.upload.fields import UploadFields
from apps.videos.upload.finishing import finish
from apps.videos.upload.leases import leased

SIGNED_SECONDS = 3600


class PartsIn(UploadFields):
    model_config = ConfigDict(
        json_schema_extra={"example": {"filename": "cam01.mp4", "size": 734003200, "name": "매장 CCTV"}}
    )

    filename: Annotated[Text, StringConstraints(max_length=255)] = ""
    size: Annotated[int, Field(ge=1, description="Bytes.")]


class PartsOut(Body):
    id: str
    part_size: int = Field(description="Bytes of each part; the last one has the rest.")
    part_count: int
    expires_at: datetime


class PartList(Query):
    first: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class PartAddress(Body):
    number: int
    size: int
    url: str = Field(description="PUT exactly these bytes of the file here, without any other header.")


class PartAddresses(Body):
    parts: list[PartAddress]
    stored: list[int] = Field(description="The numbers of the parts that the bucket has already.")
    expires_in: int = Field(description="Seconds for which the addresses are good.")


class NoBucket(exceptions.APIException):
    status_code = 409
    default_code = "no_bucket"
    default_detail = "Files are not kept in a bucket here: send the file itself, or use tus."


def _bucket() -> Bucket:
    place = files()
    if not isinstance(place, Bucket):
        raise NoBucket
    return place


class _PartsView(APIView):
    extra_error_codes: tuple[str, ...] = ("409",)


class PartsUploadsView(_PartsView):
    @extend_schema(
        operation_id="uploads_parts_create",
        tags=["uploads"],
        summary="Begin an upload straight to the bucket",
        request=PartsIn,
        responses={201: PartsOut},
    )
    def post(self, request: Request) -> Response:
        bucket = _bucket()
        fields = read_body(request, PartsIn)
        if fields.size > settings.UPLOAD_MAX_BYTES:
            raise TooLarge
        part_size = _part_size(fields.size, bucket.part_bytes)
        key = new_key()
        # The row first: were this process to end here, the upload would be found by its key and given up.
        upload = Upload.objects.create(
            owner_id=actor_of(request).user_id,
            kind=Upload.Kind.PARTS,
            key=key,
            length=fields.size,
            fields=fields.model_dump(mode="json", exclude_unset=True, exclude={"size"}),
            remote={"part_size": part_size},
            expires_at=timezone.now() + timedelta(hours=settings.UPLOAD_EXPIRES_HOURS),
        )
        upload.remote["upload_id"] = bucket.begin(key)
        upload.save(update_fields=["remote"])
        body = {
            "id": str(upload.pk),
            "part_size": part_size,
            "part_count": ceil(fields.size / part_size),
            "expires_at": upload.expires_at,
        }
        return Response(body, status=201, headers={"Location": f"/api/uploads/parts/{upload.pk}/"})


def _part_size(size: int, least: int) -> int:
    mebibyte = 1024 * 1024
    return max(least, ceil(size / MOST_PARTS / mebibyte) * mebibyte)


class PartsUploadView(_PartsView):
    @extend_schema(
        operation_id="uploads_parts_read",
        tags=["uploads"],
        summary="Addresses to send the parts to",
        description="Again after an interruption: `stored` says which parts need not be sent any more.",
        parameters=query_parameters(PartList),
        responses=PartAddresses,
    )
    def get(self, request: Request, upload_id: UUID) -> Response:
        bucket = _bucket()
        upload = own_upload(request, upload_id, kind=Upload.Kind.PARTS)
        query = read_query(request, PartList)
        _still_receiving(upload)
        assert upload.length is not None
        part_size = upload.remote["part_size"]
        last = ceil(upload.length / part_size)
        parts = []
        for number in range(query.first, min(last, query.first + query.limit - 1) + 1):
            size = min(part_size, upload.length - (number - 1) * part_size)
            url = bucket.part_address(
                upload.key, upload.remote["upload_id"], number, length=size, seconds=SIGNED_SECONDS
            )
            parts.append({"number": number, "size": size, "url": url})
        stored = [part["number"] for part in _stored(bucket, upload)]
        return Response({"parts": parts, "stored": stored, "expires_in": SIGNED_SECONDS})

    @extend_schema(
        operation_id="uploads_parts_end",
        tags=["uploads"],
        summary="Give an upload up; nothing of it is kept",
        responses={204: None},
    )
    def delete(self, request: Request, upload_id: UUID) -> Response:
        upload = own_upload(request, upload_id, kind=Upload.Kind.PARTS)
        with leased(upload):
            drop(upload)
        return Response(status=204)


class PartsCompleteView(_PartsView):
    extra_error_codes = ("409", "423")

    @extend_schema(
        operation_id="uploads_parts_complete",
        tags=["uploads"],
        summary="All parts are sent: check the file and make it a video",
        request=None,
        responses={201: VideoOut},
    )
    def post(self, request: Request, upload_id: UUID) -> Response:
        bucket = _bucket()
        upload = own_upload(request, upload_id, kind=Upload.Kind.PARTS)
        with leased(upload):
            if upload.state == Upload.State.RECEIVING:
                _put_together(bucket, upload)
            video = upload.video if upload.state == Upload.State.ACCEPTED else None
            if video is None:
                if upload.state != Upload.State.CHECKING:
                    raise Conflict("This upload is over.", code="over")
                video = finish(upload)
        return Response(video_out(video), status=201, headers={"Location": f"/api/videos/{video.pk}/"})


def _put_together(bucket: Bucket, upload: Upload) -> None:
    try:
        parts = _stored(bucket, upload)
    except Conflict:
        if not _is_there(bucket, upload):
            raise
        _checking(upload)
        return
    got = sum(part["size"] for part in parts)
    expected = list(range(1, ceil((upload.length or 0) / upload.remote["part_size"]) + 1))
    missing = sorted(set(expected) - {part["number"] for part in parts})
    if missing:
        shown = ", ".join(map(str, missing[:20])) + (" …" if len(missing) > 20 else "")
        raise InvalidInput([Problem("incomplete", f"These parts are missing: {shown}.", "parts")])
    if got != upload.length or len(parts) != len(expected):
        error = InvalidInput(
            [Problem("wrong_size", f"{got} bytes arrived, {upload.length} were announced.", "size")]
        )
        refuse(upload, error)
        raise error
    bucket.complete(upload.key, upload.remote["upload_id"], parts)
    _checking(upload)


def _checking(upload: Upload) -> None:
    assert upload.length is not None
    upload.state, upload.received = Upload.State.CHECKING, upload.length
    upload.save(update_fields=["state", "received"])


def _is_there(bucket: Bucket, upload: Upload) -> bool:
    """It was put together by a request that ended before it could note so."""
    try:
        return bucket.size(upload.key) == upload.length
    except FileNotFoundError:
        return False


def _stored(bucket: Bucket, upload: Upload) -> list[dict[str, Any]]:
    try:
        return bucket.parts(upload.key, upload.remote["upload_id"])
    except (FileNotFoundError, KeyError):
        raise Conflict("The bucket knows this upload no more: begin a new one.", code="over") from None


def _still_receiving(upload: Upload) -> None:
    if upload.state != Upload.State.RECEIVING or upload.expires_at < timezone.now():
        raise Conflict("This upload is over.", code="over")
