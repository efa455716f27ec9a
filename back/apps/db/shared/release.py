"""Before a wait that has nothing to do with the database: on a model, a client, a long computation."""

from django.db import connection


def release_connection() -> None:
    """Its seconds are not a database connection's. The next statement takes one again."""
    if not connection.in_atomic_block:
        connection.close()
