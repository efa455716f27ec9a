"""Events out, as what comes in: NDJSON or CSV that can be sent again."""

import csv
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet
from pydantic_core import to_json

from apps.db.models import Event
from apps.videos.events.fields import FIELDS

BATCH = 2000
JSON_FIELDS = ("bbox", "attributes")


def _rows(events: QuerySet[Event]) -> Iterator[dict[str, Any]]:
    return events.order_by("video_id", "timestamp", "id").values(*FIELDS).iterator(chunk_size=BATCH)


def write_ndjson(events: QuerySet[Event], out: IO[str]) -> int:
    count = 0
    for row in _rows(events):
        out.write(to_json(row).decode() + "\n")
        count += 1
    return count


def write_csv(events: QuerySet[Event], out: IO[str]) -> int:
    writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in _rows(events):
        for name in JSON_FIELDS:
            row[name] = to_json(row[name]).decode() if row[name] else None
        writer.writerow(row)
        count += 1
    return count


WRITERS = {"ndjson": write_ndjson, "jsonl": write_ndjson, "csv": write_csv}
