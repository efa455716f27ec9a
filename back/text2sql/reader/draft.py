"""The question while it is being read: its tokens, which of them are understood, and the facts found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from text2sql.query import Language
from text2sql.videos import Brought, Video
from text2sql.words.hangul import is_hangul
from text2sql.words.tokens import Token, one_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a question says of the events, with the tokens that say it."""

    kind: str
    start: int
    end: int
    value: Any
    negated: bool = False


@dataclass(slots=True)
class Draft:
    said: str
    language: Language
    tokens: tuple[Token, ...]
    tails: tuple[str, ...]  # the endings and silent particles behind each token
    videos: tuple[Video, ...]
    brought: Brought
    taken: list[bool] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    doubts: dict[str, float] = field(
        default_factory=dict
    )  # why the reading is less than certain, and by how much
    refusals: list[str] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    _index: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _indexed: tuple[Token, ...] | None = None

    def __len__(self) -> int:
        return len(self.tokens)

    def has(self, at: int, kind: str, *values: str) -> bool:
        """Whether a token that nobody has taken yet may mean this."""
        if not 0 <= at < len(self.tokens) or self.taken[at]:
            return False
        # Token.has, written out: this is asked some hundred times for each word.
        found = self.tokens[at].by_kind.get(kind)
        return found is not None and (not values or one_of(values, found))

    def ever(self, at: int, kind: str, *values: str) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].has(kind, *values)

    def value(self, at: int, kind: str) -> str:
        return self.tokens[at].value(kind) or ""

    def number(self, at: int) -> float | None:
        if not self.has(at, "number"):
            return None
        return self.tokens[at].number

    def find(self, kind: str, *values: str) -> Iterator[int]:
        return (at for at in self.places_of(kind) if self.has(at, kind, *values))

    def places_of(self, kind: str) -> tuple[int, ...]:
        """Where a kind of word stands: asked a hundred times of one question, so looked up."""
        if self._indexed is not self.tokens:
            self._index, self._indexed = {}, self.tokens
            for at, token in enumerate(self.tokens):
                for each in token.by_kind:
                    self._index[each] = (*self._index.get(each, ()), at)
        return self._index.get(kind, ())

    def says(self, kind: str, *values: str) -> bool:
        """Whether the question says this anywhere, taken or not."""
        return any(self.tokens[at].has(kind, *values) for at in self.places_of(kind))

    def take(self, start: int, end: int) -> str:
        for at in range(start, end):
            self.taken[at] = True
        return self.words(start, end)

    def words(self, start: int, end: int) -> str:
        if start >= end:
            return ""
        return self.said[self.tokens[start].start : self.tokens[end - 1].end]

    def add(self, kind: str, start: int, end: int, value: Any) -> Fact:
        self.take(start, end)
        fact = Fact(kind, start, end, value)
        self.facts.append(fact)
        return fact

    def of(self, *kinds: str) -> list[Fact]:
        return sorted((fact for fact in self.facts if fact.kind in kinds), key=lambda fact: fact.start)

    def negate(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            self.facts[self.facts.index(fact)] = replace(fact, negated=True)

    def doubt(self, why: str, by: float) -> None:
        self.doubts[why] = max(by, self.doubts.get(why, 0.0))


_SILENT_MARKS = frozenset("?!.\"'()[]{}:;…。、？！*#_`|\\^$@=<>")


def draft(*, said: str, tokens: tuple[Token, ...], videos: tuple[Video, ...], brought: Brought) -> Draft:
    kept: list[Token] = []
    tails: list[str] = []
    for token in _without_tag(said, tokens):
        silent = not token.senses and token.form in ("josa", "ending", "mark")
        if silent:
            if kept and token.form != "mark":
                tails[-1] += token.text
            continue
        kept.append(token)
        tails.append("")
    return Draft(
        said=said,
        language=language_of(tokens),
        tokens=tuple(kept),
        tails=tuple(tails),
        videos=videos,
        brought=brought,
        taken=[False] * len(kept),
    )


_TAG = re.compile(
    r"[,;.–—…-]\s*(?:right|correct|yes|yeah|huh|eh|ok(?:ay)?|true|(?:맞아|맞지|그렇지)(?:요)?|맞죠|맞나요|맞습니까|그렇죠|그치|그죠)"
    r"[\s?？!.]*$",
    re.IGNORECASE,
)


_DENIED = re.compile(r"\b(?:no|not|nobody|none|nothing|never|without)\b|n't\b", re.IGNORECASE)


def _without_tag(said: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """There was a theft, right? It asks whether that is so, as the question mark does.

    Of a denial (nobody fell, right?) a plain yes or no would say either.
    """
    tag = None if _DENIED.search(said) else _TAG.search(said)
    before = tuple(token for token in tokens if token.start < tag.start()) if tag else ()
    return before if len(before) > 1 else tokens


def language_of(tokens: tuple[Token, ...]) -> Language:
    """That of the small words: "theft 몇 건이야?" is Korean, "도난 in the first 5 minutes?" English."""
    korean = sum(any(map(is_hangul, token.text)) for token in tokens)
    latin = sum(token.text[:1].isascii() and token.text[:1].isalpha() for token in tokens)
    small_korean = sum(
        token.form in ("josa", "ending", "verb") and any(map(is_hangul, token.text)) for token in tokens
    )
    small_latin = sum(token.has("func", "polite") and token.text.isascii() for token in tokens)
    if small_korean != small_latin and korean and latin:
        return "ko" if small_korean > small_latin else "en"
    return "ko" if korean >= latin and korean else "en"


Side = Literal["before", "after"]
