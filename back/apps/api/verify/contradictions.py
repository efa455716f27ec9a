"""Words that the evidence contradicts: a yes over nothing, a type or a gender that is not there."""

import re
from collections.abc import Iterator
from functools import lru_cache

from apps.api.types import Claim
from apps.api.verify.counts import TYPE_WORDS
from apps.api.verify.facts import Facts
from apps.api.verify.words import WORDS
from semantics import VOCABULARY

_POLARITY = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in WORDS["polarity"].items()}
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]*)*[.!?\n]?")
_PRONOUNS = frozenset({"he", "his", "him", "she", "her", "hers"})


def _words(table: dict[str, list[str]]) -> list[tuple[str, re.Pattern[str]]]:
    out = []
    for code, words in table.items():
        korean = "|".join(re.escape(w) for w in words if not w.isascii())
        english = "|".join(re.escape(w) for w in words if w.isascii())
        either = [rf"(?:{korean})"] * bool(korean) + [rf"\b(?:{english})\b"] * bool(english)
        out.append((code, re.compile("|".join(either), re.IGNORECASE)))
    return out


_TYPES = _words(WORDS["types"])
_GENDERS = _words(WORDS["genders"])


def contradictions(text: str, facts: Facts, *, tells_of_events: bool) -> Iterator[Claim]:
    """`tells_of_events`: some moment or marker of the text stands in the evidence."""
    yield from _polarity(text, facts, tells_of_events=tells_of_events)
    if not facts.evidence.events or not facts.evidence.whole:
        return
    for sentence in _SENTENCE.finditer(text):
        if _POLARITY["negative"].search(sentence[0]):
            continue
        yield from _types(sentence, facts)
        yield from _genders(sentence, facts)


def _polarity(text: str, facts: Facts, *, tells_of_events: bool) -> Iterator[Claim]:
    if _POLARITY["negative_question"].search(facts.question):
        return  # "없었지?" is answered yes by nothing at all
    if facts.empty:
        first = _SENTENCE.match(text.lstrip()) or _SENTENCE.match(text)
        denies = bool(first and _POLARITY["absent"].search(first[0]))
        wrong = _POLARITY["yes"].search(text) if not denies else None
        wrong = wrong or (
            _POLARITY["present"].search(text) if not _POLARITY["negative"].search(text) else None
        )
    elif facts.evidence.count and not facts.unknown:
        wrong = None if tells_of_events else (_POLARITY["no"].search(text) or _only_absent(text))
    else:
        wrong = None
    if wrong:
        yield Claim(
            wrong[0].strip(),
            wrong.end() - len(wrong[0].lstrip()),
            wrong.end(),
            "polarity",
            facts.evidence.count,
        )


def _only_absent(text: str) -> re.Match[str] | None:
    return None if _POLARITY["present"].search(text) else _POLARITY["absent"].search(text)


def _types(sentence: re.Match[str], facts: Facts) -> Iterator[Claim]:
    if _POLARITY["compares"].search(sentence[0]):
        return
    named = _named_types(sentence[0])
    if not named:
        return
    there = {event.event_type for event in facts.evidence.events} | {str(cell) for cell in facts.cells}
    beside = set(facts.searched.codes)
    said = sentence[0].lower()
    # "강도나 화재 이벤트는 모두 2건": a type that was asked for may stand beside one that was found
    if any(word in said for code in there if code in TYPE_WORDS for word in TYPE_WORDS[code]):
        beside |= set(facts.searched.any_of)
        beside |= _named_types(facts.question)
    there |= beside
    for code, pattern in _TYPES:
        if code in there or code not in named:
            continue
        for match in pattern.finditer(sentence[0]):
            if match[0].lower() not in facts.stored_of_events and not _shared(match[0], there):
                yield _claim(sentence, match, "type", code)


@lru_cache(maxsize=256)
def _named_types(text: str) -> frozenset[str]:
    return frozenset(code for code, pattern in _TYPES if pattern.search(text))


def _shared(word: str, there: set[str]) -> bool:
    """몸싸움 holds 싸움: the word belongs to a type that is there."""
    return any(pattern.search(word) for code, pattern in _TYPES if code in there)


def _genders(sentence: re.Match[str], facts: Facts) -> Iterator[Claim]:
    there = {event.gender for event in facts.evidence.events} | {str(cell) for cell in facts.cells}
    there |= set(facts.searched.codes)
    for code, pattern in _GENDERS:
        if code in there:
            continue
        for match in pattern.finditer(sentence[0]):
            word = match[0].lower()
            if word in facts.stored_of_events or (word in _PRONOUNS and "unknown" in there):
                continue
            yield _claim(sentence, match, "gender", code)


def _claim(sentence: re.Match[str], match: re.Match[str], kind: str, value: str) -> Claim:
    start = sentence.start() + match.start()
    return Claim(match[0], start, start + len(match[0]), kind, value)  # type: ignore[arg-type]


assert {code for code, _ in _TYPES} <= {t.code for t in VOCABULARY.event_types}
