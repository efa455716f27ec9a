"""Events as WebVTT: chapters that a player shows beside the video."""

from collections.abc import Iterable, Mapping
from typing import IO, Any, Literal

from apps.videos.feeds.times import clock_with_milliseconds
from semantics import VOCABULARY

_MOMENT = 4.0  # how long an event without an end stands


def write_chapters(
    events: Iterable[Mapping[str, Any]],
    out: IO[str],
    *,
    duration: float,
    language: Literal["ko", "en"] = "ko",
) -> int:
    """In the order given, which has to be that of time. Returns how many were written."""
    out.write("WEBVTT\n")
    count = 0
    for event in events:
        start = event["timestamp"]
        end = max(event.get("end_timestamp") or 0.0, min(start + _MOMENT, duration), start + 0.1)
        words = VOCABULARY.event_type(event["event_type"]).words
        title = words.ko[0] if language == "ko" else words.en[0]
        about = [part for part in (event.get("location"), event.get("action_detected")) if part]
        line = " · ".join([title, *about])
        out.write(
            f"\n{clock_with_milliseconds(start)} --> {clock_with_milliseconds(end)}\n{_one_line(line)}\n"
        )
        count += 1
    return count


def _one_line(text: str) -> str:
    """A line break would end the cue, "-->" begin another one, and < open a tag."""
    text = " ".join(text.replace("\0", "").split())
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
