"""Stored text is other people's words: quoted in an answer, on one line, of bounded length."""

import unicodedata

LONGEST = 120
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def clean(text: str | None) -> str:
    """The text as it is quoted: our own quotation marks made plain so that a quote ends where it ends."""
    text = text or ""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    line = " ".join(text.split()).translate(_QUOTES)
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
