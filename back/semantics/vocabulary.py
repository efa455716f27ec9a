"""Reads vocabulary.toml once into frozen dataclasses."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one meaning, per language; the first of each is the one to say it with."""

    ko: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventType:
    code: str
    severity: Literal[0, 1, 2]
    words: Words
    about: Literal["person", "vehicle"]
    noun_en: tuple[str, str]  # one, several: "a theft", "two thefts"


@dataclass(frozen=True, slots=True)
class EventGroup:
    """A word for several types at once: by severity or by a list of types."""

    code: str
    words: Words
    types: frozenset[str]
    severity: frozenset[int] | None
    only_alone: bool


@dataclass(frozen=True, slots=True)
class Gender:
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Both ends are included; None is an open end."""

    code: str
    words: Words
    from_: int | None
    to: int | None
    with_person: bool


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    about: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    event_types: tuple[EventType, ...]
    event_groups: tuple[EventGroup, ...]
    genders: tuple[Gender, ...]
    age_groups: tuple[AgeGroup, ...]
    person: Words
    places: tuple[Words, ...]
    everywhere: Words
    things: tuple[Words, ...]
    tables: tuple[Table, ...]
    _types_by_code: Mapping[str, EventType] = field(repr=False)

    def event_type(self, code: str) -> EventType:
        return self._types_by_code[code]

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    def codes_of_severity(self, severity: int) -> tuple[str, ...]:
        return tuple(t.code for t in self.event_types if t.severity == severity)


def _words(entry: Mapping[str, Any]) -> Words:
    return Words(ko=tuple(entry["ko"]), en=tuple(entry["en"]))


def load(path: Path) -> Vocabulary:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    types = tuple(
        EventType(
            t["code"], t["severity"], _words(t), t.get("about", "person"), tuple(raw["noun_en"][t["code"]])
        )
        for t in raw["event_type"]
    )

    def group(entry: Mapping[str, Any]) -> EventGroup:
        severity = frozenset(entry["severity"]) if "severity" in entry else None
        codes = entry.get("types") or [t.code for t in types if severity and t.severity in severity]
        return EventGroup(
            entry["code"], _words(entry), frozenset(codes), severity, entry.get("only_alone", False)
        )

    return Vocabulary(
        event_types=types,
        event_groups=tuple(group(g) for g in raw["event_group"]),
        genders=tuple(Gender(g["code"], _words(g)) for g in raw["gender"]),
        age_groups=tuple(
            AgeGroup(a["code"], _words(a), a.get("from"), a.get("to"), a.get("with_person", False))
            for a in raw["age_group"]
        ),
        person=_words(raw["person"]),
        places=tuple(_words(p) for p in raw["place"]),
        everywhere=_words(raw["everywhere"]),
        things=tuple(_words(t) for t in raw["thing"]),
        tables=tuple(
            Table(t["name"], t["about"], tuple(Column(**column) for column in t["column"]))
            for t in raw["table"]
        ),
        _types_by_code={t.code: t for t in types},
    )


VOCABULARY = load(Path(__file__).with_name("vocabulary.toml"))
