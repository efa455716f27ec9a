"""A file that lives in the parent process (an object in S3), read by the sandboxed child through a socket.

The child may open nothing, so it asks: offset and length; the parent answers with a length and the bytes.
"""

import io
import socket
import struct
from typing import BinaryIO

_REQUEST = struct.Struct(">QQ")
_LENGTH = struct.Struct(">I")
_LARGEST_READ = 4 * 1024**2


class RemoteFile(io.RawIOBase):
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._position = 0
        # A read of nothing, at the end, answers with the size.
        self._size = int.from_bytes(self._ask(offset=0, length=0), "big")

    def _ask(self, *, offset: int, length: int) -> bytes:
        self._connection.sendall(_REQUEST.pack(offset, length))
        return _receive(self._connection, _LENGTH.unpack(_receive(self._connection, _LENGTH.size))[0])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._position)
        length = min(left if size < 0 else size, left, _LARGEST_READ)
        if length == 0:
            return b""
        data = self._ask(offset=self._position, length=length)
        self._position += len(data)
        return data


def serve(file: BinaryIO, connection: socket.socket) -> None:
    """Answers until the other side is gone."""
    size = file.seek(0, io.SEEK_END)
    with connection:
        while True:
            try:
                offset, length = _REQUEST.unpack(_receive(connection, _REQUEST.size))
                if length == 0:
                    data = size.to_bytes(8, "big")
                else:
                    file.seek(min(offset, size))
                    data = file.read(min(length, _LARGEST_READ))
                connection.sendall(_LENGTH.pack(len(data)) + data)
            except OSError:
                return


def _receive(connection: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        part = connection.recv(min(length - len(received), 1 << 20))
        if not part:
            raise ConnectionError("the other side is gone")
        received += part
    return bytes(received)
