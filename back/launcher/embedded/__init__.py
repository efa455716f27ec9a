"""A PostgreSQL of our own for `make run` and `make test`.

`EmbeddedPostgres` starts one (or joins the one that runs) for a data directory; `connection_urls` says how to
reach it. Why it is built this way: docs/decisions/0001-embedded-postgresql.md.
"""

from launcher.embedded.errors import EmbeddedError
from launcher.embedded.layout import connection_urls
from launcher.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedError", "EmbeddedPostgres", "connection_urls"]
