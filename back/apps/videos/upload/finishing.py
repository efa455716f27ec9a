"""An upload of which every byte is there, to its end; again after a crash, by whoever finds it first."""

import logging

from django.db.models import F, Q
from django.db.models.functions import Now
from rest_framework import exceptions

from apps.db.models import Upload, Video
from apps.http.errors import Conflict, InvalidInput
from apps.videos.storage import files
from apps.videos.upload.accepting import accept, drop
from apps.videos.upload.fields import UploadForm
from apps.videos.upload.leases import Locked, leased

logger = logging.getLogger(__name__)


def finish(upload: Upload) -> Video:
    """Under the upload's lease. Raises InvalidInput or Conflict when it is refused."""
    if upload.kind == Upload.Kind.TUS:
        _seal(upload)
    stated = dict(upload.fields)
    filename = stated.pop("filename", "")
    return accept(upload, fields=UploadForm.model_validate(stated), filename=filename)


def _seal(upload: Upload) -> None:
    """Puts the file under its key, unless an attempt before this one came as far as that."""
    try:
        if files().size(upload.key) == upload.length:
            return
    except FileNotFoundError:
        pass
    files().sink(upload.key, at=upload.received, remote=upload.remote).finish()


def finish_what_was_left() -> int:
    """Uploads that were complete when their process died."""
    left = Upload.objects.filter(
        Q(lease=None) | Q(lease_until__lt=Now()),
        kind__in=[Upload.Kind.TUS, Upload.Kind.PARTS],
        state=Upload.State.CHECKING,
        received=F("length"),
    )
    finished = 0
    for upload in left[:20]:
        try:
            with leased(upload):
                if upload.state == Upload.State.CHECKING:
                    finish(upload)
                    finished += 1
        except (InvalidInput, Conflict, Locked):
            continue
        except exceptions.APIException:
            logger.warning("upload %s: could not be finished; later", upload.pk, exc_info=True)
    return finished


def drop_expired_uploads() -> int:
    dropped = 0
    free = Q(lease=None) | Q(lease_until__lt=Now())
    for upload in Upload.objects.filter(free, expires_at__lt=Now()).order_by("expires_at")[:200]:
        if upload.state == Upload.State.ACCEPTED:
            upload.delete()  # the bytes are the video's now
        else:
            drop(upload)
        dropped += 1
    return dropped
