"""Pages of 100 filtered events out of millions over HTTP, against the page's own SQL run bare.

    python bench/bench_pages.py [EVENTS] [--no-throttles]

Each page is asked for by an ordinary user, who owns most of the videos, with a token, throttles and all. The
SQL is what the view sends for its rows, run over a connection that is already open. Fails where HTTP takes
more than three times as long.
"""

import json
import os
import re
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import psycopg2
from web import Web, web

VIDEOS = 100
RUNS = 60
MOST_RATIO = 3.0
_FILL = """
    INSERT INTO db_event (video_id, "timestamp", end_timestamp, occurred_at, event_type, action_detected,
      location, age, gender, confidence, track_id, description, source, external_id)
    SELECT %(video)s, n * 0.5, n * 0.5 + 3,
      timestamptz '2026-03-02 00:00+09' + %(video)s * interval '1 hour' + n * interval '0.5 second',
      (array['motion','person','enter','exit','pick_item','payment','motion','person','loitering','theft'])
        [1 + (hashint4(n) & 1023) %% 10],
      '매장에서 감지된 움직임', (array['입구','계산대','주류 코너','화장품 코너','전자제품 코너','창고'])
        [1 + (hashint4(n * 7) & 1023) %% 6],
      CASE WHEN n %% 4 > 0 THEN 8 + (hashint4(n * 3) & 63) END,
      (array['male','female','unknown'])[1 + (hashint4(n * 5) & 1023) %% 3], 0.5 + (n %% 50) / 100.0,
      'P' || n / 20, '누군가 진열대 앞을 지나가며 물건을 살펴본다.', 'bench', 'b-' || n
    FROM generate_series(1, %(count)s) AS n
"""


@dataclass(frozen=True)
class Page:
    name: str
    path: str


def fill(service: Web, count: int) -> None:
    """Indexes and triggers aside for as long as it takes; what they would have made is made by hand."""
    with psycopg2.connect(service.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT id FROM db_user WHERE username = 'demo'")
        owner = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM db_user WHERE username = 'admin'")
        other = cursor.fetchone()[0]
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = 'db_event'::regclass AND NOT i.indisprimary"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("ALTER TABLE db_event DISABLE TRIGGER USER")
        for number in range(1, VIDEOS + 1):
            cursor.execute(
                "INSERT INTO db_video (owner_id, name, duration, recorded_at) VALUES (%s, %s, 90000,"
                " timestamptz '2026-03-02 00:00+09' + %s * interval '1 hour') RETURNING id",
                [owner if number % 5 else other, f"camera {number}", number],
            )
            cursor.execute(_FILL, {"video": cursor.fetchone()[0], "count": count // VIDEOS})
        cursor.execute("ALTER TABLE db_event ENABLE TRIGGER USER")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
    connection = psycopg2.connect(service.database_url)
    connection.autocommit = True
    connection.cursor().execute("VACUUM ANALYZE db_event, db_video")
    connection.close()


class Client:
    """A kept connection and nothing else: Python's own HTTP client takes a good part of a millisecond to read
    headers, which is not the service's time."""

    def __init__(self, service: Web) -> None:
        self._socket = socket.create_connection(("127.0.0.1", service.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, token = service.host, service.token
        self._end = f" HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()

    def get(self, path: str) -> bytes:
        self._socket.sendall(b"GET " + path.encode() + self._end)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1])
        parts = [body]
        length -= len(body)
        while length > 0:
            parts.append(self._more())
            length -= len(parts[-1])
        assert head.startswith(b"HTTP/1.1 200"), head
        return b"".join(parts)

    def _more(self) -> bytes:
        chunk = self._socket.recv(1 << 18)
        assert chunk, "the service closed the connection"
        return chunk


def deep(service: Web, path: str, *, pages: int) -> str:
    """The address of a page that far into the list."""
    client = Client(service)
    address = f"{path}{'&' if '?' in path else '?'}limit=500"
    for _ in range(pages):
        address = json.loads(client.get(address))["next"].split(str(service.port), 1)[1]
    return address.replace("limit=500", "limit=100")


def pages(service: Web, count: int) -> list[Page]:
    far = count // VIDEOS // 500 * 4 // 5
    morning = [quote(f"2026-03-03T{hour}:00:00+09:00") for hour in (10, 11)]
    clock = f"occurred_from={morning[0]}&occurred_to={morning[1]}"
    place = quote("주류코너")
    video = "/api/videos/42/events/"
    return [
        Page("a video and a type", f"{video}?event_type=theft"),
        Page("a video, types and a span", f"{video}?event_type=theft,loitering&from=3600&to=7200"),
        Page("a video and a place", f"{video}?location={place}"),
        Page("a video, gender and age", f"{video}?gender=male&age_min=20&age_max=29"),
        Page("a video, deep", deep(service, video, pages=far)),
        Page("all, wall clock and severity", f"/api/events/?{clock}&severity_min=2&order=occurred_at"),
        Page("all, a type by wall clock", f"/api/events/?event_type=theft&{clock}&order=-occurred_at"),
        Page("all, the newest", "/api/events/"),
        Page("all, the newest, deep", deep(service, "/api/events/", pages=far)),
    ]


def own_sql(path: str) -> str:
    """What the view asks the database for the rows of this page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from rest_framework.test import APIClient

    from apps.db.models import User

    client = APIClient()
    client.force_authenticate(User.objects.get(username="demo"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    [sql] = [query["sql"] for query in captured if "FROM db_event" in query["sql"]]
    return sql


def measure(service: Web, every: list[Page]) -> Iterator[tuple[Page, float, float]]:
    """→ (page, SQL, HTTP) in seconds. All pages in turn, so that what else the machine does falls on all of
    them, and the lower quartile, which it touches least."""
    client = Client(service)
    statements = {page: own_sql(page.path) for page in every}
    bare: dict[Page, list[float]] = {page: [] for page in every}
    http: dict[Page, list[float]] = {page: [] for page in every}
    database = psycopg2.connect(service.database_url)
    database.autocommit = True
    for _ in range(RUNS):
        for page, sql in statements.items():
            began = time.perf_counter()
            with database.cursor() as cursor:
                cursor.execute(sql)
                rows = cursor.fetchall()
            bare[page].append(time.perf_counter() - began)
            began = time.perf_counter()
            body = client.get(page.path)
            http[page].append(time.perf_counter() - began)
            shown = len(json.loads(body)["results"])
            assert 20 < shown == min(len(rows), 100), f"{page.name}: {shown} events"
    database.close()
    for page in every:
        yield page, statistics.quantiles(bare[page])[0], statistics.quantiles(http[page])[0]


def use_django(service: Web) -> None:
    import django

    os.environ.update(
        DATABASE_URL=service.database_url, ENV_FILE=os.devnull, SECRET_KEY="x" * 64, HTTPS_ONLY="false",
        ALLOWED_HOSTS="testserver", THROTTLE_USER="", THROTTLE_ADDRESS="",
        DJANGO_SETTINGS_MODULE="config.settings",
    )  # fmt: skip
    django.setup()


def main() -> int:
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), 5_000_000)
    environment = {"THROTTLE_USER": "", "THROTTLE_ADDRESS": ""} if "--no-throttles" in sys.argv else {}
    with web(**environment) as service:
        began = time.perf_counter()
        fill(service, count)
        print(f"{count} events of {VIDEOS} videos, made in {time.perf_counter() - began:.0f} s")
        use_django(service)
        worst = 0.0
        print(f"  {'a page of 100':30} {'SQL ms':>8} {'HTTP ms':>8} {'ratio':>6}   at most {MOST_RATIO}")
        for page, bare, http in measure(service, pages(service, count)):
            worst = max(worst, http / bare)
            print(f"  {page.name:30} {bare * 1000:8.2f} {http * 1000:8.2f} {http / bare:6.2f}")
    return 0 if worst <= MOST_RATIO else 1


if __name__ == "__main__":
    raise SystemExit(main())
