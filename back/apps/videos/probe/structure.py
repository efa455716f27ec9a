"""Does a file hold all the bytes that its outermost boxes announce?

Decoders forgive a missing end, so an upload that was cut off still opens and plays its first part.
"""

import struct
from typing import BinaryIO

from apps.videos.probe.formats import HEAD_BYTES, sniff

_MAX_BOXES = 10_000


def is_cut_short(file: BinaryIO, *, size: int) -> bool:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    container = sniff(head)
    if container == "mov":
        return _iso_is_cut_short(file, size)
    if container == "avi":
        return bool(struct.unpack_from("<I", head, 4)[0] + 8 > size)
    if container == "matroska":
        return _matroska_is_cut_short(file, size)
    return False


def _iso_is_cut_short(file: BinaryIO, size: int) -> bool:
    position = 0
    for _ in range(_MAX_BOXES):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8 or not header[4:8].isascii() or not header[4:8].decode("ascii").isprintable():
            return False
        length = struct.unpack_from(">I", header)[0]
        if length == 1 and len(header) == 16:
            length = struct.unpack_from(">Q", header, 8)[0]
        if length < 8:  # 0 is "until the end"; anything else is rubbish after the last box
            return False
        position += length
        if position > size:
            return True
    return False


def _matroska_is_cut_short(file: BinaryIO, size: int) -> bool:
    """The header element, then one Segment; a recorder that was switched off leaves its size unknown."""
    position = 0
    for _ in range(2):
        file.seek(position)
        header = file.read(12)
        if not header:
            return False
        id_length = _vint_length(header[0])
        if id_length > 4 or len(header) <= id_length:
            return False
        size_length = _vint_length(header[id_length])
        field = header[id_length : id_length + size_length]
        if size_length > 8 or len(field) < size_length:
            return False
        value_bits = 7 * size_length
        length = int.from_bytes(field, "big") & ((1 << value_bits) - 1)
        if length == (1 << value_bits) - 1:
            return False
        position += id_length + size_length + length
    return position > size


def _vint_length(first: int) -> int:
    return 9 - first.bit_length()
