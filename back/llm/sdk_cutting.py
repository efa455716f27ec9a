"""The connections of the anthropic and openai libraries, known to the call that waits on them."""

import logging
from typing import Any

from llm.cancelling import Wire, wire_here

log = logging.getLogger(__name__)


class _KnownStream:
    """httpcore's network stream: whoever writes a request to it is who waits for the answer."""

    def __init__(self, stream: Any) -> None:
        self.wire: Wire | None = None
        self._stream = stream

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.wire = wire = wire_here()
        if wire is not None:
            wire.hold(self, self._stream.get_extra_info("socket"))
        self._stream.write(buffer, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)  # type: ignore[no-any-return]

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> "_KnownStream":
        return _KnownStream(self._stream.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _KnownBackend:
    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def connect_tcp(self, *args: Any, **kwargs: Any) -> _KnownStream:
        return _KnownStream(self._backend.connect_tcp(*args, **kwargs))

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> _KnownStream:
        return _KnownStream(self._backend.connect_unix_socket(*args, **kwargs))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


def make_cuttable(http_client: Any) -> Any:
    """A client of httpx, its transports by way of a proxy included. The libraries' own default transports are
    kept, with the socket options that they choose, and so the backend is put in from outside."""
    try:
        for transport in (http_client._transport, *http_client._mounts.values()):
            if transport is not None:
                transport._pool._network_backend = _KnownBackend(transport._pool._network_backend)
    except AttributeError:
        log.warning("this httpx hides its connections: a cancelled call cannot be cut off")
    return http_client
