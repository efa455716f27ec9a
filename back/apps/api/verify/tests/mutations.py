"""One figure of an answer changed to another: what a verifier must notice."""

import re
from random import Random

_FIGURE = re.compile(r"\d+")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’")


def mutate(text: str, r: Random) -> str | None:
    """Another number in place of one outside quotation marks; None where there is none."""
    quoted = [m.span() for m in _QUOTED.finditer(text)]
    figures = [
        m for m in _FIGURE.finditer(text) if not any(start <= m.start() < end for start, end in quoted)
    ]
    if not figures:
        return None
    figure = r.choice(figures)
    value = int(figure[0])
    changed = value
    while changed == value or changed < 0:
        changed = value + r.choice([-10, -7, -3, -2, -1, 1, 2, 3, 5, 10, 23])
    said = f"{changed:0{len(figure[0])}d}" if figure[0].startswith("0") else str(changed)
    return text[: figure.start()] + said + text[figure.end() :]
