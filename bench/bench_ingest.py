"""Bulk events over HTTP against a bare COPY of the same rows into the same indexed table.

    python bench/bench_ingest.py [EVENTS]

Fails when the service takes more than three times as long, or when its memory grows with the events.
"""

import io
import json
import statistics
import sys
import time

import psycopg2
from events import events
from web import Web, web

RUNS = 3
MOST_RATIO = 3.0
MOST_GROWTH_MB = 64
COLUMNS = (
    "timestamp", "end_timestamp", "event_type", "action_detected", "location", "age", "gender", "confidence",
    "track_id", "description", "bbox", "source", "external_id",
)  # fmt: skip


def make_video(service: Web) -> int:
    return service.post("/api/videos/", b'{"name": "bench", "recorded_at": "2026-03-02T14:00:00+09:00"}')[
        "id"
    ]


def over_http(service: Web, body: bytes) -> float:
    address = f"/api/videos/{make_video(service)}/events/"
    began = time.perf_counter()
    service.post(address, body, "application/x-ndjson")
    return time.perf_counter() - began


def cell(value: object) -> str:
    if value is None:
        return "\\N"
    return json.dumps(value) if isinstance(value, list) else str(value)


def by_copy(service: Web, rows: list[dict]) -> float:
    video = make_video(service)
    lines = ("\t".join([str(video), *(cell(row[name]) for name in COLUMNS)]) for row in rows)
    text = io.StringIO("\n".join(lines) + "\n")
    names = ", ".join(f'"{name}"' for name in ("video_id", *COLUMNS))
    with psycopg2.connect(service.database_url) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.copy_expert(f"COPY db_event ({names}) FROM STDIN", text)
        connection.commit()
        return time.perf_counter() - began


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rows = list(events(count))
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    with web() as service:
        over_http(service, b"".join(line + b"\n" for line in body.split(b"\n", 2000)[:2000]))
        copied, sent = [], []
        with service.peak_memory() as peak:
            for _ in range(RUNS):
                copied.append(by_copy(service, rows))
                sent.append(over_http(service, body))
    copy, http = statistics.median(copied), statistics.median(sent)
    ratio, growth = http / copy, peak[1] - peak[0]
    print(f"{count} events, {len(body) / 1e6:.1f} MB of NDJSON, medians of {RUNS}")
    for name, seconds, runs in (("COPY", copy, copied), ("HTTP", http, sent)):
        each = ", ".join(f"{run:.2f}" for run in runs)
        print(f"  {name}   {seconds:6.2f} s   {count / seconds:9.0f} events/s   runs {each}")
    print(f"  ratio  {ratio:6.2f}      at most {MOST_RATIO}")
    print(f"  memory {peak[0]:.0f} MB before, +{growth:.0f} MB at its peak, at most +{MOST_GROWTH_MB}")
    return 0 if ratio <= MOST_RATIO and growth <= MOST_GROWTH_MB else 1


if __name__ == "__main__":
    raise SystemExit(main())
