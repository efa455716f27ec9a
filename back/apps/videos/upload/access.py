"""The upload of an address, if it is the caller's own; somebody else's is as if it were not there."""

from typing import Any

from rest_framework import exceptions
from rest_framework.request import Request

from apps.db.models import Upload
from apps.http.auth import actor_of


def own_upload(request: Request, upload_id: Any, *, kind: str | None = None) -> Upload:
    uploads = Upload.objects.filter(pk=upload_id, owner_id=actor_of(request).user_id)
    upload = (uploads.filter(kind=kind) if kind else uploads).first()
    if upload is None:
        raise exceptions.NotFound("There is no such upload.")
    return upload
