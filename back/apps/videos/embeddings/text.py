"""What is said of an event, as one text to embed: in both languages where the vocabulary has them."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

from apps.db.vectors.writing import Unembedded
from semantics import VOCABULARY

# Cohere's third generation takes 2048 characters, and what comes first says most.
LONGEST = 1_500
LONGEST_ATTRIBUTES = 400
WORDS_EACH = 3
_NAMESPACE = uuid.UUID("6c2f1f0e-5f0b-4d54-9a45-3b1d6d2c7b11")
_GENDERS = {gender.code: gender.words for gender in VOCABULARY.genders}


def text_of(event: Unembedded) -> str:
    """Never empty: a kind, at least, every event has. What tells events apart comes first."""
    said = [event.description, event.action_detected, event.location, *_person(event), _kind(event)]
    said.append(", ".join(_attributes(json.loads(event.attributes or "{}")))[:LONGEST_ATTRIBUTES])
    return ". ".join(" ".join(part.split()).rstrip(".") for part in said if part.strip())[:LONGEST]


def digest_of(text: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, text)


def _kind(event: Unembedded) -> str:
    words = VOCABULARY.event_type(event.event_type).words
    return ", ".join((*words.ko[:WORDS_EACH], *words.en[:WORDS_EACH]))


def _person(event: Unembedded) -> Iterator[str]:
    words = _GENDERS.get(event.gender)
    if words is not None and words.ko and event.gender != "unknown":
        yield f"{words.ko[0]}, {words.en[0]}"
    if event.age is not None:
        yield f"{event.age}세, aged {event.age}"


def _attributes(value: Any, name: str = "") -> Iterator[str]:
    """clothing: blue jacket; what is nested or listed by itself, numbers of machines left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _attributes(inner, str(key).replace("_", " "))
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _attributes(inner, name)
    elif isinstance(value, str) and value.strip():
        yield f"{name}: {value}" if name else value
    elif value is True and name:
        yield name
