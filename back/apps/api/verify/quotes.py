"""Stored text that prose repeats is not its own claim: it is taken out before the figures are read."""

import re

from apps.api.verify.facts import Facts

_QUOTED = re.compile(
    r"“([^”\n]+)”|‘([^’\n]+)’|\"([^\"\n]+)\"|「([^」\n]+)」|『([^』\n]+)』|(?<![A-Za-z0-9])'([^'\n]+)'(?![A-Za-z])"
)
_SAYS_A_FIGURE = re.compile(
    r"\d|[일이삼사오육칠팔구십한두세네]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b", re.I
)
_LETTER = re.compile(r"[^\W\d_]")


def without_stored(text: str, facts: Facts) -> str:
    """The text with every repeated stored text blanked out, place for place."""
    out = _QUOTED.sub(
        lambda m: _blank(m[0]) if _stands(next(filter(None, m.groups())), facts) else m[0], text
    )
    for name in sorted((*facts.names, *facts.sentences), key=len, reverse=True):
        # A bare number or a single letter is no name that could be told from the prose.
        if len(name) >= 2 and name in out and _SAYS_A_FIGURE.search(name) and _LETTER.search(name):
            out = re.sub(rf"(?<![\w]){re.escape(name)}(?![A-Za-z0-9])", lambda m: _blank(m[0]), out)
    return out


def _stands(quoted: str, facts: Facts) -> bool:
    return " ".join(quoted.lower().removesuffix("…").split()) in facts.stored


def _blank(text: str) -> str:
    return "\0" * len(text)
