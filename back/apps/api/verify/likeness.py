"""What was found by likeness of meaning has to be told as such."""

import re

from apps.api.types import Claim
from apps.api.verify.words import WORDS

_SIMILAR = re.compile(WORDS["likeness"]["similar"], re.IGNORECASE)


def claimed_as_certain(text: str) -> tuple[Claim, ...]:
    """Of a text that tells of similar events: the claim that it is just what was asked for."""
    if _SIMILAR.search(text):
        return ()
    return (Claim("told as certain, found only by likeness: say that it is similar", 0, 0, "likeness"),)
