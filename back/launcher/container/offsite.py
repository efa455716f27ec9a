"""The role `offsite FOLDER s3://BUCKET/PREFIX`: copies finished back-ups to S3, and goes on doing so.

A file is finished when it has its final name: the back-up writes to NAME.part first. What is in the bucket
with the same size is not sent again; nothing is deleted there (a lifecycle rule of the bucket does that).
"""

import logging
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from launcher.container.starting import StartError

logger = logging.getLogger("playhead.offsite")
EVERY_SECONDS = 300.0


def keep_copying(arguments: Sequence[str]) -> None:
    once = "--once" in arguments
    named = [argument for argument in arguments if not argument.startswith("--")]
    if len(named) != 2 or not named[1].startswith("s3://"):
        raise StartError("wants a folder and an address: offsite /backups s3://bucket/prefix")
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    client = boto3.client("s3")
    while not stop.is_set():
        try:
            sent = copy_finished(client, Path(named[0]), named[1])
            logger.info("%d back-up files sent to %s", len(sent), named[1])
        except (BotoCoreError, ClientError, OSError) as error:
            if once:
                raise StartError(f"the back-ups could not be sent: {error}") from None
            logger.error("the back-ups could not be sent, the next try is in 5 minutes: %s", error)
        if once:
            return
        stop.wait(EVERY_SECONDS)


def copy_finished(client: Any, folder: Path, address: str) -> list[str]:
    """→ the keys that were sent"""
    parts = urlsplit(address)
    bucket, prefix = parts.netloc, parts.path.strip("/")
    there = dict(_sizes(client, bucket, prefix))
    sent = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part"):
        key = "/".join(filter(None, (prefix, file.relative_to(folder).as_posix())))
        if there.get(key) != file.stat().st_size:
            client.upload_file(str(file), bucket, key)
            sent.append(key)
    return sent


def _sizes(client: Any, bucket: str, prefix: str) -> Iterator[tuple[str, int]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for entry in page.get("Contents", ()):
            yield entry["Key"], entry["Size"]
