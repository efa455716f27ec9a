"""The event stream encoding: length, headers, payload, each under a CRC."""

import json
import struct
from collections.abc import Mapping
from typing import Any
from zlib import crc32

_STRING = 7


def frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    packed = b"".join(_header(name, value) for name, value in headers.items())
    # 4 + 4 + 4 bytes before the headers, 4 after the payload
    prelude = struct.pack(">II", 16 + len(packed) + len(payload), len(packed))
    head = prelude + struct.pack(">I", crc32(prelude)) + packed + payload
    return head + struct.pack(">I", crc32(head))


def _header(name: str, value: str) -> bytes:
    raw_name, raw_value = name.encode(), value.encode()
    return (
        struct.pack(">B", len(raw_name)) + raw_name + struct.pack(">BH", _STRING, len(raw_value)) + raw_value
    )


def event(kind: str, payload: Mapping[str, Any]) -> bytes:
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return frame(headers, _json(payload))


def exception(code: str, message: str) -> bytes:
    headers = {":exception-type": code, ":content-type": "application/json", ":message-type": "exception"}
    return frame(headers, _json({"message": message}))


def with_bad_crc(whole: bytes) -> bytes:
    return whole[:-4] + struct.pack(">I", crc32(whole) ^ 0xFFFFFFFF)


def _json(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()
