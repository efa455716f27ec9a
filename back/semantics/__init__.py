"""The semantic layer as data: event types, groups, people, places and the columns a question may touch."""

from semantics.vocabulary import (
    VOCABULARY,
    AgeGroup,
    Column,
    EventGroup,
    EventType,
    Gender,
    Table,
    Vocabulary,
    Words,
)

__all__ = [
    "VOCABULARY",
    "AgeGroup",
    "Column",
    "EventGroup",
    "EventType",
    "Gender",
    "Table",
    "Vocabulary",
    "Words",
]
