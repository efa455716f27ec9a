"""Which form a Korean particle takes after a word: 이벤트가, 도난이, CAM-01로, 3번으로."""

import re
from typing import Literal

Final = Literal["none", "rieul", "other"]

# The form after a final consonant stands first. ㄹ counts as a vowel for 으로 alone.
PAIRS = {
    ("이", "가"),
    ("은", "는"),
    ("을", "를"),
    ("과", "와"),
    ("으로", "로"),
    ("이었", "였"),
    ("이라", "라"),
    ("이고", "고"),
    ("이며", "며"),
    ("이나", "나"),
    ("이에요", "예요"),
    ("이란", "란"),
}
_BY_EITHER = {frozenset(pair): pair for pair in PAIRS}

# How digits are read aloud: 영 일 이 삼 사 오 육 칠 팔 구; 십 백 천 만 억 end in a consonant, 조 not.
_DIGITS: dict[str, Final] = dict(
    zip(
        "0123456789",
        ["other", "rieul", "none", "other", "none", "none", "other", "rieul", "rieul", "none"],
        strict=True,
    )
)
_UNITS: dict[str, Final] = {"%": "none", "℃": "none", "°": "none", "㎝": "other", "㎞": "other"}
_ASIDE = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\])\s*$")
_TRAILING = " \t\n\"'`’”」』》>.,!?…·)]}~"
_WORD = re.compile(r"[A-Za-z]+$")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?$")


def final(text: str) -> Final | None:
    """The last sound of a text as it is read aloud; None where that cannot be known."""
    while (cut := _ASIDE.sub("", text)) != text and cut:
        text = cut  # a particle agrees with what stands before the brackets
    text = text.rstrip(_TRAILING)
    if not text:
        return None
    last = text[-1]
    if "가" <= last <= "힣":
        return _hangul(last)
    if "ㄱ" <= last <= "ㅎ":
        return "rieul" if last == "ㄹ" else "other"  # named 기역, 리을 …
    if "ㅏ" <= last <= "ㅣ":
        return "none"
    if number := _NUMBER.search(text):
        return _number(number.group())
    if word := _WORD.search(text):
        return _latin(word.group())
    return _UNITS.get(last)


def _hangul(syllable: str) -> Final:
    index = (ord(syllable) - ord("가")) % 28
    return "none" if index == 0 else "rieul" if index == 8 else "other"


def _number(digits: str) -> Final:
    whole = digits.replace(",", "")
    if "." in whole or whole[-1] != "0" or set(whole) == {"0"}:
        return _DIGITS[whole[-1]]
    zeros = len(whole) - len(whole.rstrip("0"))
    return "none" if 12 <= zeros < 16 else "other"


def _latin(word: str) -> Final:
    lower = word.lower()
    if word.isupper() or len(word) == 1:  # spelled out: 엘, 엠, 엔, 알
        return "rieul" if lower[-1] in "lr" else "other" if lower[-1] in "mn" else "none"
    if re.search(r"(l|le)$", lower):
        return "rieul"
    if re.search(r"(m|n|ng|me|ne)$", lower):
        return "other"
    # A short vowel before p, t, k is written with a final consonant: 숍, 마켓, 북.
    return "other" if re.search(r"(?<![aeiou])[aeiou](p|t|k|ck)$", lower) or lower.endswith("ook") else "none"


def particle(text: str, spec: str) -> str:
    """The form of a pair like "이/가" that fits after the text; "이(가)" where the sound is unknown."""
    pair = _BY_EITHER.get(frozenset(spec.split("/")))
    if pair is None:
        raise ValueError(f"not a pair of particles: {spec!r}")
    after_consonant, after_vowel = pair
    sound = final(text)
    if sound is None:
        return f"{after_consonant}({after_vowel})"
    if sound == "none" or (sound == "rieul" and after_vowel == "로"):
        return after_vowel
    return after_consonant
