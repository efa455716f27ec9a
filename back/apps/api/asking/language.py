"""Which language a question is in, and so its answer: Korean where there is Hangul, else English."""

import re

from apps.api.types import Language

_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")


def language_of(prompt: str) -> Language:
    return "ko" if _HANGUL.search(prompt) else "en"
