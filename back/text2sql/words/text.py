"""The question as it is read: one Unicode form, one kind of quote and dash, lower case beside it."""

import re
import unicodedata
from dataclasses import dataclass

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("〜～∼˜", "~"),
        "·": " ",
        "…": " ",
        "：": ":",
        "＋": "+",
    }
)
# mid-30s, 25-year-old, hold-up: a hyphen within words; CAM-01 and P-12 keep theirs.
_HYPHEN = re.compile(r"(?<=[A-Za-z0-9])-(?=[A-Za-z])|(?:(?<=mid)|(?<=early)|(?<=late))-(?=\d)", re.IGNORECASE)
# when'd it happen, who're they
_SHORT_DID = re.compile(r"\b(who|what|when|where|why|how|which)'d\b", re.IGNORECASE)
_SHORT_ARE = re.compile(r"\b(who|what|where|how|there)'re\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """`low` has the same length as `said`: an offset is good in both."""

    said: str
    low: str


_RANK = re.compile(r"\b(top)(?=\d)", re.IGNORECASE)  # TOP3


def normalise(prompt: str) -> Text:
    composed = unicodedata.normalize("NFKC", prompt).translate(_PLAIN).replace(">=", "≥").replace("<=", "≤")
    kept = "".join(" " if _unseen(char) else char for char in composed)
    kept = _SHORT_ARE.sub(r"\1 are", _SHORT_DID.sub(r"\1 did", kept)) if "'" in kept else kept
    said = _RANK.sub(r"\1 ", _HYPHEN.sub(" ", _SPACES.sub(" ", kept).strip()))
    return Text(said=said, low="".join(_lower(char) for char in said))


def _unseen(char: str) -> bool:
    return unicodedata.category(char)[0] == "C" or not char.isprintable()


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def compact(text: str) -> str:
    """Without spaces, in lower case: how places and names are compared."""
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.translate(_PLAIN).lower().split())
