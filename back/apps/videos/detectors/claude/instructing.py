"""Fills in the template that stands beside this file; a name missing on either side raises."""

from pathlib import Path
from string import Template

from apps.videos.detectors.window import Frame, Window
from apps.videos.detectors.zones import Zones
from semantics import VOCABULARY

_TEMPLATE = Template(Path(__file__).with_name("instructions.txt").read_text(encoding="utf-8"))


def instructions(window: Window, frames: list[Frame], zones: Zones) -> str:
    places = [zone.name for zone in zones.zones] or [place.ko[0] for place in VOCABULARY.places]
    return _TEMPLATE.substitute(
        count=len(frames),
        moments=", ".join(f"{frame.seconds:.1f}" for frame in frames),
        start=f"{window.start:.1f}",
        end=f"{window.end:.1f}",
        # One line each: a zone's name is whatever somebody typed.
        places=", ".join(" ".join(place.split()) for place in places),
        event_types="\n".join(
            f"- {event_type.code}: {', '.join((*event_type.words.en, *event_type.words.ko))}"
            for event_type in VOCABULARY.event_types
        ),
    )
