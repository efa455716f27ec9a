"""Files in S3: written in parts, read by ranges, fetched by browsers from signed addresses."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings

from apps.videos.storage.errors import StorageDown, bucket_faults
from apps.videos.storage.ranged import RangedObject

# S3 takes no smaller part, but for the last one.
SMALLEST_PART = 5 * 1024 * 1024
MOST_PARTS = 10_000


class Bucket:
    def __init__(self, name: str, *, region: str, part_bytes: int) -> None:
        self.name, self.part_bytes = name, max(part_bytes, SMALLEST_PART)
        import boto3
        from botocore.config import Config

        self.client = boto3.client(
            "s3",
            region_name=region or None,
            config=Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=60,
                max_pool_connections=64,
                retries={"mode": "standard", "total_max_attempts": 4},
                tcp_keepalive=True,
            ),
        )

    def sink(self, key: str, *, at: int = 0, remote: dict[str, Any] | None = None) -> "BucketSink":
        return BucketSink(self, key, at=at, remote=remote or {})

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with RangedObject(self.client, self.name, key, size=self.size(key)) as file:
            yield cast(BinaryIO, file)

    def size(self, key: str) -> int:
        with bucket_faults():
            return int(self.client.head_object(Bucket=self.name, Key=key)["ContentLength"])

    def keep(self, key: str, path: Path, *, content_type: str) -> None:
        with bucket_faults():
            self.client.upload_file(str(path), self.name, key, ExtraArgs={"ContentType": content_type})
        path.unlink(missing_ok=True)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            with bucket_faults():
                self.client.delete_object(Bucket=self.name, Key=key)

    def delete_under(self, prefix: str) -> int:
        with bucket_faults():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        self.delete(keys)
        return len(keys)

    def address(self, key: str, *, content_type: str, disposition: str) -> str:
        with bucket_faults():
            return self.client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.name,
                    "Key": key,
                    "ResponseContentType": content_type,
                    "ResponseContentDisposition": disposition,
                    "ResponseCacheControl": "private, max-age=3600",
                },
                ExpiresIn=settings.PLAYBACK_URL_SECONDS,
            )

    def discard(self, key: str) -> None:
        with bucket_faults():
            listed = self.client.list_multipart_uploads(Bucket=self.name, Prefix=key)
        for upload in listed.get("Uploads", ()):
            self.abort(upload["Key"], upload["UploadId"])
        self.delete([key, _tail(key)])

    # Multipart uploads, for the sink below and for browsers that upload by themselves.

    def begin(self, key: str) -> str:
        with bucket_faults():
            return self.client.create_multipart_upload(
                Bucket=self.name, Key=key, ContentType="application/octet-stream"
            )["UploadId"]

    def part_address(self, key: str, upload_id: str, number: int, *, length: int, seconds: int) -> str:
        with bucket_faults():
            return self.client.generate_presigned_url(
                "upload_part",
                Params={
                    "Bucket": self.name, "Key": key, "UploadId": upload_id,
                    "PartNumber": number, "ContentLength": length,
                },
                ExpiresIn=seconds,
            )  # fmt: skip

    def parts(self, key: str, upload_id: str) -> list[dict[str, Any]]:
        """Those that S3 has, whatever the uploader says. Raises FileNotFoundError for an unknown upload."""
        try:
            with bucket_faults():
                pages = self.client.get_paginator("list_parts").paginate(
                    Bucket=self.name, Key=key, UploadId=upload_id
                )
                return [
                    {"number": part["PartNumber"], "etag": part["ETag"], "size": part["Size"]}
                    for page in pages
                    for part in page.get("Parts", ())
                ]
        except StorageDown as error:
            if "NoSuchUpload" in str(error.__cause__):
                raise FileNotFoundError(upload_id) from error
            raise

    def complete(self, key: str, upload_id: str, parts: list[dict[str, Any]]) -> None:
        with bucket_faults():
            self.client.complete_multipart_upload(
                Bucket=self.name,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": [{"PartNumber": p["number"], "ETag": p["etag"]} for p in parts]},
            )

    def abort(self, key: str, upload_id: str) -> None:
        try:
            with bucket_faults():
                self.client.abort_multipart_upload(Bucket=self.name, Key=key, UploadId=upload_id)
        except FileNotFoundError:
            pass
        except StorageDown as error:
            if "NoSuchUpload" not in str(error.__cause__):
                raise


def _tail(key: str) -> str:
    return f"{key}.tail"


class BucketSink:
    """Whole parts go to the multipart upload. What is left over at a pause (S3 takes no small part but the
    last) waits in an object of its own."""

    def __init__(self, bucket: Bucket, key: str, *, at: int, remote: dict[str, Any]) -> None:
        self._bucket, self._key = bucket, key
        self.remote: dict[str, Any] = {
            "upload_id": remote.get("upload_id"),
            "parts": list(remote.get("parts", ())),
        }
        self._safe = sum(part["size"] for part in self.remote["parts"])
        self._buffer = bytearray()
        if at > self._safe:
            with bucket_faults():
                tail = bucket.client.get_object(Bucket=bucket.name, Key=_tail(self._key))["Body"].read()
            self._buffer += tail[: at - self._safe]

    def write(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= self._bucket.part_bytes:
            self._send_part(self._bucket.part_bytes)

    def _send_part(self, length: int) -> None:
        if self.remote["upload_id"] is None:
            self.remote["upload_id"] = self._bucket.begin(self._key)
        number = len(self.remote["parts"]) + 1
        with bucket_faults():
            answer = self._bucket.client.upload_part(
                Bucket=self._bucket.name, Key=self._key, UploadId=self.remote["upload_id"],
                PartNumber=number, Body=bytes(self._buffer[:length]),
            )  # fmt: skip
        del self._buffer[:length]
        self.remote["parts"].append({"number": number, "etag": answer["ETag"], "size": length})
        self._safe += length

    def flush(self, *, last: bool) -> int:
        if not last:
            return self._safe
        if self._buffer:
            with bucket_faults():
                self._bucket.client.put_object(
                    Bucket=self._bucket.name, Key=_tail(self._key), Body=bytes(self._buffer)
                )
        return self._safe + len(self._buffer)

    def finish(self) -> None:
        if self._buffer or not self.remote["parts"]:
            self._send_part(len(self._buffer))
        self._bucket.complete(self._key, self.remote["upload_id"], self.remote["parts"])
        self._bucket.delete([_tail(self._key)])

    def discard(self) -> None:
        self._buffer.clear()
        self._bucket.discard(self._key)

    def close(self) -> None:
        self._buffer.clear()
