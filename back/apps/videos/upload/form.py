"""POST /api/videos/ with a file."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request

from apps.db.models import Upload, Video
from apps.http.auth import actor_of
from apps.http.errors import InvalidInput, Problem
from apps.videos.storage import new_key
from apps.videos.upload.accepting import accept, drop
from apps.videos.upload.fields import from_text
from apps.videos.upload.receiving import FileToPlace, receive_form


def is_form(request: Request) -> bool:
    return (request.content_type or "").partition(";")[0].strip().lower() == "multipart/form-data"


def upload_form(request: Request) -> Video:
    upload = Upload.objects.create(
        owner_id=actor_of(request).user_id,
        kind=Upload.Kind.FORM,
        key=new_key(),
        expires_at=timezone.now() + timedelta(hours=settings.UPLOAD_EXPIRES_HOURS),
    )
    handler = FileToPlace(upload.key)
    try:
        fields = from_text(receive_form(request, handler))
        if not handler.filename:
            raise InvalidInput([Problem("required", "Send the video as a file in this field.", "file")])
        handler.finish()
    except BaseException:
        handler.discard()
        drop(upload)
        raise
    try:
        return accept(upload, fields=fields, filename=handler.filename, sha256=handler.sha256)
    except BaseException:
        if Upload.objects.filter(pk=upload.pk).exists():
            drop(upload)
        raise
