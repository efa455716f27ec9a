"""Events as one JSON array, or as CSV that is meant for a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

COLUMNS = (
    *("timestamp", "end_timestamp", "event_type", "action_detected", "location", "age", "gender"),
    *("confidence", "track_id", "description", "bbox", "attributes", "source", "external_id"),
)
# What a spreadsheet takes for the start of a formula, in some languages also full width. Descriptions are
# written by strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_json(events: Iterable[Mapping[str, Any]], out: IO[str]) -> int:
    count = 0
    out.write("[")
    for event in events:
        out.write(",\n" if count else "\n")
        json.dump({name: event.get(name) for name in COLUMNS}, out, ensure_ascii=False, allow_nan=False)
        count += 1
    out.write("\n]\n")
    return count


def write_spreadsheet(events: Iterable[Mapping[str, Any]], out: IO[str]) -> int:
    """With a byte order mark, by which Excel knows UTF-8, and with formulas made harmless."""
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for event in events:
        writer.writerow([_cell(event.get(name)) for name in COLUMNS])
        count += 1
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
