"""The XML of KISA's certification of intelligent CCTV: alarms of a clip, in and out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, BinaryIO
from xml.sax.saxutils import escape

from apps.videos.feeds.errors import FeedError
from apps.videos.feeds.times import clock, seconds_in
from apps.videos.feeds.xml import elements, text_of
from semantics import VOCABULARY

SOURCE = "kisa"

_READ = {
    "loitering": "loitering",
    "intrusion": "intrusion",
    "abandonment": "abandonment",
    "firedetection": "fire",
    "fire": "fire",
    "arson": "fire",
    "violence": "fight",
    "fight": "fight",
    "fighting": "fight",
    "falldown": "fall",
    "swoon": "fall",
}
# What the certification has a name for; the rest of our types is not written.
_WRITTEN = {
    "loitering": "Loitering",
    "intrusion": "Intrusion",
    "abandonment": "Abandonment",
    "fire": "FireDetection",
    "fight": "Violence",
    "assault": "Violence",
    "fall": "Falldown",
}


def read_kisa(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """Dicts with the fields of an event. Raises FeedError."""
    name, number = "", 0
    for element in elements(stream, {"Filename", "Alarm"}, root="KisaLibraryIndex"):
        if element.tag == "Filename":
            name, number = (element.text or "").strip()[:150], 0
            continue
        written = text_of(element, "AlarmDescription")
        start, lasts = (
            seconds_in(element.findtext("StartTime")),
            seconds_in(element.findtext("AlarmDuration")),
        )
        number += 1
        if start is None:
            raise FeedError(f"Alarm {number} of {name or 'the clip'} has no start time that can be read.")
        event_type = _READ.get(written.lower().replace(" ", "").replace("_", ""), "other")
        word = VOCABULARY.event_type(event_type).words.ko[0]
        yield {
            "timestamp": start,
            "end_timestamp": start + lasts if lasts else None,
            "event_type": event_type,
            "action_detected": word,
            "description": f"{word} 경보가 기록되었다.",
            "attributes": {"alarm": written, "file": name},
            "source": SOURCE,
            "external_id": f"{name}:{number}",
        }


def write_kisa(events: Iterable[Mapping[str, Any]], out: IO[str], *, filename: str, duration: float) -> int:
    """Returns how many were written: those of a type that the certification knows, in time order."""
    alarms = sorted(
        (event["timestamp"], event.get("end_timestamp"), _WRITTEN[event["event_type"]])
        for event in events
        if event["event_type"] in _WRITTEN
    )
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<KisaLibraryIndex>\n  <Library>\n    <Clip>\n')
    out.write("      <Header>\n")
    out.write(f"        <Filename>{escape(_printable(filename))}</Filename>\n")
    out.write(f"        <Duration>{clock(duration)}</Duration>\n")
    out.write(f"        <AlarmEvents>{len(alarms)}</AlarmEvents>\n      </Header>\n      <Alarms>\n")
    for start, end, name in alarms:
        lasts = clock(max(0.0, (end if end is not None else start) - start))
        out.write(
            f"        <Alarm><StartTime>{clock(start)}</StartTime><AlarmDescription>{name}</AlarmDescription>"
            f"<AlarmDuration>{lasts}</AlarmDuration></Alarm>\n"
        )
    out.write("      </Alarms>\n    </Clip>\n  </Library>\n</KisaLibraryIndex>\n")
    return len(alarms)


def _printable(text: str) -> str:
    """XML has no way to write control characters, not even escaped."""
    return "".join(character for character in text if character.isprintable())
