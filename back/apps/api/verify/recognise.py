"""Everything checkable that a text says, in order, none overlapping another."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from apps.api.verify.figures import AGES, BARE, NAMES, NUMBERS, PERCENTS
from apps.api.verify.reading import Role, Saying
from apps.api.verify.times import CLOCKS, DATES, MOMENTS, Fields, letters_of
from apps.api.verify.words import WORDS

# The first that fits takes the characters: "12분 30초" is a moment before it is two numbers.
ORDER = (*DATES, *CLOCKS, *PERCENTS, *AGES, *MOMENTS, *NUMBERS, *NAMES, *BARE)
_AROUND = WORDS["around"]
_BEFORE = 32  # characters looked at on either side
_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}[.)]\s")

_ABOUT_BEFORE = re.compile(rf"(?:{_AROUND['about_before']})\s*$", re.IGNORECASE)
_ABOUT_AFTER = re.compile(rf"^\s*(?:{_AROUND['about_after']})")
_ON_DAY = r"(?:(?:[A-Z][a-z]+\s\d{1,2}(?:,\s\d{4})?|today|yesterday)\s+at\s+)?"
_BOUND_BEFORE = re.compile(rf"(?:{_AROUND['bound_before']})\s*{_ON_DAY}$", re.IGNORECASE)
_BOUND_AFTER = re.compile(rf"^[ \t]*(?:{_AROUND['bound_after']})", re.IGNORECASE)
_DURATION_BEFORE = re.compile(rf"(?:{_AROUND['duration_before']})\s*(?:the\s+)?(?:about\s+)?$", re.IGNORECASE)
_DURATION_AFTER = re.compile(rf"^\s*(?:{_AROUND['duration_after']})", re.IGNORECASE)
_MOMENT_BEFORE = re.compile(rf"\b(?:{_AROUND['moment_before']})\s*$", re.IGNORECASE)
_MOMENT_AFTER = re.compile(rf"^(?:{_AROUND['moment_after']})")
_ALSO_BOUND = re.compile(rf"(?i)\bbetween\b[^.;\n]{{0,60}}\band\s+{_ON_DAY}$")
# "- 12분 30초 …", "12:30 (2:12:30 pm)": where a timeline tells a moment
_NEGATIVE = re.compile(WORDS["polarity"]["negative"], re.IGNORECASE)
_SENTENCE = 160  # characters of it looked at on either side
_SENTENCE_ENDS = (". ", "! ", "? ", ".\n", "\n", "; ")
_LINE_BEFORE = re.compile(r"(?:^|\n)\s*[-•*]\s*$")
_CLOCK_AFTER = re.compile(
    r"^\s*\((?:(?:\d{4}년\s*)?(?:\d{1,2}월\s*\d{1,2}일|오늘|어제)?\s*(?:오전|오후)|[^()]{0,24}\d\s*[ap]m\))",
    re.IGNORECASE,
)


def recognise(text: str) -> tuple[Saying, ...]:
    return tuple(_sayings(text))


@lru_cache(maxsize=4096)
def recognised(text: str) -> tuple[Saying, ...]:
    """For stored text, which comes again and again."""
    return recognise(text)


def _sayings(text: str) -> Iterator[Saying]:
    left = _LIST_NUMBER.sub(lambda m: "\0" * len(m[0]), text)
    found: list[Saying] = []
    letters = letters_of(text)
    for pattern, read, sign in ORDER:
        if sign is not None and sign.isdisjoint(letters):
            continue
        for match in pattern.finditer(left):
            fields = read(match) if match[0] else None
            if fields is not None:
                found.append(_saying(text, match, fields))
                left = left[: match.start()] + "\0" * len(match[0]) + left[match.end() :]
    found.sort(key=lambda saying: saying.start)
    for saying, following in zip_longest(found, found[1:]):
        # in "3월 2일 오후 2시부터" the day is a bound as much as the hour
        of_clock = following is not None and saying.kind == "date" and following.kind == "clock"
        if of_clock and following.bound and text[saying.end : following.start].strip() in ("", "at"):
            saying = replace(saying, bound=True)
        yield saying


def _saying(text: str, match: re.Match[str], fields: Fields) -> Saying:
    start, end = match.start(), match.start() + len(match[0].rstrip())
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _BEFORE]
    fields = {name: value for name, value in fields.items() if name != "colons"}
    bound = bool(_BOUND_BEFORE.search(before) or _BOUND_AFTER.search(after))
    bound = bound or ("and" in before and bool(_ALSO_BOUND.search(text[max(0, start - 90) : start])))
    if not bound and fields["kind"] in (
        "moment",
        "clock",
        "date",
    ):  # "10분에는 없었습니다" says the question's moment back
        bound = bool(_NEGATIVE.search(_sentence(text, start, end)))
    return Saying(
        start=start,
        end=end,
        text=text[start:end],
        about=bool(_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.search(after)) or "여" in match[0][-3:-1],
        bound=bound,
        role=_role(before, after) if fields["kind"] == "moment" else "any",
        **fields,
    )


def _sentence(text: str, start: int, end: int) -> str:
    far, further = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    first = max(text.rfind(mark, far, start) for mark in _SENTENCE_ENDS)
    last = min((at for mark in _SENTENCE_ENDS if (at := text.find(mark, end, further)) >= 0), default=further)
    return text[max(far, first) : last]


def _role(before: str, after: str) -> Role:
    if _CLOCK_AFTER.search(after) or _LINE_BEFORE.search(before):
        return "told"
    if _DURATION_AFTER.search(after) or _DURATION_BEFORE.search(before):
        return "duration"
    return "moment" if _MOMENT_AFTER.search(after) or _MOMENT_BEFORE.search(before) else "any"
