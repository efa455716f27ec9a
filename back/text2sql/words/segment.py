"""Cuts a question into tokens: of all ways to cover it with known words, the cheapest.

Every recogniser of words offers edges over the characters: the lexicon, the words that the request brought,
numbers, particles, verb endings, and mecab for the rest. Spaces cost nothing to lack:
"십분부터십오분까지도난있었어" is cut like the same question written properly.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from text2sql.words import spelling
from text2sql.words.edges import Edge
from text2sql.words.hangul import is_hangul, is_syllable, split
from text2sql.words.homographs import settle_homographs
from text2sql.words.lexicon import LEXICON, Index
from text2sql.words.morphemes import morphemes
from text2sql.words.numbers import is_numeral, numbers_at
from text2sql.words.text import Text
from text2sql.words.tokens import Sense, Token

_JOSA = {
    word: value
    for value, words in tomllib.loads(Path(__file__).with_name("particles.toml").read_text(encoding="utf-8"))[
        "josa"
    ].items()
    for word in words
}
_LONGEST_JOSA = max(map(len, _JOSA))
# Syllables that verb endings, the copula and 하다/되다 are made of.
_ENDINGS = frozenset(
    "가거건걸게겠겼고구군기긴길까나냐네는니다단답대더던데도든들듯라란랄래러렇려련렸로록론를리만며면못므서세셔셨소습시신실십싶"
    "아았야어었엇였에여예요우운울은음을의이인일임입잖자저져졌죠주준줄줍줘줬지진질짐집쳐쳤하한할함합해했되된될됨됩돼됐당네데든여임슴엇엿햇됬쥬용"
)
_LATIN = re.compile(r"[a-z0-9]+(?:['.][a-z0-9]+)*\.?")
_TRACK = re.compile(r"([a-z]{1,4}[-_]?\d{2,6})(?:'s)?(?![a-z0-9])")
_LETTERS = re.compile(r"[a-z]+")
_HEADS = ("people", "persons", "men", "women", "visitors", "customers", "individuals")
_AMOUNT = re.compile(
    r"(?:\d%?|one|two|three|four|five|six|seven|eight|nine|ten|times|people|persons|minutes?|seconds?|hours?"
    r"|mins?|secs?|percent|events?|years?|old) $"
)
_LONGEST_WORD = 24
_LONGEST_COMPOUND = 6  # nouns: without a bound every noun of a run would make a word with every other
_JOINERS = " -"
_LIKE_JOSA = ("rel", "conj", "by")
_WORDS = ("word", "verb", "unit")


def _join_cost(before: str, edge: Edge, *, space: bool, latin: bool) -> float:
    """What stands before an edge decides how likely it is."""
    form = edge.form
    if form == "josa":
        if before in ("start", "mark"):
            return 3.0
        return (1.6 if space else 0.0) + (0.3 if before == "ending" else 0.0)
    if form == "ending":
        if space or before in ("start", "mark"):
            return 6.0
        return {
            "verb": 0.0,
            "ending": 0.0,
            "word": 0.5,
            "short": 2.0,
            "number": 2.5,
            "josa": 2.0,
            "unknown": 0.4,
        }[before]
    if form == "unit" and before != "number":
        return 1.2
    if form == "mark" or space or before in ("start", "mark") or latin:
        return 0.0
    return {
        "word": 0.15,
        "short": 0.15,
        "verb": 0.4,
        "number": 0.1,
        "josa": 0.15,
        "ending": 0.3,
        "unknown": 0.9,
    }[before]


def segment(text: Text, scope: Index, actions: Index) -> tuple[Token, ...]:
    edges = _edges(text, scope, actions)
    real = _add_morphemes(text.said, edges)
    settle_homographs(text.low, edges)
    path = _cheapest(text.low, edges)
    unknown = [(start, edge) for start, edge in path if edge.form == "unknown"]
    if unknown and len(unknown) <= 12:
        offered = False
        for start, end in _regions(text.low, unknown):
            for at, stop, guess in spelling.guesses(text.low, start, end, scope, real):
                edges[at].append(
                    Edge(
                        stop,
                        guess.form,
                        guess.cost,
                        guess.senses,
                        corrected_from=text.said[at:stop],
                        lemma=guess.word,
                    )
                )
                if guess.word.isascii():
                    edges[at].extend(_phrases_from(text, guess, at, stop, scope))
                offered = True
        if offered:
            path = _cheapest(text.low, edges)
    return _tokens(text, path, edges)


def _regions(low: str, unknown: Sequence[tuple[int, Edge]]) -> Iterator[tuple[int, int]]:
    """The words around what was not understood, from space to space."""
    last = -1
    for start, edge in unknown:
        left = low.rfind(" ", 0, start) + 1
        right = low.find(" ", edge.end)
        right = len(low) if right < 0 else right
        if left > last:
            yield left, right
            last = right


def _edges(text: Text, scope: Index, actions: Index) -> list[list[Edge]]:
    low = text.low
    edges: list[list[Edge]] = [[] for _ in range(len(low) + 1)]
    for start, char in enumerate(low):
        if char == " ":
            continue
        found = edges[start]
        for index, discount in ((LEXICON, 0.0), (scope, 0.05), (actions, -0.4)):
            found.extend(_known(low, start, index, discount))
        if char.isdigit() or is_syllable(char) or "a" <= char <= "z":
            for number in numbers_at(low, start):
                cost = 1.0 if is_syllable(char) and number.end == start + 1 else 0.7
                if number.end == start + 1 and is_syllable(char) and start and is_syllable(low[start - 1]):
                    cost += 0.35
                if low.startswith("사건", start):
                    cost += 1.5  # incidents; four of them are 네 건
                found.append(Edge(number.end, "number", cost, number.senses, number.value))
        if "a" <= char <= "z" or char.isdigit():
            found.extend(_latin(low, start, scope))
        elif is_syllable(char):
            found.extend(_functional(low, start))
            found.append(Edge(start + 1, "unknown", 4.5))
        elif is_hangul(char):
            found.append(Edge(start + 1, "mark", 0.5))
        elif char.isalpha():
            found.append(Edge(start + 1, "unknown", 3.0))
        else:
            entry = LEXICON.korean.get(char)
            found.append(Edge(start + 1, "mark", 0.2, entry.senses if entry else ()))
    return edges


def _known(low: str, start: int, index: Index, discount: float) -> Iterator[Edge]:
    key = ""
    ascii_start = low[start].isascii() and low[start].isalnum()
    if ascii_start and start and low[start - 1].isascii() and low[start - 1].isalnum():
        return
    skipped = 0
    for at in range(start, min(len(low), start + _LONGEST_WORD)):
        char = low[at]
        if char in _JOINERS and key:
            if key == "이" and start and is_syllable(low[start - 1]):
                return  # 흡연이 카메라별로: of smoking, and no "this camera"
            skipped += 1
            continue
        key += char
        if key not in index.prefixes:
            return
        entry = index.korean.get(key)
        if entry is None:
            continue
        end = at + 1
        if char.isascii() and char.isalnum() and end < len(low) and low[end].isascii() and low[end].isalnum():
            continue
        cost = 1.0 - discount + 0.02 * skipped
        if len(key) == 1 and any(sense.kind == "unit" for sense in entry.senses):
            yield Edge(end, "unit", cost, entry.senses)
            continue
        if len(key) == 1 and is_syllable(char):
            cost += 0.5
            if start and is_syllable(low[start - 1]):
                cost += 0.6
        yield Edge(end, "verb" if entry.verb else "word", cost, entry.senses)


def _latin(low: str, start: int, scope: Index) -> Iterator[Edge]:
    before = low[start - 1] if start else " "
    if before.isdigit() and low[start].isalpha():  # 11pm, 10min
        yield from _unit_at_once(low, start)
        return
    if before.isascii() and (before.isalnum() or before == "'"):
        return
    track = _TRACK.match(low, start)
    if track:
        yield Edge(track.end(), "word", 1.05, (Sense("track", track.group(1).upper()),))
    words: list[str] = []
    ends: list[int] = []
    at = start
    while len(words) < 6:
        match = _LATIN.match(low, at)
        if not match:
            break
        word, end = match.group(), match.end()
        if word.endswith(".") and word not in ("a.m.", "p.m."):
            word, end = word[:-1], end - 1
        words.append(word)
        ends.append(end)
        at = end
        while at < len(low) and low[at] in _JOINERS:
            at += 1
        if at == end:
            break
    if not words:
        return
    for index, discount in ((LEXICON, 0.0), (scope, 0.05)):
        for size, senses in index.phrases(words, 0):
            if size == 2 and words[:2] == ["or", "more"] and not _bounds(low[:start], words[2:]):
                continue
            yield Edge(ends[size - 1], "word", 1.0 - discount, senses)
    if not words[0].isdigit():
        yield Edge(ends[0], "unknown", 3.2, lemma=words[0])


def _phrases_from(text: Text, guess: spelling.Guess, at: int, stop: int, scope: Index) -> Iterator[Edge]:
    """What the guessed word begins: "vehcile leave" is a vehicle that leaves."""
    for edge in _latin(guess.word + text.low[stop : stop + _LONGEST_WORD], 0, scope):
        if edge.end > len(guess.word) and edge.senses:
            end = stop + edge.end - len(guess.word)
            cost = edge.cost + guess.cost - 1.0
            yield edge._replace(end=end, cost=max(cost, edge.cost), corrected_from=text.said[at:end])


def _bounds(before: str, after: list[str]) -> bool:
    """aged 30 or more; but: more thefts or more fights, 5 or more people at once"""
    return _AMOUNT.search(before) is not None and not (after and after[0] in _HEADS)


# Particles that follow an open syllable only, or a closed one: 계산대나, but 평균나이 is an age.
_AFTER_OPEN = frozenset(("나", "와", "랑", "를", "는", "가", "라도", "란", "라고"))
_AFTER_CLOSED = frozenset(("이나", "과", "이랑", "을", "은", "이라도", "이란", "이라고"))


def _fits(low: str, start: int, josa: str) -> bool:
    before = low[start - 1] if start else " "
    if not is_syllable(before):
        return True
    closed = bool(split(before)[2])
    return not (closed and josa in _AFTER_OPEN) and not (not closed and josa in _AFTER_CLOSED)


def _unit_at_once(low: str, start: int) -> Iterator[Edge]:
    match = _LATIN.match(low, start)
    if not match:
        return
    letters = _LETTERS.match(low, start)
    for found in {match.end(): match, letters.end() if letters else 0: letters}.values():  # 1h10m
        if found is None:
            continue
        for _, senses in LEXICON.phrases([found.group()], 0):
            units = tuple(sense for sense in senses if sense.kind == "unit")
            if units:
                yield Edge(found.end(), "unit", 0.5, units)


def _functional(low: str, start: int) -> Iterator[Edge]:
    for size in range(1, min(_LONGEST_JOSA, len(low) - start) + 1):
        value = _JOSA.get(low[start : start + size])
        if value is not None:
            cost = 0.35 if _fits(low, start, low[start : start + size]) else 1.2
            yield Edge(start + size, "josa", cost, (Sense("josa", value),) if value != "none" else ())
    if low[start] in _ENDINGS:
        yield Edge(start + 1, "ending", 1.4 if _noun_of_endings(low, start) else 0.3)


def _noun_of_endings(low: str, start: int) -> bool:
    """여자, 나이, 아이, 다쳤 are made of syllables that endings are made of too."""
    for size in (2, 3):
        piece = low[start : start + size]
        entry = LEXICON.korean.get(piece) if len(piece) == size else None
        if not entry or not _ENDINGS.issuperset(piece):
            continue
        if any(s.kind == "thing" for s in entry.senses) if entry.verb else _means_something(entry.senses):
            return True
    return False


def _means_something(senses: tuple[Sense, ...]) -> bool:
    return any(
        sense.kind in ("gender", "age", "ask", "type", "place", "ref", "person", "thing", "neg")
        for sense in senses
    )


_MEANINGLESS = ("NNB", "NP", "MM", "MAG", "MAJ", "IC", "NR")


def _add_morphemes(said: str, edges: list[list[Edge]]) -> set[tuple[int, int]]:
    """Returns where real words stand, with their endings: those are never taken for misspellings."""
    run: list[int] = []  # where each noun of a compound begins
    real: set[tuple[int, int]] = set()
    word: tuple[int, int] | None = None
    end_before = -1
    for morpheme in morphemes(said):
        start, end, pos = morpheme.start, morpheme.end, morpheme.pos
        if start != end_before or not is_syllable(said[start]):
            run, word = [], None
        end_before = end
        if not is_syllable(said[start]):
            continue
        size = end - start
        if pos == "VX" and said[start] in "않못":  # a negation is no mere ending
            run, word = [], None
            continue
        if pos.startswith(("J", "E", "XS", "VC", "VX")):
            form, cost = ("josa", 0.5) if pos.startswith("J") else ("ending", 0.4 * size)
            edges[start].append(Edge(end, form, cost))
            if word:
                real.add((word[0], end))
            run = []
        elif pos in _MEANINGLESS:
            # A number that is no number of ours is not understood, and no small word.
            senses = (Sense("numeral", "unread"),) if pos == "NR" and is_numeral(said[start:end]) else ()
            edges[start].append(Edge(end, "word", 1.9 + 0.2 * (size == 1), senses))
            run, word = [], None
        else:
            # 연기자 is an actor, whatever 연기 is; 몸싸움 is put together from what it means.
            cost = 1.9 if morpheme.whole and size > 2 else 3.0 + 0.2 * size
            lemma = morpheme.lemma if pos in ("VV", "VA") else None
            edges[start].append(Edge(end, "unknown", cost, lemma=lemma))
            if morpheme.known and pos == "NNG" and size > 1 and _ENDINGS.issuperset(said[start:end]):
                # 소란 is a word, though its syllables might be endings.
                edges[start] = [
                    edge._replace(cost=3.6) if edge.form == "ending" else edge for edge in edges[start]
                ]
            for first in run:  # nouns written as one word are one unknown word
                edges[first].append(Edge(end, "unknown", 3.4 + 0.2 * (end - first)))
            run = [*run[1 - _LONGEST_COMPOUND :], start]
            word = (start, end) if morpheme.known else None
            if word:
                real.add(word)
    return real


def _cheapest(low: str, edges: list[list[Edge]]) -> list[tuple[int, Edge]]:
    size = len(low)
    best: list[dict[str, tuple[float, int, str, Edge | None]]] = [{} for _ in range(size + 1)]
    best[0]["start"] = (0.0, -1, "", None)
    for at in range(size):
        states = best[at]
        if not states:
            continue
        if low[at] == " ":
            following = best[at + 1]
            for form, state in states.items():
                if form not in following or state[0] < following[form][0]:
                    following[form] = state
            continue
        space = at == 0 or low[at - 1] == " "
        latin = low[at].isascii() or low[at - 1].isascii()
        for edge in edges[at]:
            cheapest = None
            for form, (cost, *_rest) in states.items():
                total = cost + edge.cost + _join_cost(form, edge, space=space, latin=latin)
                if cheapest is None or total < cheapest[0]:
                    cheapest = (total, at, form, edge)
            ahead = best[edge.end]
            form = "word" if edge.form == "unit" else edge.form
            if form == "word" and edge.end == at + 1 and is_syllable(low[at]):
                form = "short"  # 피, 문, 돌: hardly ever inflected
            if form == "word" and edge.senses and all(sense.kind in _LIKE_JOSA for sense in edge.senses):
                form = "josa"
            if cheapest and (form not in ahead or cheapest[0] < ahead[form][0]):
                ahead[form] = cheapest
    return _trace(best, size)


def _trace(best: list[dict[str, tuple[float, int, str, Edge | None]]], size: int) -> list[tuple[int, Edge]]:
    path: list[tuple[int, Edge]] = []
    if not best[size]:
        return path
    at, form = size, min(best[size], key=lambda f: best[size][f][0])
    while at > 0:
        _, start, before, edge = best[at][form]
        if edge is None:
            break
        path.append((start, edge))
        at, form = start, before
    path.reverse()
    return path


def _tokens(text: Text, path: Sequence[tuple[int, Edge]], edges: list[list[Edge]]) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for start, edge in path:
        senses = edge.senses
        if edge.form in _WORDS and not edge.corrected_from:
            twins = (
                e for e in edges[start] if e.end == edge.end and e.form in _WORDS and not e.corrected_from
            )
            senses = tuple(dict.fromkeys(sense for twin in twins for sense in twin.senses))
        said = text.said[start : edge.end]
        token = Token(
            start=start,
            end=edge.end,
            text=said if edge.lemma is None or edge.corrected_from else edge.lemma,
            form=edge.form,
            senses=senses,
            number=edge.number,
            space_before=start == 0 or text.low[start - 1] == " ",
            corrected_from=edge.corrected_from,
        )
        if edge.corrected_from and edge.lemma:
            token = replace(token, text=edge.lemma)
        if token.form == "ending" and tokens and tokens[-1].form == "ending" and tokens[-1].end == start:
            tokens[-1] = replace(tokens[-1], end=edge.end, text=tokens[-1].text + said)
        else:
            tokens.append(token)
    return tuple(tokens)
