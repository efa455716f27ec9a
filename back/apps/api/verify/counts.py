"""Numbers of things: traced to the row whose label stands beside them, else to a count of the whole."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from apps.api.phrase.stored import clean
from apps.api.types import EventRow
from apps.api.verify.facts import Facts, as_day, count_tracks
from apps.api.verify.reading import Saying
from apps.api.verify.times import is_day
from apps.api.verify.words import WORDS
from semantics import VOCABULARY

TYPE_WORDS = {
    t.code: tuple(
        dict.fromkeys(
            word.lower()
            for word in (*t.words.ko, *t.noun_en, *t.words.en, *WORDS["types"].get(t.code, ()))
            if len(word) > 1
        )
    )
    for t in VOCABULARY.event_types
}
_GENDER_WORDS: dict[str, tuple[str, ...]] = {
    "male": tuple(WORDS["genders"]["male"]),
    "female": tuple(WORDS["genders"]["female"]),
    "unknown": ("미상", "알 수 없", "unknown"),
}

_SUMS_UP = re.compile(r"모두|총|합|전체|\b(?:total|all|altogether|sum)\b")
_AHEAD_AFTER = re.compile(r"[건명대회번]?\s*(?:더\s*(?:많|적)|차이|more|fewer)")
_AHEAD_BEFORE = re.compile(r"(?:차이는|차이가|difference (?:is|of)|ahead by)\s*$")
_LABEL_FOLLOWS = re.compile(r"\s*(?:의\s|(?:of|at|in|for|by|from|involving)\b)", re.IGNORECASE)
_NEXT_WORDS = re.compile(r"(?:\s+[A-Za-z-]+){1,3}")
_STOP = re.compile(r"\n|[.;](?=\s|$)")


def count_fits(
    saying: Saying, facts: Facts, near: Sequence[EventRow], text: str, sayings: Sequence[Saying]
) -> bool:
    said = saying.value
    if saying.unit == "ordinal":
        listed = said == 1 or "\n" in text or not facts.searched.figures
        return (listed and said <= max(facts.evidence.count, len(facts.result.rows), 1)) or _echoes(
            saying, facts
        )
    if saying.unit == "factor":
        return _is_factor(saying, facts)
    if said == 1 and _is_idle_one(saying, text):
        return True
    if _speaks_of_rest(saying, text):
        return said in _rests(text, facts, [s for s in sayings if s.start < saying.start])
    labels = _Labels(saying, text, sayings)
    if facts.rows:
        if saying.unit == "plain" and any(label == said for label, _ in facts.rows):
            return True  # a label that is a number
        candidates = labels.of_rows(facts.rows, facts.today)
        if candidates:
            return any(_same(n, saying) for n in candidates) or said in _totals(
                saying, facts, text, beside=True
            )
        if any(_same(n, saying) for _, n in facts.rows):
            return True
        return said in _totals(saying, facts, text) or _echoes(saying, facts)
    if any(_same(n, saying) for n in facts.numbers):
        return True
    if said == _whole(saying, facts) or (
        facts.evidence.whole and said in labels.of_events(facts.evidence.events)
    ):
        return True
    if saying.grain < 1 and 0 <= said <= 1 and any(_same(event.confidence, saying) for event in near):
        return True
    return _echoes(saying, facts) or _told(saying, facts, text)


def _same(fact: float, saying: Saying) -> bool:
    if saying.about and abs(fact - saying.value) <= 0.1 * abs(saying.value):
        return True
    slack = saying.grain / 2 if fact != int(fact) else 0.0
    return bool(abs(fact - saying.value) <= slack + 1e-9)


def _whole(saying: Saying, facts: Facts) -> int | None:
    """All that the answer rests on. Persons can be told apart only where every event is at hand."""
    if saying.unit not in ("persons", "vehicles"):
        return facts.evidence.count
    return facts.persons if facts.evidence.whole else None


def _totals(saying: Saying, facts: Facts, text: str, *, beside: bool = False) -> set[float]:
    """The whole of a grouping: how many in all, how many rows, by how many one is ahead.

    `beside` a label it must be said that it is the whole.
    """
    numbers = [n for _, n in facts.rows]
    totals: set[float] = set()
    if not beside or _SUMS_UP.search(_around(saying, text)):
        totals = {sum(numbers), float(facts.evidence.count or sum(numbers))}
    if saying.unit == "plain" and not beside:
        totals.add(float(len(numbers)))
    ahead = _AHEAD_AFTER.match(text, saying.end) or _AHEAD_BEFORE.search(
        text[max(0, saying.start - 24) : saying.start].lower()
    )
    if len(numbers) == 2 and ahead:
        totals.add(abs(numbers[0] - numbers[1]))
    return totals


def _around(saying: Saying, text: str) -> str:
    return text[max(0, saying.start - 24) : saying.end + 16].lower()


def _is_factor(saying: Saying, facts: Facts) -> bool:
    numbers = [n for _, n in facts.rows] or list(facts.numbers)
    factors = [a / b for a in numbers for b in numbers if b and a > b]
    return any(_same(factor, saying) for factor in factors)


# --- the label beside a number -----------------------------------------------------------------------


class _Labels:
    """The words beside a number that say what is counted.

    Nearest first: in the number's own words ("3 thefts"), then before it ("도난 3건"), then after it; after
    it first where a word says so ("3건의 도난", "3 at the entrance").
    """

    def __init__(self, saying: Saying, text: str, sayings: Sequence[Saying]):
        others = [s for s in sayings if s.kind == "number" and s.unit != "factor" and s is not saying]
        start = max((s.end for s in others if s.end <= saying.start), default=0)
        end = min((s.start for s in others if s.start >= saying.end), default=len(text))
        before, after = text[start : saying.start], text[saying.end : end]
        stops = [m.end() for m in _STOP.finditer(before)]
        before = before[stops[-1] :] if stops else before
        stop = _STOP.search(after)
        after = after[: stop.start()] if stop else after
        self._saying = saying
        line = saying.start - len(before)
        self._figures = [s for s in sayings if line <= s.start < saying.start and s is not saying]
        follows = _LABEL_FOLLOWS.match(after) is not None
        own = saying.text + (_NEXT_WORDS.match(after) or [""])[0]
        places = (own, after, before) if follows else (own, before, after)
        self._places = tuple(place.lower() for place in places)

    def of_rows(self, rows: Sequence[tuple[Any, float]], today: date) -> list[float]:
        """The numbers of the rows whose label stands nearest."""
        for place in self._places:
            if found := [n for label, n in rows if _names(label, place)]:
                return found
        return [n for label, n in rows if any(_means(figure, label, today) for figure in self._figures)]

    def of_events(self, events: Sequence[EventRow]) -> set[float]:
        """How many events, or persons, are of the types and genders that stand nearest."""
        count = count_tracks if self._saying.unit in ("persons", "vehicles") else len
        # A bare number is a count only of what it stands before: "2 item pick-ups".
        for place in self._places[:1] if self._saying.unit == "plain" else self._places:
            by_type = [event for event in events if _any_stands(TYPE_WORDS.get(event.event_type, ()), place)]
            by_gender = [event for event in events if _any_stands(_GENDER_WORDS.get(event.gender, ()), place)]
            both = [event for event in by_type if event in by_gender]
            by_code = [
                [e for e in by_type if e.event_type == code] for code in {e.event_type for e in by_type}
            ]
            if groups := [group for group in (by_type, by_gender, both, *by_code) if group]:
                return {float(count(group)) for group in groups}
        return set()


def _names(label: Any, place: str) -> bool:
    if not isinstance(label, str):
        return False
    words = TYPE_WORDS.get(label) or _GENDER_WORDS.get(label) or (clean(label).lower(),)
    return _any_stands(words, place)


def _any_stands(words: Sequence[str], place: str) -> bool:
    return any(_stands(word, place) for word in words if len(word) > 1)


def _stands(word: str, place: str) -> bool:
    if word not in place:
        return False
    return not word.isascii() or re.search(rf"\b{re.escape(word)}\b", place) is not None


def _means(saying: Saying, label: Any, today: date) -> bool:
    """A label that is a figure itself: an hour, a minute, a decade of ages, a day."""
    if saying.kind == "date":
        day = as_day(label)
        return day is not None and is_day(saying.value, day, today)
    if isinstance(label, bool) or not isinstance(label, int | float):
        return False
    if saying.kind == "clock":
        return any(second % 86_400 == label * 3600 for second in saying.value)
    if saying.kind == "moment":
        return saying.value in (label, label * 60)
    if saying.kind == "age":
        return bool(saying.value[0] == label)
    return saying.kind == "number" and bool(saying.value == label)


# --- numbers that are no count of the rows -----------------------------------------------------------


def _rests(text: str, facts: Facts, told: Sequence[Saying]) -> set[float]:
    """ "그 밖에 5건": the whole less the lines, or the moments or values, told before it."""
    before = text[: told[-1].end] if told else ""
    lines = len(re.findall(r"(?m)^\s*(?:[-•*]|\d{1,2}[.)])\s", before))
    moments = sum(saying.kind == "moment" for saying in told)
    tellings = {lines} if lines else {_longest_run(told, text), moments}
    notable = sum(event.severity > 0 for event in facts.evidence.events)
    wholes = (facts.evidence.count, len(facts.result.rows), notable, *facts.numbers)
    return {float(whole - k) for whole in wholes for k in tellings if whole > k > 0}


def _longest_run(told: Sequence[Saying], text: str) -> int:
    """How many figures of one kind stand in one list: "33세, 41세, 52세"."""
    longest = run = 0
    for previous, saying in zip_longest([None, *told], told):
        if saying is None or previous is None:
            run = 1
        else:
            listed = saying.kind == previous.kind and text[previous.end : saying.start].strip() == ","
            run = run + 1 if listed else 1
        longest = max(longest, run)
    return longest


def _speaks_of_rest(saying: Saying, text: str) -> bool:
    before, after = text[max(0, saying.start - 12) : saying.start], text[saying.end : saying.end + 8]
    return bool(re.search(r"(?:밖에|외에?|나머지)\s*$", before) or re.match(r"\s*(?:more|others?)\b", after))


def _is_idle_one(saying: Saying, text: str) -> bool:
    """ "다시 한번", "한 사람이", "one of them", "no one": no count."""
    before, after = (
        text[max(0, saying.start - 12) : saying.start].lower(),
        text[saying.end : saying.end + 8].lower(),
    )
    if saying.text.lower() == "one":
        return bool(
            re.search(
                r"\b(no|any|some|every|the|this|that|each|only|which|other|last|\w+(?:st|nd|rd|th))\s*$",
                before,
            )
            or re.match(r"\s*(?:[,.]|(?:of|is|was|by|at|in|another)\b)", after)
        )
    if re.match(r"^한\s*(번|차례)", saying.text):
        return bool(re.search(r"다시\s*$", before) or re.match(r"\s*(더|에)", after))
    return bool(re.match(r"^한\s*(명|사람|분|대)", saying.text)) and not re.match(
        r"\s*(만|뿐|입|이었)", after
    )


def _echoes(saying: Saying, facts: Facts) -> bool:
    """A limit or a figure of the question said back: "3건 이상", "처음 5건"."""
    asked = {s.value for s in facts.asked if s.kind == "number"} | set(facts.searched.figures)
    return saying.value in asked and (saying.bound or saying.unit in ("plain", "ordinal") or facts.empty)


def _told(saying: Saying, facts: Facts, text: str) -> bool:
    """ "책 2권": a description says so itself, of the same thing."""
    words = text[saying.start : saying.end + 3].lower().rstrip(" .,")
    if len(words) <= len(saying.text) or words not in facts.stored_of_events:
        return False
    return any(
        s.kind == "number" and s.value == saying.value and s.unit == saying.unit
        for s in facts.told_in_stored_text
    )
