"""Where the bytes of videos stay: the data directory, or a bucket. Keys are random and say nothing."""

import secrets
from functools import cache

from django.conf import settings

from apps.videos.storage.bucket import Bucket
from apps.videos.storage.errors import StorageDown, StorageFull
from apps.videos.storage.folder import Folder
from apps.videos.storage.place import Place, Sink

__all__ = ["Place", "Sink", "StorageDown", "StorageFull", "derived_prefix", "files", "new_key"]


@cache
def _bucket(name: str, region: str, part_bytes: int) -> Bucket:
    return Bucket(name, region=region, part_bytes=part_bytes)


def files() -> Place:
    if settings.AWS_STORAGE_BUCKET_NAME:
        return _bucket(
            settings.AWS_STORAGE_BUCKET_NAME, settings.AWS_STORAGE_REGION, settings.UPLOAD_PART_BYTES
        )
    return Folder(settings.MEDIA_ROOT)


def new_key() -> str:
    name = secrets.token_hex(16)
    return f"videos/{name[:2]}/{name}"


def derived_prefix(key: str) -> str:
    """Thumbnails, clips and the playable copy of a video's file: gone when it goes."""
    return f"derived/{key.removeprefix('videos/')}/"
