"""One writer to an upload at a time, on however many machines, and no lock that outlives its holder.

A writer renews its lease while bytes arrive. If it hangs on a dead connection the lease runs out and the
uploader, who is back on another one, gets it; the first writer finds it gone before it writes again.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from rest_framework import exceptions

from apps.db.models import Upload

LEASE = timedelta(seconds=15)
RENEW_SECONDS = 4.0


class Locked(exceptions.APIException):
    status_code = 423
    default_code = "locked"
    default_detail = "Another request is writing to this upload. Try again in a moment."


class Lease:
    def __init__(self, upload: Upload) -> None:
        self._upload, self._token, self._renewed = upload, uuid.uuid4(), time.monotonic()

    def take(self) -> None:
        free = Q(lease=None) | Q(lease_until__lt=Now())
        taken = Upload.objects.filter(free, pk=self._upload.pk).update(
            lease=self._token, lease_until=Now() + LEASE
        )
        if not taken:
            raise Locked
        # Somebody may have written between our look at the row and the lease.
        self._upload.refresh_from_db()

    @property
    def due(self) -> bool:
        return time.monotonic() - self._renewed > RENEW_SECONDS

    def renew(self, **changed: Any) -> None:
        """And notes how far the upload has come. Raises Locked if the lease went to somebody else."""
        mine = Upload.objects.filter(pk=self._upload.pk, lease=self._token)
        if not mine.update(lease_until=Now() + LEASE, **changed):
            raise Locked
        self._renewed = time.monotonic()

    def give_back(self) -> None:
        Upload.objects.filter(pk=self._upload.pk, lease=self._token).update(lease=None, lease_until=None)


@contextmanager
def leased(upload: Upload) -> Iterator[Lease]:
    lease = Lease(upload)
    lease.take()
    try:
        yield lease
    finally:
        lease.give_back()
