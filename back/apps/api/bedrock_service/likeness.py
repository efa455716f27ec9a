"""Which texts are like a question: the cosine of character n-grams, rare ones weighing more.

Korean needs no parser for it.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

SIZES = (2, 3)
_LONGEST = 1000
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"[\s\W_]+")

Vector = dict[str, float]


def _grams(text: str) -> Counter[str]:
    """A number is a number, whichever: 10분에서 15분 is like 3분에서 7분."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    plain = f" {_SPACES.sub(' ', _DIGITS.sub('0', plain)).strip()} "
    return Counter(plain[at : at + n] for n in SIZES for at in range(len(plain) - n + 1))


class Likeness:
    """Made once for a list of texts, then asked again and again."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = [_grams(text) for text in texts]
        seen = Counter(gram for grams in counted for gram in grams)
        self._rarity = {gram: math.log(1 + len(counted) / n) for gram, n in seen.items()}
        self._unseen = math.log(1 + len(counted))
        self._texts = len(counted)
        # gram → (place in the list, weight): a question shares grams with few of the texts.
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for at, grams in enumerate(counted):
            for gram, weight in self._vector(grams).items():
                self._holders.setdefault(gram, []).append((at, weight))

    def nearest(self, text: str, *, most: int, least: float = 0.0) -> Sequence[tuple[int, float]]:
        """(place in the list, likeness 0…1), the likest first."""
        likeness = [0.0] * self._texts
        for gram, asked in self._vector(_grams(text)).items():
            for at, weight in self._holders.get(gram, ()):
                likeness[at] += asked * weight
        scored = sorted(enumerate(likeness), key=lambda pair: (-pair[1], pair[0]))
        return [pair for pair in scored[:most] if pair[1] > least]

    def _vector(self, grams: Counter[str]) -> Vector:
        weights = {
            gram: (1 + math.log(n)) * self._rarity.get(gram, self._unseen) for gram, n in grams.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}
