"""All words that the reader knows, indexed by how they are written."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from semantics import VOCABULARY, Vocabulary, Words
from text2sql.words.english import dictionary_forms
from text2sql.words.hangul import is_hangul, is_syllable, split, verb_forms
from text2sql.words.tokens import Sense

_NOUNS = ("바다", "최다", "마다")  # for all their 다
_END = ""  # the key of a trie node that holds senses; no word is empty


@dataclass(slots=True)
class _Entry:
    senses: tuple[Sense, ...] = ()
    verb: bool = False


@dataclass(slots=True)
class Index:
    """Korean and mixed words by their letters without spaces; English phrases by their words."""

    korean: dict[str, _Entry] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    english: dict[str, Any] = field(default_factory=dict)

    def add(self, word: str, sense: Sense) -> None:
        word = word.lower().strip()
        if any(is_hangul(char) for char in word):
            self._add_korean(word, sense)
        elif any(char.isalnum() for char in word):
            self._add_english(word, sense)
        else:
            self.put(word, sense, verb=False)

    def _add_korean(self, word: str, sense: Sense) -> None:
        verb = len(word) > 1 and word.endswith("다") and word not in _NOUNS and is_syllable(word[-2])
        if verb:
            for form in verb_forms(word):
                self.put(form.replace(" ", ""), sense, verb=True)
        else:
            self.put(word.replace(" ", ""), sense, verb=False)

    def put(self, key: str, sense: Sense, *, verb: bool = False) -> None:
        entry = self.korean.setdefault(key, _Entry())
        if sense not in entry.senses:
            entry.senses += (sense,)
        entry.verb = entry.verb or verb
        self.prefixes.update(key[:size] for size in range(1, len(key) + 1))

    def _add_english(self, phrase: str, sense: Sense) -> None:
        node = self.english
        for word in english_words(phrase):
            node = node.setdefault(word, {})
        senses = node.get(_END, ())
        if sense not in senses:
            node[_END] = (*senses, sense)

    def phrases(self, words: list[str], start: int) -> Iterator[tuple[int, tuple[Sense, ...]]]:
        """(number of words, senses) of every phrase that begins at `start`."""
        nodes = [self.english]
        for size, word in enumerate(words[start : start + 6], 1):
            forms = dictionary_forms(word)
            nodes = [node[form] for node in nodes for form in forms if form in node]
            if not nodes:
                return
            senses = tuple(dict.fromkeys(s for node in nodes for s in node.get(_END, ())))
            if senses:
                yield size, senses


def english_words(phrase: str) -> list[str]:
    return phrase.replace("-", " ").split()


def build(path: Path, vocabulary: Vocabulary) -> Index:
    index = Index()
    for kind, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for row in rows:
            for word in (*row["ko"], *row["en"]):
                index.add(word, Sense(kind, row["value"]))
    for kind, value, words in _vocabulary_words(vocabulary):
        for word in (*_korean_variants(words.ko), *words.en):
            index.add(word, Sense(kind, value))
    return index


def _vocabulary_words(vocabulary: Vocabulary) -> Iterator[tuple[str, str, Words]]:
    for event_type in vocabulary.event_types:
        yield "type", event_type.code, event_type.words
    for group in vocabulary.event_groups:
        yield "group", group.code, group.words
    for gender in vocabulary.genders:
        yield "gender", gender.code, gender.words
    for age in vocabulary.age_groups:
        yield "age", age.code, age.words
    yield "person", "person", vocabulary.person
    yield "everywhere", "everywhere", vocabulary.everywhere
    for kind, rows in (("place", vocabulary.places), ("thing", vocabulary.things)):
        for number, row in enumerate(rows):
            yield kind, str(number), row


def _korean_variants(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word
        if word.endswith("한") and len(word) > 2:  # 심각한 → 심각하다 and so 심각했던
            yield word[:-1] + "하다"
        first, space, rest = word.partition(" ")
        if space and is_syllable(first[-1]) and first[-1] not in "을를이가에로은는":  # 기물 파손: 기물을 파손
            ends_open = not split(first[-1])[2]
            yield first + ("를 " if ends_open else "을 ") + rest
            yield first + ("가 " if ends_open else "이 ") + rest


LEXICON = build(Path(__file__).with_name("lexicon.toml"), VOCABULARY)
