"""A question set is a directory of data: videos, events, questions and the golds computed from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

SETS = Path(__file__).with_name("sets")

GoldKind = Literal["events", "value", "rows", "coverage", "refuse", "clarify"]
# The kinds whose gold is computed; the other two are judged by the kind of the reply alone.
COMPUTED = frozenset({"events", "value", "rows", "coverage"})
GOLD_KINDS = COMPUTED | {"refuse", "clarify"}


class BadSet(Exception):
    """A set that cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    lang: Literal["ko", "en"]
    category: str
    difficulty: Literal["easy", "medium", "hard"]
    question: str
    gold: GoldKind
    # None asks across every video of the set.
    video_id: int | None = None
    gold_sql: str | None = None
    evidence_sql: str | None = None
    # The moment of asking, ISO 8601; "today" counts from it.
    now: str | None = None
    # Earlier questions of the same conversation, oldest first.
    history: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Question":
        return cls(**{**data, "history": tuple(data.get("history", ()))})


@dataclass(frozen=True, slots=True)
class Gold:
    """What is right: the ids of the events or of the evidence, one figure, or the rows of a grouping."""

    ids: tuple[int, ...] = ()
    value: Any = None
    rows: tuple[tuple[Any, ...], ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Gold":
        return cls(tuple(data["ids"]), data["value"], tuple(tuple(row) for row in data["rows"]))

    def as_json(self, question_id: str) -> dict[str, Any]:
        return {
            "id": question_id,
            "ids": list(self.ids),
            "value": self.value,
            "rows": [list(row) for row in self.rows],
        }


@dataclass(frozen=True)
class QuestionSet:
    directory: Path
    videos: tuple[dict[str, Any], ...]
    events: tuple[dict[str, Any], ...]
    questions: tuple[Question, ...]
    golds: Mapping[str, Gold]

    @property
    def name(self) -> str:
        return self.directory.name

    @property
    def baseline(self) -> Path:
        return self.directory / "baseline.json"

    @cached_property
    def events_by_id(self) -> dict[int, dict[str, Any]]:
        return {event["id"]: event for event in self.events}


def available() -> list[str]:
    return sorted(path.parent.name for path in SETS.glob("*/questions.jsonl"))


def load(name: str) -> QuestionSet:
    """One of the sets of this package by its name, or any directory of the same shape."""
    directory = SETS / name if (SETS / name).is_dir() else Path(name)
    if not (directory / "questions.jsonl").is_file():
        raise BadSet(f"{name}: no such set; there are {', '.join(available())}")
    try:
        videos = tuple(json.loads((directory / "videos.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise BadSet(f"{directory / 'videos.json'}: {error}") from error
    gold_file = directory / "gold.jsonl"
    golds = _lines(gold_file) if gold_file.is_file() else []
    return QuestionSet(
        directory=directory,
        videos=videos,
        events=tuple(_lines(directory / "events.jsonl")),
        questions=tuple(_question(directory, line) for line in _lines(directory / "questions.jsonl")),
        golds={gold["id"]: Gold.from_json(gold) for gold in golds},
    )


def _question(directory: Path, data: dict[str, Any]) -> Question:
    try:
        return Question.from_json(data)
    except TypeError as error:
        raise BadSet(f"{directory / 'questions.jsonl'}: {data.get('id')}: {error}") from error


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            lines = [(number, line) for number, line in enumerate(file, start=1) if line.strip()]
    except OSError as error:
        raise BadSet(f"{path}: {error}") from error
    read = []
    for number, line in lines:
        try:
            read.append(json.loads(line))
        except ValueError as error:
            raise BadSet(f"{path}:{number}: {error}") from error
    return read
