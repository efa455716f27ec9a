"""AI-Hub's annotations of abnormal behaviour (이상행동 CCTV 영상): a file per clip with an event in it, and
with what each person did from frame to frame.

The event becomes one event of our type. What each person did becomes an event of type `person` with the
person's track: so it can be found and counted, and one assault stays one assault.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from apps.videos.feeds.errors import FeedError
from apps.videos.feeds.times import seconds_in
from apps.videos.feeds.xml import elements, text_of

SOURCE = "aihub"

# The twelve classes of the data set.
CLASSES: dict[str, tuple[str, str]] = {
    "assault": ("assault", "폭행"),
    "fight": ("fight", "싸움"),
    "burglary": ("theft", "절도"),
    "vandalism": ("vandalism", "기물파손"),
    "swoon": ("fall", "실신"),
    "wander": ("loitering", "배회"),
    "trespass": ("intrusion", "침입"),
    "dump": ("dumping", "투기"),
    "robbery": ("robbery", "강도"),
    "datefight": ("assault", "데이트폭력 및 추행"),
    "kidnap": ("kidnapping", "납치"),
    "drunken": ("drunkenness", "주취행동"),
}
_ACTIONS = {
    "punching": "주먹질",
    "kicking": "발차기",
    "pushing": "밀치기",
    "pulling": "잡아끌기",
    "throwing": "던지기",
    "piercing": "찌르기",
    "threaten": "위협",
    "stealing": "훔치기",
    "destroying": "부수기",
    "falldown": "쓰러짐",
    "walking": "걷기",
    "running": "뛰기",
    "wandering": "서성거림",
    "drinking": "음주",
}
_ABOUT_THE_SCENE = ("location", "season", "weather", "time", "population", "character", "inout")
_MOST_SPANS = 10_000


def read_aihub(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """Dicts with the fields of an event. Raises FeedError."""
    name, fps, size, scene = "", 0.0, (0.0, 0.0), {}
    for element in elements(stream, {"filename", "size", "header", "event", "object"}, root="annotation"):
        if element.tag == "filename":
            name = (element.text or "").strip()[:120]
        elif element.tag == "size":
            size = (
                seconds_in(text_of(element, "width")) or 0.0,
                seconds_in(text_of(element, "height")) or 0.0,
            )
        elif element.tag == "header":
            fps = seconds_in(text_of(element, "fps")) or 0.0
            scene = {key: text for key in _ABOUT_THE_SCENE if (text := text_of(element, key))}
        elif element.tag == "event":
            yield _event(element, name, scene)
        elif fps > 0:
            yield from _actions(element, name, fps, size)
        elif element.find("action") is not None:
            raise FeedError("The header gives no frame rate, so frames cannot be turned into seconds.")


def _event(element: Element, name: str, scene: dict[str, str]) -> dict[str, Any]:
    written = text_of(element, "eventname").lower()
    event_type, korean = CLASSES.get(written.replace("_", "").replace(" ", ""), ("other", written))
    start = seconds_in(element.findtext("starttime"))
    if start is None:
        raise FeedError(f"The event {written!r} has no start time that can be read.")
    lasts = seconds_in(element.findtext("duration"))
    return {
        "timestamp": start,
        "end_timestamp": None if lasts is None else round(start + lasts, 3),
        "event_type": event_type,
        "action_detected": korean,
        "description": f"{korean} 상황이 기록되었다." if korean else "",
        "attributes": {"class": written, **scene},
        "source": SOURCE,
        "external_id": f"{name}:event:{start:g}",
    }


def _actions(element: Element, name: str, fps: float, size: tuple[float, float]) -> Iterator[dict[str, Any]]:
    who = text_of(element, "objectname", longest=50)
    attributes = {}
    point = (
        seconds_in(element.findtext("position/keypoint/x")),
        seconds_in(element.findtext("position/keypoint/y")),
    )
    if None not in point and all(size):
        attributes["point"] = [
            round(part / side, 4) for part, side in zip(point, size, strict=True) if part is not None
        ]
    told = 0
    for action in element.iterfind("action"):
        written = text_of(action, "actionname")
        for span in action.iterfind("frame"):
            start, end = seconds_in(span.findtext("start")), seconds_in(span.findtext("end"))
            told += 1
            if told > _MOST_SPANS:
                raise FeedError(f"{name}: more than {_MOST_SPANS} spans of one object; divide the file")
            if start is None:
                continue
            korean = _ACTIONS.get(written.lower(), written)
            yield {
                "timestamp": round(start / fps, 3),
                "end_timestamp": round(end / fps, 3) if end is not None and end >= start else None,
                "event_type": "person",
                "action_detected": korean,
                "track_id": who or None,
                "description": f"{who}: {korean}" if who else korean,
                "attributes": {"action": written, **attributes},
                "source": SOURCE,
                "external_id": f"{name}:{who}:{written[:40]}:{start:g}",
            }
