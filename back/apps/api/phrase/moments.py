"""Where a moment ends a text: what the marker after it cites."""

import re

_MOMENTS = re.compile(
    r"""(
      (?:\d+\s*시간\s*)?(?:\d+\s*분\s*)?\d+(?:\.\d+)?\s*초
    | (?:\d+\s*시간\s*)?\d+\s*분
    | \d{1,3}(?::\d{2}){1,2}
    | \d+(?:\.\d+)?\s*(?:seconds?|secs?|s)\b
    )(\s*\([^()]{1,60}\))?\s*$""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"\S+\s*$")


def moment_before(text: str) -> tuple[int, int]:
    """The place of the moment that the text ends with; of its last word where it ends with none."""
    tail = text[-120:]
    shift = len(text) - len(tail)
    if found := _MOMENTS.search(tail):
        return shift + found.start(1), shift + found.end(1)
    if word := _LAST_WORD.search(tail):
        return shift + word.start(), shift + len(tail.rstrip())
    return len(text), len(text)
