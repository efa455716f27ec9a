"""botocore's connections, known to the call that waits on them, so that it can be cut from elsewhere."""

import logging
from typing import Any

from botocore import awsrequest

from llm.cancelling import Wire, wire_here

log = logging.getLogger(__name__)


class _Known:
    wire: Wire | None = None
    sock: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._tell()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self.wire = wire_here()
        self._tell()
        super().request(*args, **kwargs)  # type: ignore[misc]

    def _tell(self) -> None:
        if (wire := wire_here()) is not None:
            wire.hold(self, self.sock)


class _HttpConnection(_Known, awsrequest.AWSHTTPConnection):
    pass


class _HttpsConnection(_Known, awsrequest.AWSHTTPSConnection):
    pass


class _HttpPool(awsrequest.AWSHTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(awsrequest.AWSHTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


def make_cuttable(client: Any) -> None:
    """botocore offers no way to choose its connections; without it a cancelled call ends in its own time."""
    try:
        pools = client._endpoint.http_session._pool_classes_by_scheme
        pools["http"], pools["https"] = _HttpPool, _HttpsPool
    except (AttributeError, TypeError):
        log.warning("this botocore hides its connections: a cancelled call cannot be cut off")
