"""What a cell of a result may be once it is spoken of: SQL brings more than a sentence can hold."""

import json
import math
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from apps.api.types import Result


def plain(result: Result) -> Result:
    return replace(result, rows=tuple(tuple(map(_cell, row)) for row in result.rows))


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal | float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**15 else str(value)
    if value is None or isinstance(value, str | bool | datetime | date):
        return value
    return (
        value.isoformat() if isinstance(value, time) else json.dumps(value, ensure_ascii=False, default=str)
    )
