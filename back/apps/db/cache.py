"""Django's database cache in one statement a call, where it takes five to keep a value.

Nothing is culled while somebody waits: the worker's housekeeping throws away what expired or is too much.
"""

import base64
import pickle
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class TableCache(DatabaseCache):
    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        named = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not named:
            return {}
        rows = self._run(
            router.db_for_read(self.cache_model_class),
            "SELECT cache_key, value FROM {table} WHERE cache_key = ANY(%s) AND expires > now()",
            [list(named)],
        )
        return {named[key]: pickle.loads(base64.b64decode(value)) for key, value in rows}  # noqa: S301  ours

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        database, statement, told = self.setting(key, value, timeout, version)
        self._run(database, f"{statement} RETURNING cache_key, ''", told)

    def setting(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> tuple[str, str, list[Any]]:
        """`set` as (the database, a statement, its values), for who writes something else there anyway."""
        seconds = self.get_backend_timeout(timeout)
        expires = _NEVER if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
        pickled = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("ascii")
        database = router.db_for_write(self.cache_model_class)
        table = connections[database].ops.quote_name(self._table)  # type: ignore[attr-defined]
        statement = (
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)"  # noqa: S608
            " ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
        )
        return database, statement, [self.make_and_validate_key(key, version=version), pickled, expires]

    def throw_away(self) -> int:
        """What expired, and beyond MAX_ENTRIES what would expire first. → how many"""
        database = router.db_for_write(self.cache_model_class)
        expired = self._run(
            database, "DELETE FROM {table} WHERE expires <= now() RETURNING cache_key, ''", []
        )
        beyond = self._run(
            database,
            "DELETE FROM {table} WHERE cache_key IN ("
            "SELECT cache_key FROM {table} ORDER BY expires DESC OFFSET %s) RETURNING cache_key, ''",
            [self._max_entries],
        )
        return len(expired) + len(beyond)

    def _run(self, database: str, statement: str, told: list[Any]) -> list[tuple[str, str]]:
        connection = connections[database]
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=table), told)
            return cursor.fetchall()
