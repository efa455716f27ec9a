"""The question as the engines get it: text, moment, scope and what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.api.types import EventRow, Language, VideoInfo


@dataclass(frozen=True, slots=True)
class Scoped:
    """A video that may be asked about, with the places and actions that are frequent in it."""

    video: VideoInfo
    locations: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    # What answers about it depend on: grows with its events, moves with its own fields.
    version: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, with what was made of it and what it rested on."""

    prompt: str
    now: datetime | None = None
    response: str = ""
    query: Mapping[str, Any] | None = None
    sql: str = ""
    evidence: tuple[EventRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A question whose SQL is known to be right."""

    question: str
    sql: str
    evidence_sql: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    prompt: str
    language: Language
    now: datetime
    scope: tuple[Scoped, ...]
    video_id: int | None = None
    history: tuple[Turn, ...] = ()
    # Good exchanges of the asker's own, to learn from beside the product's.
    examples: tuple[Example, ...] = ()

    @property
    def videos(self) -> tuple[VideoInfo, ...]:
        return tuple(scoped.video for scoped in self.scope)

    @property
    def versions(self) -> dict[int, str]:
        return {scoped.video.id: scoped.version for scoped in self.scope}

    @property
    def video_ids(self) -> tuple[int, ...]:
        return tuple(scoped.video.id for scoped in self.scope)
