"""Many events at once: every format, all or nothing, each mistake with its place."""

# ruff: noqa: E501  a case a line

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from apps.db.models import Event, Video
from apps.http.json import strict_json
from apps.videos.events.fields import FIELDS, from_json, from_plain_json
from apps.videos.events.reading import LONGEST_ENTRY, read_csv, read_json, read_ndjson
from apps.videos.tests.test_events import MANY, ONE
from conftest import errors_of

NDJSON = "application/x-ndjson"


@pytest.fixture
def video(alice, make_video) -> Video:
    return make_video(alice.user)


@pytest.fixture
def send(alice, video):
    def send(body: bytes | str, content_type: str = "application/json", **extra):
        return alice.post(f"/api/videos/{video.pk}/events/", body, content_type=content_type, **extra)

    return send


def ndjson(rows) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"


def as_csv(rows) -> str:
    out = io.StringIO()
    names = sorted({name for row in rows for name in row}, key=FIELDS.index)
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    for row in rows:
        writer.writerow({k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in row.items()})
    return out.getvalue()


FORMATS = {
    "array": (json.dumps, "application/json"),
    "spaced array": (lambda rows: " \n" + json.dumps(rows, indent=3) + "\n ", "application/json; charset=utf-8"),
    "ndjson": (ndjson, NDJSON),
    "ndjson with a mark and CRLF": (lambda rows: "\ufeff" + ndjson(rows).replace("\n", "\r\n\r\n"), NDJSON),
    "ndjson without its last line end": (lambda rows: ndjson(rows).rstrip("\n"), NDJSON),
    "csv": (as_csv, "text/csv"),
    "csv with a mark": (lambda rows: "\ufeff" + as_csv(rows), "text/csv; charset=utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_brings_the_same_events(send, name):
    write, content_type = FORMATS[name]
    tricky = ONE | {"description": 'a\ttab, a "quote", a \\ and\na line', "external_id": "tricky"}
    response = send(write([*MANY, ONE, tricky]), content_type)
    assert response.status_code == 201, response.content
    assert response.json() == {"created": 7, "updated": 0, "unchanged": 0}
    stored = Event.objects.get(external_id="tricky")
    assert {name: getattr(stored, name) for name in ONE} == tricky
    assert list(Event.objects.order_by("id").values_list("timestamp", flat=True)) == [
        10,
        20,
        30,
        40,
        50,
        750,
        750,
    ]


def test_sending_twice_changes_nothing(send, video):
    rows = [ONE | {"external_id": str(n), "timestamp": n, "end_timestamp": None} for n in range(20)]
    assert send(ndjson(rows), NDJSON).json() == {"created": 20, "updated": 0, "unchanged": 0}
    before = list(Event.objects.values())
    version = Video.objects.get().events_version
    assert send(ndjson(rows), NDJSON).json() == {"created": 0, "updated": 0, "unchanged": 20}
    assert list(Event.objects.values()) == before
    assert Video.objects.get().events_version == version
    rows[3]["location"] = "출구"
    assert send(ndjson(rows), NDJSON).json() == {"created": 0, "updated": 1, "unchanged": 19}
    assert Event.objects.get(external_id="3").location == "출구"


def test_of_one_id_in_one_file_the_last_counts(send):
    rows = [ONE | {"age": age} for age in (20, 30, 40)]
    assert send(ndjson(rows), NDJSON).json() == {"created": 1, "updated": 0, "unchanged": 2}
    assert Event.objects.get().age == 40


@pytest.mark.parametrize("body", ["[]", " [ ] "])
def test_no_events_are_no_mistake(send, body):
    assert send(body).json() == {"created": 0, "updated": 0, "unchanged": 0}


def test_one_mistake_keeps_all_out_and_is_named(send):
    rows = [*MANY, ONE | {"age": 200}, *MANY, {"timestamp": 1, "event_type": "picnic", "color": 1}]
    expected = {"5.age": "less_than_equal", "11.event_type": "literal_error", "11.color": "unknown_field"}
    response = send(json.dumps(rows))
    assert response.status_code == 400
    assert errors_of(response) == expected
    lines = {f"lines.{int(k.split('.')[0]) + 1}.{k.split('.')[1]}": v for k, v in expected.items()}
    assert errors_of(send(ndjson(rows), NDJSON)) == lines
    assert response.json()["errors"][0]["detail"].startswith("Event 5: ")
    assert not Event.objects.exists()


def test_mistakes_are_listed_to_a_hundred(send):
    response = send(ndjson([{"timestamp": -1, "event_type": "enter"}] * 5000), NDJSON)
    assert len(response.json()["errors"]) == 100


BROKEN = [
    ("application/json", b"", None, "invalid_json"),
    ("application/json", b"   ", None, "invalid_json"),
    ("application/json", b"5", None, "invalid_json"),
    ("application/json", b'"x"', None, "invalid_json"),
    ("application/json", b"[", "0", "invalid_json"),
    ("application/json", b"[1", "0", "invalid_json"),
    ("application/json", b"[1]", "0", "not_an_object"),
    ("application/json", b"[null]", "0", "not_an_object"),
    ("application/json", b"[{}", "0", "invalid_json"),
    ("application/json", b"[,]", "0", "invalid_json"),
    ("application/json", b"[] x", None, "invalid_json"),
    ("application/json", b'[{"timestamp": 1, "event_type": "enter"}', "0", "invalid_json"),
    ("application/json", b'[{"timestamp": 1, "event_type": "enter"},]', "1", "invalid_json"),
    ("application/json", b'[{"timestamp": NaN, "event_type": "enter"}]', "0", "invalid_json"),
    ("application/json", b'[{"timestamp": 1e999, "event_type": "enter"}]', "0", "invalid_json"),
    ("application/json", b'[{"timestamp": 1, "timestamp": 2, "event_type": "enter"}]', "0", "invalid_json"),
    ("application/json", b'[{"timestamp": 1, "event_type": "enter", "location": "\\u0000"}]', "0", "invalid_json"),
    ("application/json", b'[{"timestamp": 1, "event_type": "enter", "location": "\\udc00"}]', "0", "invalid_json"),
    ("application/json", b'[{"timestamp": 1, "event_type": "enter", "location": "\xff"}]', "0", "invalid_json"),
    ("application/json", b"[" * 5_000_000, "0", "too_long"),
    ("application/json", b"[" + b'{"a":' * 2000, "0", "invalid_json"),
    ("application/json", b"{" + b" " * 100_000, "event", "too_long"),
    ("application/json", b'[{"timestamp": 1, "event_type": "en', "0", "invalid_json"),
    (NDJSON, b"{}\n", "lines.1.timestamp", "required"),
    (NDJSON, b"\n\nnope\n", "lines.3", "invalid_json"),
    (NDJSON, b'{"timestamp": 1, "event_type": "enter"}\n{"timestamp": 2, "event', "lines.2", "invalid_json"),
    (NDJSON, b"x" * 200_000, "lines.1", "too_long"),
    (NDJSON, b'[{"timestamp": 1, "event_type": "enter"}]\n', "lines.1", "not_an_object"),
    ("text/csv", b"", "lines.1.timestamp", "required"),
    ("text/csv", b"timestamp,location\n1,x\n", "lines.1.event_type", "required"),
    ("text/csv", b"timestamp,event_type,colour\n1,enter,red\n", "lines.1", "unknown_field"),
    ("text/csv", b"timestamp,event_type,timestamp\n1,enter,2\n", "lines.1.timestamp", "repeated"),
    ("text/csv", b"timestamp,event_type\n1\n", "lines.2", "wrong_columns"),
    ("text/csv", b"timestamp,event_type\n1,enter,x\n", "lines.2", "wrong_columns"),
    ("text/csv", b"timestamp,event_type\nnan,enter\n", "lines.2.timestamp", "finite_number"),
    ("text/csv", b"timestamp,event_type\nx,enter\n", "lines.2.timestamp", "float_parsing"),
    ("text/csv", b"timestamp,event_type,bbox\n1,enter,{\n", "lines.2.bbox", "value_error"),
    ("text/csv", '시간,event_type\n'.encode("euc-kr"), "lines.1", "invalid_encoding"),
    ("text/csv", b'timestamp,event_type\n1,"enter\n', "lines.3", "invalid_csv"),
    ("text/csv", b"timestamp,event_type,location\n1,enter,a\x00b\n", "lines.2.location", "value_error"),
]  # fmt: skip


@pytest.mark.parametrize(("content_type", "body", "attr", "code"), BROKEN, ids=lambda v: str(v)[:50])
def test_a_broken_body_is_named_and_nothing_stored(send, content_type, body, attr, code):
    response = send(body, content_type)
    assert response.status_code == 400
    assert errors_of(response).get(attr) == code, response.json()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "", "multipart/form-data; boundary=x"]
)
def test_another_content_type_is_a_415(send, content_type):
    assert send("x", content_type or " ").status_code == 415


def test_more_than_the_limit_is_refused_whole(send, settings):
    settings.INGEST_MAX_EVENTS = 3
    response = send(json.dumps(MANY))
    assert (response.status_code, errors_of(response)) == (400, {None: "too_many"})
    settings.INGEST_MAX_EVENTS, settings.INGEST_MAX_BYTES = 1000, 100
    assert send(json.dumps(MANY)).status_code == 413
    assert not Event.objects.exists()


def test_a_body_shorter_than_announced_stores_nothing(send):
    """What gunicorn hands over when a client goes away in the middle: the stream just ends."""
    whole = ndjson(MANY)
    body = io.BytesIO(whole.encode())
    response = send("", NDJSON, CONTENT_LENGTH=str(len(whole.encode()) + 1), **{"wsgi.input": body})
    assert response.status_code == 400
    assert "connection ended" in response.json()["errors"][0]["detail"]
    assert not Event.objects.exists()


class _CutStream(io.BytesIO):
    """gunicorn's chunked reader when the last chunk never came."""

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise OSError("invalid chunk")
        return data


@pytest.mark.parametrize(("stream", "status", "count"), [(io.BytesIO, 201, 5), (_CutStream, 400, 0)])
def test_a_body_in_chunks_is_taken_whole_or_not(send, stream, status, count):
    extra = {"wsgi.input": stream(ndjson(MANY).encode()), "HTTP_TRANSFER_ENCODING": "chunked"}
    assert send("", NDJSON, CONTENT_LENGTH="", **extra).status_code == status
    assert Event.objects.count() == count


def test_a_video_that_is_deleted_meanwhile_is_a_404(alice, video, send, monkeypatch):
    from apps.videos.events import views

    def delete_then_store(video, entries, **kwargs):
        Video.objects.all().delete()
        return views_store(video, entries, **kwargs)

    views_store = views.store_events
    monkeypatch.setattr(views, "store_events", delete_then_store)
    assert send(ndjson(MANY), NDJSON).status_code == 404


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096])
def test_it_does_not_matter_how_the_bytes_are_cut(size):
    tricky = ONE | {"description": '[{"\\"]},', "attributes": {"a": ["}", {"b": "]"}]}}
    rows = [*MANY, tricky]
    for write, read in ((json.dumps, read_json), (ndjson, read_ndjson), (as_csv, read_csv)):
        body = write(rows).encode()
        chunks = [body[i : i + size] for i in range(0, len(body), size)]
        read_rows = list(read(chunks))
        assert [row.timestamp for row in read_rows] == [row["timestamp"] for row in rows]
        assert read_rows[-1].attributes == tricky["attributes"]


# Lines that are read the quick way, and lines that must not be.
PLAIN = [
    (b'{"timestamp": 1, "event_type": "enter"}', True),
    (
        b'{"event_type" :"enter","timestamp"\t: 1.5, "track_id": "cam:1", "location": "12:30 \xed\x96\x89"}',
        True,
    ),
    (b'{"timestamp": 1, "event_type": "enter", "location": "\\ud83d\\ude00"}', True),
    (b'{"timestamp": 1, "timestamp": 2, "event_type": "enter"}', False),
    (b'{"timestamp": 1, "timestamp" :2, "event_type": "enter"}', False),
    (b'{"timestamp": 1, "time\\u0073tamp": 2, "event_type": "enter"}', False),
    (b'{"timestamp": 1, "event_type": "enter", "attributes": {"a": 1, "a": 2}}', False),
    (b'{"timestamp": 1, "event_type": "enter", "attributes": {"a": 1}}', False),
    (b'{"timestamp": 1, "event_type": "enter", "location": "\\udc00"}', False),
    (b'{"timestamp": NaN, "event_type": "enter"}', False),
    (b'{"timestamp": 1e400, "event_type": "enter"}', False),
    (b'{"timestamp": true, "event_type": "enter"}', False),
    (b'{"timestamp": 1, "event_type": "enter", "age": 3.0}', False),
    (b'{"timestamp": 1, "event_type": "enter", "age": "3"}', False),
    (b'{"timestamp": 1, "event_type": "enter"} {}', False),
]


@pytest.mark.parametrize(("line", "quick"), PLAIN)
def test_the_quick_way_reads_what_the_careful_one_does(line, quick):
    event = from_plain_json(line)
    assert (event is not None) == quick
    if event is not None:
        assert event == from_json(strict_json(line))


def test_a_long_line_is_given_up_before_it_is_in_memory():
    given = 0

    def endless():
        nonlocal given
        while True:
            given += 1
            yield b"x" * 65536

    [wrong] = list(read_ndjson(endless()))
    assert wrong.final
    assert given * 65536 <= LONGEST_ENTRY * 4


# --- from the shell ---


@pytest.mark.parametrize("ending", ["ndjson", "csv"])
def test_what_is_exported_can_be_imported(video, make_video, make_event, tmp_path, ending):
    for row in [*MANY, ONE]:
        make_event(video, **row)
    file, other = tmp_path / f"events.{ending}", make_video()
    call_command("export_events", str(file), video=video.pk)
    call_command("import_events", str(file), video=other.pk)
    fields = [name for name in FIELDS if name != "video_id"]
    assert list(other.events.values(*fields)) == list(video.events.values(*fields))


def test_an_import_with_a_mistake_says_where(video, tmp_path):
    file = tmp_path / "events.jsonl"
    file.write_text(ndjson([*MANY, {"timestamp": 1}]))
    with pytest.raises(CommandError, match=r"lines\.6\.event_type"):
        call_command("import_events", str(file), video=video.pk)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.csv", "--video", "1"], "There is no video"),
        (["events.xml", "--video", "1"], "Which format"),
    ],
)
def test_the_commands_say_what_is_wrong(db, arguments, says):
    for command in ("import_events", "export_events"):
        with pytest.raises(CommandError, match=says):
            call_command(command, *arguments)


def test_an_export_that_fails_leaves_no_half_file(video, make_event, tmp_path):
    make_event(video)
    with pytest.raises(CommandError, match="No such file"):
        call_command("export_events", str(tmp_path / "nowhere" / "events.csv"), video=video.pk)
    assert list(tmp_path.iterdir()) == []
