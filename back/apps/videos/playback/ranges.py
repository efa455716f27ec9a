"""Which bytes of a file a request asks for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import parse_http_date_safe

_SEVERAL = re.compile(r"bytes=[\d\s,-]*,[\d\s,-]*")
_ONE_RANGE = re.compile(r"bytes=\s*(?:(\d{1,20})-(\d{0,20})|-(\d{1,20}))\s*")


class Unsatisfiable(Exception):
    pass


@dataclass(frozen=True, slots=True)
class ByteRange:
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def wanted_range(header: str, *, size: int) -> ByteRange | None:
    """None is the whole file, also for a unit that we do not know. Raises Unsatisfiable: also for several
    ranges at once, which are a known way to make a server work hard."""
    if _SEVERAL.fullmatch(header):
        raise Unsatisfiable
    match = _ONE_RANGE.fullmatch(header)
    if not match:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        if int(suffix) == 0 or size == 0:
            raise Unsatisfiable
        return ByteRange(max(0, size - int(suffix)), size - 1)
    start, end = int(first), int(last) if last else size - 1
    if last and end < start:
        return None  # not a range at all
    if start >= size:
        raise Unsatisfiable
    return ByteRange(start, min(end, size - 1))


def same_as_before(if_range: str, *, etag: str, modified: datetime) -> bool:
    """Whether a part would fit the parts that the client has of it."""
    if not if_range:
        return True
    if if_range.startswith(('"', "W/")):
        return if_range == etag
    return parse_http_date_safe(if_range) == int(modified.timestamp())
