"""What can go wrong with a place for files; storage libraries' own errors end here."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from rest_framework import exceptions

logger = logging.getLogger(__name__)


class StorageFull(exceptions.APIException):
    status_code = 507
    default_code = "storage_full"
    default_detail = "There is no room left to store this. Nothing was kept."


class StorageDown(exceptions.APIException):
    status_code = 503
    default_code = "storage_unavailable"
    default_detail = "The file storage cannot be reached just now. Try again in a moment."


@contextmanager
def folder_faults() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        logger.error("the folder for files failed: %s", error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull from error
        raise StorageDown from error


@contextmanager
def bucket_faults() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}:
            raise FileNotFoundError(str(error)) from error
        logger.error("the bucket refused: %s", error)
        raise StorageDown from error
    except BotoCoreError as error:
        logger.error("the bucket failed: %s", error)
        raise StorageDown from error
