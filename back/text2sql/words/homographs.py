"""Syllables that are two words, told apart by what stands beside them before the lattice is weighed."""

import re

from text2sql.words.edges import Edge
from text2sql.words.hangul import split
from text2sql.words.tokens import Sense

# 한, 세, 네 are endings too, and 한 is "did"; but behind them stands no 시, only 시간, 시각, 시점.
_NATIVE_HOUR = re.compile(r"[한세네]시(?![간각점])")
# 이분 is this person; with a word of time behind it, or seconds, it is the second minute.
_SECOND_MINUTE = re.compile(
    r"""(?:(?<=마지막\ )|(?<=처음\ )|(?<=첫\ ))이\ ?분
    |이\ ?분(?=에(?![게서])|에서|부터|까지|쯤|경|대|\ ?(?:이후|이전|뒤|후|전|동안|간|사이|정도)
        |\ ?[\d일이삼사오육칠팔구십]+\ ?초)""",
    re.VERBOSE,
)
# 꺼낸 자는: the one who; 누워서 자는 is asleep.
_WHO = re.compile(r"(?<=[가-힣] )자(?=[는가를의도와로])")


def settle_homographs(low: str, edges: list[list[Edge]]) -> None:
    for hour in _NATIVE_HOUR.finditer(low):
        at = hour.start()
        edges[at] = [e for e in edges[at] if e.form not in ("verb", "ending") or e.end > at + 1]
    for one in _WHO.finditer(low):
        at = one.start()
        if split(low[at - 2])[2] == "ㄴ":
            edges[at] = [e for e in edges[at] if not any(s.kind == "thing" for s in e.senses)]
            edges[at].append(Edge(at + 1, "word", 0.6, (Sense("personish", "person"),)))
    for minute in _SECOND_MINUTE.finditer(low):
        at, end = minute.span()
        edges[at] = [e for e in edges[at] if e.end != end and e.form not in ("josa", "ending")]
