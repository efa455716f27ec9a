"""The backend itself, at the place and by the name that Django looks for."""

import time
from typing import Any

from django.db.backends.postgresql import base

from apps.db.shared.idle import IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    """`CONN_MAX_AGE` is how old a shared connection may become."""

    _key: Any = None
    _opened = 0.0

    @property
    def queries_logged(self) -> bool:
        """When somebody asks for it. Under DEBUG Django writes every statement down a second time, for pages
        of its own that do not exist here."""
        return self.force_debug_cursor

    def connect(self) -> None:
        super().connect()
        if IDLE.most:
            self.close_at = time.monotonic()  # with the request, which parks it

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._key = tuple(sorted((name, str(value)) for name, value in conn_params.items()))
        parked = IDLE.take(self._key, longest=self.settings_dict["CONN_MAX_AGE"]) if IDLE.most else None
        if parked is not None:
            self._opened = parked.opened
            return parked.connection
        self._opened = time.monotonic()
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        if self.connection is None or not IDLE.park(self.connection, key=self._key, opened=self._opened):
            super()._close()  # type: ignore[misc]
