import json

import pytest
from django.core.management import CommandError, call_command

from apps.db.models import Event
from apps.videos.import_export.exporting import EXPORTS
from conftest import errors_of

pytestmark = pytest.mark.django_db(transaction=True)

KISA = """<?xml version="1.0" encoding="utf-8"?>
<KisaLibraryIndex><Library><Clip><Header><Filename>C001.mp4</Filename></Header>
<Alarms>
<Alarm><StartTime>00:02:30</StartTime><AlarmDescription>Loitering</AlarmDescription>
<AlarmDuration>00:00:20</AlarmDuration></Alarm>
</Alarms></Clip></Library></KisaLibraryIndex>"""
FRIGATE = [
    {
        "id": "1709355600.5-abc",
        "camera": "CAM-01",
        "label": "person",
        "start_time": 1772427660.0,
        "end_time": 1772427670.0,
        "data": {"score": 0.8},
        "zones": ["door"],
    }
]


@pytest.fixture
def video(alice, make_video):
    return make_video(alice.user, recorded_at="2026-03-02T05:00:00Z")


def send(caller, video, feed: str, body, content_type: str):
    data = body if isinstance(body, str) else json.dumps(body)
    return caller.post(f"/api/videos/{video.pk}/import/?from={feed}", data, content_type)


def test_kisa_in_and_out(alice, bob, video):
    response = send(alice, video, "kisa", KISA, "application/xml")
    assert response.status_code == 201, response.content
    assert response.json() == {"created": 1, "updated": 0, "unchanged": 0}
    assert send(alice, video, "kisa", KISA, "text/xml").json()["unchanged"] == 1
    event = Event.objects.get()
    assert (event.event_type, event.timestamp, event.end_timestamp) == ("loitering", 150.0, 170.0)
    xml = alice.client.get(f"/api/videos/{video.pk}/export/?as=kisa").getvalue().decode()
    assert "00:02:30" in xml
    assert "Loitering" in xml
    assert send(bob, video, "kisa", KISA, "application/xml").status_code == 404
    assert bob.get(f"/api/videos/{video.pk}/export/?as=kisa").status_code == 404


def test_frigate_needs_a_clock(alice, video, make_video):
    response = send(alice, video, "frigate", FRIGATE, "application/json")
    assert response.status_code == 201, response.content
    event = Event.objects.get()
    assert (event.event_type, event.timestamp) == ("person", 60.0)
    without = make_video(alice.user, recorded_at=None)
    assert errors_of(send(alice, without, "frigate", FRIGATE, "application/json")) == {
        "recorded_at": "needs_clock"
    }


@pytest.mark.parametrize("export", sorted(EXPORTS))
def test_every_export_tells_every_event(alice, video, make_event, export):
    make_event(video, 750.0, "theft", end_timestamp=768.0, location="화장품 코너", description="=1+1")
    make_event(video, 800.0, "loitering")
    response = alice.client.get(f"/api/videos/{video.pk}/export/?as={export}")
    assert response.status_code == 200
    body = response.getvalue()
    assert response.headers["Content-Length"] == str(len(body))
    assert response.headers["Content-Disposition"].startswith("attachment")
    text = body.decode()
    assert "13:20" in text or "800" in text
    if export != "kisa":  # the certification has no theft
        assert "12:30" in text or "750" in text
    if export == "chapters":
        assert "도난" in text
    if export == "spreadsheet":
        assert "'=1+1" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron", 'attachment; filename=".._.._etc_cron.csv"'),
        ("C:\\\\x", 'attachment; filename="C:__x.csv"'),
        ("a\r\nSet-Cookie: b=1", 'attachment; filename="a__Set-Cookie: b=1.csv"'),
        ("\u202evsc.exe", 'attachment; filename="_vsc.exe.csv"'),
        ("매장", "attachment; filename*=utf-8''%EB%A7%A4%EC%9E%A5.csv"),
    ],
)
def test_a_file_is_called_as_its_video_and_leads_nowhere(alice, make_video, name, shown):
    response = alice.client.get(f"/api/videos/{make_video(alice.user, name=name).pk}/export/?as=csv")
    assert response.headers["Content-Disposition"] == shown
    response.close()


def test_mistakes_are_named_and_nothing_is_stored(alice, video):
    assert errors_of(send(alice, video, "kisa", "<html/>", "application/xml")) == {"file": "unreadable"}
    assert errors_of(send(alice, video, "aihub", "not xml", "application/xml")) == {"file": "unreadable"}
    assert send(alice, video, "kisa", KISA, "text/csv").status_code == 415
    assert errors_of(send(alice, video, "other", KISA, "text/xml")) == {"from": "literal_error"}
    assert errors_of(alice.get(f"/api/videos/{video.pk}/export/")) == {"as": "required"}
    assert not Event.objects.exists()


def test_from_the_shell(video, tmp_path, capsys):
    source = tmp_path / "c001.xml"
    source.write_text(KISA)
    call_command("import_events", str(source), video=video.pk, format="kisa")
    assert "1 created" in capsys.readouterr().out
    call_command("export_events", str(tmp_path / "c001.vtt"), video=video.pk)
    assert "00:02:30.000" in (tmp_path / "c001.vtt").read_text()
    source.write_text("<html/>")
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_events", str(source), video=video.pk, format="kisa")
