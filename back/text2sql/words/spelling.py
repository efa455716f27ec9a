"""Guesses for misspelt words: known ones within one or two letters (jamo in Korean). Never numbers."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from text2sql.words.hangul import is_syllable, sound
from text2sql.words.lexicon import LEXICON, Index
from text2sql.words.tokens import Sense

# Only words that say what is looked for are guessed at: a wrong guess at these is shown to the person.
_KINDS = frozenset(
    [
        "type",
        "group",
        "gender",
        "age",
        "person",
        "place",
        "thing",
        "location",
        "action",
        "order",
        "ask",
        "daypart",
        "day",
        "part",
        "unrecorded",
        "neg",
        "attr",
        "dim",
        "month",
        "weekday",
        "moment",
        "personish",
        "everywhere",
        "whole",
        "vehicle",
        "func",
    ]
)


class Guess(NamedTuple):
    word: str
    form: str
    senses: tuple[Sense, ...]
    cost: float


def guesses(
    low: str, start: int, end: int, scope: Index, real: set[tuple[int, int]]
) -> Iterator[tuple[int, int, Guess]]:
    """(start, end, guess) for every stretch of the region that is nearly a known word."""
    if end - start > 40:
        return
    if low[start:end].isascii():
        word = low[start:end].strip(".,!?'\"()")
        if word.isalpha() and (guess := _english(word)):
            at = low.index(word, start)
            yield at, at + len(word), guess
        return
    for at in range(start, end):
        if not is_syllable(low[at]):
            continue
        for stop in range(at + 2, min(end, at + 7) + 1):
            piece = low[at:stop]
            if not is_syllable(piece[-1]):
                break
            if piece in LEXICON.korean or piece in scope.korean:
                continue
            if any((at, beyond) in real for beyond in range(stop, end + 1)):  # 사망자 is no 사탕자
                continue
            if guess := _korean(piece) or _scope(piece, scope):
                yield at, stop, guess


def _shorter(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _meaning(senses: tuple[Sense, ...]) -> tuple[Sense, ...]:
    return tuple(sense for sense in senses if sense.kind in _KINDS)


@lru_cache(maxsize=1)
def _korean_index() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word, entry in LEXICON.korean.items():
        if len(word) >= 2 and all(map(is_syllable, word)) and _meaning(entry.senses):
            for key in _shorter(sound(word)):
                index.setdefault(key, []).append(word)
    return index


@lru_cache(maxsize=1)
def _english_index() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word, node in LEXICON.english.items():
        if len(word) >= 5 and _meaning(node.get("", ())):
            for key in _shorter(word):
                index.setdefault(key, []).append(word)
    return index


@lru_cache(maxsize=4096)
def _korean(piece: str) -> Guess | None:
    heard = sound(piece)
    if len(heard) < 4:
        return None
    best: tuple[float, str] | None = None
    for key in _shorter(heard):
        for word in _korean_index().get(key, ()):
            far = distance(heard, sound(word))
            if far > (1 if len(heard) < 8 else 2) or abs(len(word) - len(piece)) > 1:
                continue
            if far and len(heard) < 5:
                continue
            if best is None or (far, word) < best:
                best = (far, word)
    if best is None:
        return None
    entry = LEXICON.korean[best[1]]
    return Guess(best[1], "verb" if entry.verb else "word", _meaning(entry.senses), 1.9 + 0.4 * best[0])


def _scope(piece: str, scope: Index) -> Guess | None:
    if len(piece) < 3 or len(scope.korean) > 400:
        return None
    heard = sound(piece)
    for word, entry in scope.korean.items():
        alike = (
            len(word) >= 3
            and abs(len(word) - len(piece)) <= 1
            and (word[0] == piece[0] or word[-1] == piece[-1])
        )
        if alike and distance(heard, sound(word)) <= 1:
            return Guess(word, "word", entry.senses, 2.3)
    return None


@lru_cache(maxsize=4096)
def _english(word: str) -> Guess | None:
    if len(word) < 5:
        return None
    found: list[tuple[int, str, str]] = []
    for suffix in ("", "s", "ed", "ing", "es"):
        stem = word.removesuffix(suffix)
        if (suffix and stem == word) or len(stem) < 5:
            continue
        for key in _shorter(stem):
            for known in _english_index().get(key, ()):
                far = distance(stem, known)
                if len(stem) < 6 and not _says_what(known):
                    continue
                if far <= (1 if len(stem) < 8 else 2) and (stem[0] == known[0] or stem[:2] == known[1::-1]):
                    found.append((far, suffix, known))
    if not found:
        return None
    far, _, known = min(found)
    return Guess(known, "word", _meaning(LEXICON.english[known].get("", ())), 1.9 + 0.4 * far)


def _says_what(known: str) -> bool:
    """Short words are guessed at only where they name an event or a person: block is not black."""
    return any(
        sense.kind in ("type", "group", "gender", "age", "ask", "order")
        for sense in LEXICON.english[known].get("", ())
    )


def distance(a: str, b: str) -> int:
    """Letters to insert, drop, change or swap with their neighbour."""
    previous: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, previous, row = previous, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
    return row[-1]
