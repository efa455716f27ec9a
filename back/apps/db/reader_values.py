"""Values that PostgreSQL has and Python has not: a year before Christ or past 9999, a huge interval.

The driver raises ValueError or OverflowError for them in the middle of reading rows. For the reader they come
as the text that PostgreSQL writes, since a question may well compute one.
"""

from collections.abc import Callable
from typing import Any

from psycopg2 import DataError, extensions

_INFINITE = {"infinity", "-infinity"}
_FIRST_YEAR, _LAST_YEAR = 2, 9998
_Cast = Callable[[Any, Any], Any]


def _or_text(cast: _Cast) -> _Cast:
    def cast_or_keep(value: str | None, cursor: Any) -> Any:
        if value in _INFINITE:
            return value  # the driver would say the year 9999
        try:
            held = cast(value, cursor)
        except (ValueError, OverflowError, DataError):
            return value
        # Beside the ends of what Python holds, another time zone is already past them.
        return held if _FIRST_YEAR <= getattr(held, "year", _FIRST_YEAR) <= _LAST_YEAR else value

    return cast_or_keep


_SCALARS = (
    (extensions.PYDATE, extensions.PYDATEARRAY),
    (extensions.PYTIME, extensions.PYTIMEARRAY),
    (extensions.PYDATETIME, extensions.PYDATETIMEARRAY),
    (extensions.PYDATETIMETZ, extensions.PYDATETIMETZARRAY),
    (extensions.PYINTERVAL, extensions.PYINTERVALARRAY),
)


def _types() -> list[Any]:
    made = []
    for scalar, array in _SCALARS:
        kept = extensions.new_type(scalar.values, f"{scalar.name}_OR_TEXT", _or_text(scalar))
        made += [kept, extensions.new_array_type(array.values, f"{array.name}_OR_TEXT", kept)]
    return made


_TYPES = _types()


def read_all_values(connection: Any) -> None:
    for kind in _TYPES:
        extensions.register_type(kind, connection)
