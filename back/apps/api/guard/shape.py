"""What SQL is but for its plain values: two texts of one shape differ in nothing that a parser could mistake.

Most questions are like one before, at other seconds, of another kind: what was found out about the way such a
text reads need not be found out again.
"""

import re
import threading
from collections import OrderedDict

REMEMBERED = 2_000

# Names and texts without a quote, a backslash or a dollar: every lexer ends them at the same place.
_PLAIN = re.compile(r"(?:[^'\"\\$]++|\"[^'\"\\$]*+\"|'[^'\"\\$]*+')*+")
# A text, or a number that stands alone. A name is not touched, nor the number of a LIMIT, which is looked at.
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'|(?<![\w.])(?<!LIMIT )\d+(?:\.\d+)?(?![\w.])")
_COMMENTS = ("--", "/*")


def shape_of(sql: str) -> str | None:
    """None: it holds something that may be read in two ways, and has to be read."""
    if not _PLAIN.fullmatch(sql):
        return None
    shape = _VALUE.sub(_left_out, sql)
    return None if any(sign in shape for sign in _COMMENTS) else shape


def _left_out(value: re.Match[str]) -> str:
    first = value[0][0]
    return value[0] if first == '"' else "''" if first == "'" else "0"


class Shapes:
    """The latest that were found to be good."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, shape: str | None) -> bool:
        with self._lock:
            if shape is None or shape not in self._known:
                return False
            self._known.move_to_end(shape)
            return True

    def add(self, shape: str | None) -> None:
        if shape is None:
            return
        with self._lock:
            self._known[shape] = None
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


READ_BACK = Shapes()
