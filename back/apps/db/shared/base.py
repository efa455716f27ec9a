"""The backend itself, at the place and by the name that Django looks for."""

import time
from typing import Any

from django.db.backends.postgresql import base

from apps.db.shared.pool import POOL, Lent


class DatabaseWrapper(base.DatabaseWrapper):
    """`CONN_MAX_AGE` is how old a shared connection may become."""

    _lent: Lent | None = None

    @property
    def queries_logged(self) -> bool:
        """When somebody asks for it. Under DEBUG Django writes every statement down a second time, for pages
        of its own that do not exist here."""
        return self.force_debug_cursor

    def connect(self) -> None:
        super().connect()
        if POOL.most:
            self.close_at = time.monotonic()  # with the request, which gives it back

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not POOL.most:
            return super().get_new_connection(conn_params)
        key = tuple(sorted((name, str(value)) for name, value in conn_params.items()))
        connect = super().get_new_connection
        self._lent = POOL.lend(key, lambda: connect(conn_params), longest=self.settings_dict["CONN_MAX_AGE"])
        return self._lent.connection

    def _close(self) -> None:
        lent, self._lent = self._lent, None
        if lent is None or lent.connection is not self.connection:
            super()._close()  # type: ignore[misc]
        else:
            POOL.give_back(lent)
