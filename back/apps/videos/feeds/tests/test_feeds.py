import csv
import io
import json
from datetime import UTC, datetime

import pytest

from apps.videos.events.fields import from_json
from apps.videos.feeds import (
    FeedError,
    read_aihub,
    read_frigate,
    read_kisa,
    write_chapters,
    write_json,
    write_kisa,
    write_spreadsheet,
    xml,
)
from apps.videos.feeds.aihub import CLASSES
from apps.videos.feeds.times import clock_with_milliseconds, seconds_in
from semantics import VOCABULARY

AIHUB = """<?xml version="1.0" encoding="UTF-8"?>
<annotation>
  <folder>inside_croki_01</folder>
  <filename>10-1_cam01_assault01_place01_day_spring.mp4</filename>
  <size><width>3840</width><height>2160</height><depth>3</depth></size>
  <header>
    <duration>00:05:00.5</duration><fps>30</fps><frames>9015</frames>
    <location>PLACE01</location><season>SPRING</season><weather>SUNNY</weather><time>DAY</time>
  </header>
  <event>
    <eventname>{name}</eventname><starttime>00:02:30.5</starttime><duration>00:00:13.1</duration>
  </event>
  <object>
    <objectname>person_1</objectname>
    <position><keyframe>4515</keyframe><keypoint><x>1920</x><y>540</y></keypoint></position>
    <action>
      <actionname>punching</actionname>
      <frame><start>4515</start><end>4575</end></frame>
      <frame><start>4650</start><end>4710</end></frame>
    </action>
  </object>
  <object>
    <objectname>person_2</objectname>
    <action><actionname>falldown</actionname><frame><start>4590</start><end>4900</end></frame></action>
  </object>
</annotation>"""

KISA = """<?xml version="1.0" encoding="UTF-8"?>
<KisaLibraryIndex><Library><Scenario>Loitering</Scenario><Dataset>KISA2016</Dataset><Clip>
  <Header><Filename>C001101_001.mp4</Filename><Duration>00:05:00</Duration><AlarmEvents>2</AlarmEvents>
    <Loitering><Point>100,200</Point><Point>300,400</Point></Loitering></Header>
  <Alarms>
    <Alarm><StartTime>00:03:01</StartTime><AlarmDescription>Loitering</AlarmDescription>
      <AlarmDuration>00:00:43</AlarmDuration></Alarm>
    <Alarm><StartTime>00:04:10</StartTime><AlarmDescription>FireDetection</AlarmDescription>
      <AlarmDuration>00:00:00</AlarmDuration></Alarm>
  </Alarms>
</Clip></Library></KisaLibraryIndex>"""

ZERO = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
FRIGATE = {
    "id": "1772427660.5-abc123",
    "camera": "front_door",
    "label": "person",
    "sub_label": None,
    "start_time": ZERO.timestamp() + 60.5,
    "end_time": ZERO.timestamp() + 75.25,
    "false_positive": False,
    "zones": ["driveway", "porch"],
    "has_clip": True,
    "data": {"box": [0.1, 0.2, 0.3, 0.9], "top_score": 0.87, "score": 0.8, "type": "object"},
}


def binary(text):
    return io.BytesIO(text.encode())


def frigate(*entries, **more):
    more = {"recorded_at": ZERO, "duration": 1200.0} | more
    return list(read_frigate(binary(json.dumps(entries)), **more))


# --- every reader's events are taken by the one definition of an event --------------------------------


@pytest.mark.parametrize(
    "events",
    [
        lambda: list(read_aihub(binary(AIHUB.format(name="assault")))),
        lambda: list(read_kisa(binary(KISA))),
        lambda: frigate(FRIGATE, FRIGATE | {"label": "car", "zones": [], "data": {}}),
    ],
)
def test_what_is_read_can_be_stored(events):
    found = events()
    assert found
    checked = [from_json(event) for event in found]
    assert len({(event.source, event.external_id) for event in checked}) == len(
        {e["external_id"] for e in found}
    )


# --- AI-Hub -------------------------------------------------------------------------------------------


def test_an_event_of_aihub_and_what_each_person_did():
    event, first, second, fall = read_aihub(binary(AIHUB.format(name="assault")))
    assert (event["event_type"], event["timestamp"], event["end_timestamp"]) == ("assault", 150.5, 163.6)
    assert event["attributes"] == {
        "class": "assault", "location": "PLACE01", "season": "SPRING", "weather": "SUNNY", "time": "DAY",
    }  # fmt: skip
    assert (first["event_type"], first["track_id"], first["action_detected"]) == (
        "person",
        "person_1",
        "주먹질",
    )
    assert (first["timestamp"], first["end_timestamp"], second["timestamp"]) == (150.5, 152.5, 155.0)
    assert first["attributes"]["point"] == [0.5, 0.25]
    assert (fall["track_id"], fall["action_detected"]) == ("person_2", "쓰러짐")
    assert len({e["external_id"] for e in (event, first, second, fall)}) == 4


@pytest.mark.parametrize("name", CLASSES)
def test_all_twelve_classes_are_mapped(name):
    event = next(read_aihub(binary(AIHUB.format(name=name))))
    assert event["event_type"] in {event_type.code for event_type in VOCABULARY.event_types} - {"other"}


def test_a_class_that_is_new_is_other_and_kept():
    event = next(read_aihub(binary(AIHUB.format(name="juggling"))))
    assert (event["event_type"], event["attributes"]["class"]) == ("other", "juggling")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("<fps>30</fps>", ""), "frame rate"),
        (("00:02:30.5", "soon"), "start time"),
        (("</annotation>", ""), "well-formed"),
        (("<annotation>", "<annotations>"), "begins with"),
    ],
)
def test_an_aihub_file_that_is_wrong(change, complaint):
    with pytest.raises(FeedError, match=complaint):
        list(read_aihub(binary(AIHUB.format(name="assault").replace(*change))))


# --- KISA ---------------------------------------------------------------------------------------------


def test_alarms_of_kisa():
    loitering, fire = read_kisa(binary(KISA))
    assert (loitering["event_type"], loitering["timestamp"], loitering["end_timestamp"]) == (
        "loitering",
        181.0,
        224.0,
    )
    assert (fire["event_type"], fire["end_timestamp"]) == ("fire", None)
    assert [loitering["external_id"], fire["external_id"]] == ["C001101_001.mp4:1", "C001101_001.mp4:2"]


def test_what_is_written_for_kisa_is_read_again():
    events = [
        {"timestamp": 181.2, "end_timestamp": 224.0, "event_type": "loitering"},
        {"timestamp": 30.0, "end_timestamp": None, "event_type": "fall"},
        {"timestamp": 50.0, "end_timestamp": None, "event_type": "payment"},
    ]
    out = io.StringIO()
    assert write_kisa(events, out, filename="a<b>&\x07.mp4", duration=1200.0) == 2
    again = list(read_kisa(binary(out.getvalue())))
    assert [(event["event_type"], event["timestamp"]) for event in again] == [
        ("fall", 30.0),
        ("loitering", 181.0),
    ]
    assert again[0]["attributes"]["file"] == "a<b>&.mp4"
    assert "<AlarmEvents>2</AlarmEvents>" in out.getvalue()


# --- XML from strangers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><KisaLibraryIndex>&x;</KisaLibraryIndex>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><KisaLibraryIndex/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><KisaLibraryIndex>&x;</KisaLibraryIndex>',
        "<KisaLibraryIndex>" + "<a>" * 100 + "</a>" * 100 + "</KisaLibraryIndex>",
        "<KisaLibraryIndex>&nothing;</KisaLibraryIndex>",
        '<?xml version="1.0" encoding="klingon"?><KisaLibraryIndex/>',
        "",
        "no xml",
        "\0\0\0",
    ],
)
def test_hostile_xml_is_refused(text):
    with pytest.raises(FeedError):
        list(read_kisa(binary(text)))


def test_xml_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(xml, "MOST_BYTES", 100_000)
    alarm = "<Alarm><StartTime>1</StartTime></Alarm>"
    with pytest.raises(FeedError, match="larger"):
        for _ in read_kisa(binary("<KisaLibraryIndex>" + alarm * 10_000)):
            pass


def test_a_large_file_is_read_in_pieces():
    alarm = "<Alarm><StartTime>00:00:01</StartTime><AlarmDescription>Loitering</AlarmDescription></Alarm>"
    text = "<KisaLibraryIndex>" + alarm * 20_000 + "</KisaLibraryIndex>"
    assert sum(1 for _ in read_kisa(binary(text))) == 20_000


# --- Frigate ------------------------------------------------------------------------------------------


def test_a_tracked_object_of_frigate():
    (event,) = frigate(FRIGATE)
    assert (event["event_type"], event["timestamp"], event["end_timestamp"]) == ("person", 60.5, 75.25)
    assert (event["location"], event["confidence"], event["track_id"]) == ("driveway", 0.87, FRIGATE["id"])
    assert event["bbox"] == [0.1, 0.2, 0.3, 0.8]
    assert event["attributes"]["zones"] == ["driveway", "porch"]


def test_messages_line_by_line():
    lines = [json.dumps({"type": "end", "before": {}, "after": FRIGATE}), "", json.dumps(FRIGATE)]
    found = list(read_frigate(binary("\n".join(lines)), recorded_at=ZERO, duration=1200.0))
    assert [event["timestamp"] for event in found] == [60.5, 60.5]


@pytest.mark.parametrize(
    "change",
    [
        {"start_time": ZERO.timestamp() - 1},
        {"start_time": ZERO.timestamp() + 1200},
        {"camera": "back_door"},
        {"false_positive": True},
    ],
)
def test_what_is_not_of_this_video_is_left_out(change):
    assert frigate(FRIGATE | change, camera="front_door") == []


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"label": "car"}, "event_type", "other"),
        ({"label": "car"}, "action_detected", "차량 감지"),
        ({"end_time": None}, "end_timestamp", None),
        ({"end_time": 1.0}, "end_timestamp", None),
        ({"end_time": ZERO.timestamp() + 5000}, "end_timestamp", 1200.0),
        ({"zones": None}, "location", ""),
        ({"data": None}, "bbox", None),
        ({"data": {"box": [100, 200, 300, 400]}}, "bbox", None),
        ({"data": {"top_score": 7}}, "confidence", 1.0),
        ({"data": {"description": "A man."}}, "description", "A man."),
    ],
)
def test_values_of_frigate(change, field, value):
    (event,) = frigate(FRIGATE | change)
    assert event[field] == value


@pytest.mark.parametrize(
    "text",
    [
        "[1]",
        "[{}]",
        '[{"id": "a"}]',
        "[{",
        '{"id": 5, "start_time": 1}',
        "nothing",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_a_frigate_file_that_is_wrong(text):
    with pytest.raises(FeedError):
        list(read_frigate(binary(text), recorded_at=ZERO, duration=10.0))


def test_a_recording_time_without_zone_is_no_moment():
    with pytest.raises(FeedError, match="time zone"):
        frigate(FRIGATE, recorded_at=datetime(2026, 3, 2))


# --- out ----------------------------------------------------------------------------------------------

THEFT = {"timestamp": 750.0, "end_timestamp": 758.0, "event_type": "theft", "location": "진열대"}
EXIT = {"timestamp": 1199.0, "event_type": "exit", "location": "</v> --> 1\n\n2"}
OUT = [THEFT | {"action_detected": "가방에 넣기"}, EXIT | {"description": "=HYPERLINK(1)"}]


def test_chapters_for_a_player():
    out = io.StringIO()
    assert write_chapters(OUT, out, duration=1200.0) == 2
    assert out.getvalue() == (
        "WEBVTT\n"
        "\n00:12:30.000 --> 00:12:38.000\n도난 · 진열대 · 가방에 넣기\n"
        "\n00:19:59.000 --> 00:20:00.000\n퇴장 · &lt;/v&gt; --&gt; 1 2\n"
    )
    out = io.StringIO()
    write_chapters(OUT[:1], out, duration=1200.0, language="en")
    assert "theft" in out.getvalue()


def test_json_for_programs():
    out = io.StringIO()
    assert write_json(iter(OUT), out) == 2
    assert [event["timestamp"] for event in json.loads(out.getvalue())] == [750.0, 1199.0]
    out = io.StringIO()
    write_json([], out)
    assert json.loads(out.getvalue()) == []


def test_a_spreadsheet_runs_nothing():
    out = io.StringIO()
    write_spreadsheet([*OUT, {"timestamp": 1.0, "event_type": "other", "bbox": [0, 0, 1, 1]}], out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff"))))
    assert rows[1]["description"] == "'=HYPERLINK(1)"
    assert rows[2]["bbox"] == "[0, 0, 1, 1]"
    assert rows[0]["location"] == "진열대"


@pytest.mark.parametrize("first", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_of_a_spreadsheet_begins_as_a_formula(first):
    out = io.StringIO()
    write_spreadsheet([{"timestamp": 1.0, "location": f"{first}cmd|' /C calc'!A0", "track_id": first}], out)
    [row] = csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline=""))
    assert row["location"].startswith("'")
    assert row["track_id"].startswith("'")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:02:30.5", 150.5),
        ("02:30", 150.0),
        ("1:00:00", 3600.0),
        ("150.5", 150.5),
        ("00:00:01,5", 1.5),
        ("", None),
        (None, None),
        ("-5", None),
        ("nan", None),
        ("1:2:3:4", None),
        ("soon", None),
    ],
)
def test_times(text, seconds):
    assert seconds_in(text) == seconds


def test_milliseconds_carry_over():
    assert clock_with_milliseconds(59.9996) == "00:01:00.000"
    assert clock_with_milliseconds(86_399.5) == "23:59:59.500"


def test_an_aihub_object_of_too_many_spans_is_refused_and_not_cut(monkeypatch):
    monkeypatch.setattr("apps.videos.feeds.aihub._MOST_SPANS", 2)
    spans = "<frame><start>1</start><end>2</end></frame>" * 3
    action = f"<action><actionname>punching</actionname>{spans}</action>"
    text = AIHUB.format(name="assault").replace("</position>", f"</position>{action}", 1)
    with pytest.raises(FeedError, match="more than 2 spans"):
        list(read_aihub(binary(text)))
