"""Ages and genders: 20대 후반, 30세 이상, men in their late thirties, minors."""

import itertools

from text2sql.query import AgeRange
from text2sql.reader.draft import Draft, Fact
from text2sql.semantics_rows import AGE_GROUPS

_DIGITS = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}
_OLDEST = 150
_CHILD = 12
_OLD = {"old man": "male", "old woman": "female", "old men": "male", "old women": "female"}
_AGED = ("aged", "age", "ages", "나이", "연령")


def read_people(draft: Draft) -> None:
    at = 0
    while at < len(draft):
        if draft.taken[at]:
            at += 1
            continue
        at = _decade(draft, at) or _years(draft, at) or _compared(draft, at) or at + 1
    for at in range(len(draft)):
        if draft.has(at, "gender"):
            _gender(draft, at)
    _who_does_it(draft)
    _age_groups(draft)
    _meet(draft)
    _somebody_else(draft)


_OBJECT = ("를", "을", "한테", "에게")


def _somebody_else(draft: Draft) -> None:
    """여자를 때린 남자, 아이 데리고 온 여자, a woman with a child: only one of them is the event's own."""
    facts = draft.of("gender", "age")
    for fact in facts:
        after = fact.end
        done_to = draft.tails[after - 1].startswith(_OBJECT) and any(
            draft.ever(after, kind) and draft.tokens[after].form == "verb"
            for kind in ("type", "thing", "action")
        )
        along = (draft.ever(after, "hold") and draft.tokens[after].text.startswith("데리")) or (
            draft.ever(after, "josa", "and")
            and (
                draft.ever(after + 1, "func", "exist")
                or draft.ever(after + 1, "type")
                or draft.ever(after + 1, "move")
            )
            and not any(other.start == after + 1 for other in facts)
        )
        if done_to or along or _with_or_by(draft, fact, facts):
            draft.doubt("two_people", 0.45)


def _with_or_by(draft: Draft, fact: Fact, facts: list[Fact]) -> bool:
    """a man with a woman, women robbed by men"""
    at = fact.start - 1
    while at > max(0, fact.start - 4) and draft.tokens[at].text.lower() in (
        "a",
        "an",
        "the",
        "two",
        "some",
        "his",
        "her",
        "their",
    ):
        at -= 1
    word = draft.tokens[at].text.lower() if at > 0 else ""
    before = [other for other in facts if other.end <= at]
    if word == "with":
        return bool(before)
    return (
        word == "by"
        and bool(before)
        and any(draft.ever(at - 1, kind) for kind in ("type", "thing", "action"))
    )


def _meet(draft: Draft) -> None:
    """20세 이상 30세 미만, a senior in her 70s: one range; 20대와 30대, under 10 or over 60: either."""
    facts = draft.of("age")
    for first, second in itertools.pairwise(facts):
        if first not in draft.facts:
            continue
        if second.start == first.end and second.value.to == _CHILD and draft.tokens[first.start].number:
            draft.facts.remove(second)  # 십대 애들: the number says how old they are
            continue
        between = range(first.end, second.start)
        either = any(draft.ever(at, "conj", "or") or draft.ever(at, "josa", "or") for at in between)
        both = _meeting(first.value, second.value)
        one_sided = (first.value.to is None) != (second.value.to is None) and (
            (first.value.from_ is None) != (second.value.from_ is None)
        )
        if either or both is None or (between and not one_sided):
            continue
        said = draft.words(first.start, second.end)
        draft.facts[draft.facts.index(first)] = Fact(
            "age", first.start, second.end, AgeRange(both.from_, both.to, said)
        )
        draft.facts.remove(second)


def _meeting(a: AgeRange, b: AgeRange) -> AgeRange | None:
    low = max((age for age in (a.from_, b.from_) if age is not None), default=None)
    high = min((age for age in (a.to, b.to) if age is not None), default=None)
    return None if low is not None and high is not None and low > high else AgeRange(low, high)


def _who_does_it(draft: Draft) -> None:
    """여자가 남자를 때린: the event is the woman's; the other end of it is not recorded."""
    found = draft.of("gender")
    if (
        len(found) != 2
        or found[0].value == found[1].value
        or draft.says("compare")
        or draft.says("conj", "or")
    ):
        return
    first, second = found
    subject = draft.tails[first.end - 1] in ("가", "이") and draft.tails[second.end - 1] in ("를", "을", "")
    verb_between = any(draft.ever(at, "type") for at in range(first.end, second.start))
    if (subject and second.start - first.end <= 1) or (draft.language == "en" and verb_between):
        by = draft.language == "en" and any(
            draft.tokens[at].text.lower() == "by" for at in range(first.end, second.start)
        )
        draft.facts.remove(second)
        draft.doubt("two_people", 0.45 if by else 0.2)  # women robbed by men: whose event is it?


def _gender(draft: Draft, at: int) -> None:
    token = draft.tokens[at]
    if token.text in ("남", "여") and not token.space_before:
        return
    if token.has("location") and not token.has("gender"):
        return
    draft.add("gender", at, at + 1, draft.value(at, "gender"))


def _decade_start(draft: Draft, at: int) -> tuple[int, int] | None:
    """(first age, where it ends) of 20대, 20s, twenties; of a bare 20 before ~30대."""
    token = draft.tokens[at] if at < len(draft) else None
    if token is None or draft.taken[at] or token.number is None:
        return None
    value = token.number
    if value % 10 or not 0 <= value <= 100 or token.has("decades"):
        return None
    if token.has("decade"):
        return int(value), at + 1
    if draft.has(at + 1, "unit", "decade"):
        if at and draft.ever(at - 1, "ride"):
            return None
        return int(value), at + 2
    return None


def _decade(draft: Draft, at: int) -> int | None:
    start, low, high = at, 0, 9
    if draft.has(at, "early") and draft.tokens[at].text.isascii() and at + 1 < len(draft):
        low, high = _DIGITS[draft.value(at, "early")]
        at += 1
    found = _decade_start(draft, at)
    if found is None:
        return _two_decades(draft, start)
    first, end = found
    if draft.has(at - 1, "cmp") and draft.tokens[at - 1].text.isascii():
        draft.doubt("decade_bound", 0.5)  # over 40s: from 40, or from 50?
    if draft.has(end, "early"):
        low, high = _DIGITS[draft.value(end, "early")]
        end += 1
    ages = AgeRange(first + low, first + high)
    joint = end
    if draft.has(joint, "josa", "from", "at") or draft.has(joint, "rel", "to"):
        second = _decade_start(draft, joint + 1)
        if second:
            end, latest = second[1], 9
            if draft.has(end, "early"):
                latest, end = _DIGITS[draft.value(end, "early")][1], end + 1
            ages = AgeRange(first + low, second[0] + latest)
            while draft.has(end, "josa", "until") or draft.has(end, "rel", "between", "until"):
                end += 1
    elif draft.has(end, "cmp") and not draft.tokens[end].text.isascii():
        ages = _bounded(draft.value(end, "cmp"), ages.from_ or 0, ages.to or 0)
        end += 1
    return _add(draft, start, end, ages)


def _two_decades(draft: Draft, at: int) -> int | None:
    """20~30대, 20, 30대, 2-30대, 이삼십대."""
    if draft.has(at, "decades") and draft.has(at + 1, "unit", "decade"):
        low, high = int(draft.value(at, "decades")), int(draft.tokens[at].number or 0)
        return _add(draft, at, at + 2, AgeRange(low, high + 9))
    value = draft.number(at)
    if value is not None and 1 <= value <= 8:
        second = _decade_start(draft, at + 2)
        if second and second[0] == 10 * value + 10 and _joined_numbers(draft, at + 1):
            return _add(draft, at, second[1], AgeRange(int(10 * value), second[0] + 9))
    if value is None or value % 10 or not 10 <= value <= 90:
        return None
    if not _joined_numbers(draft, at + 1):
        return None
    second = _decade_start(draft, at + 2)
    return _add(draft, at, second[1], AgeRange(int(value), second[0] + 9)) if second else None


def _joined_numbers(draft: Draft, at: int) -> bool:
    return draft.has(at, "rel", "to") or draft.has(at, "conj", "and")


def _bounded(how: str, low: int, high: int) -> AgeRange:
    return {
        "ge": AgeRange(low, None),
        "gt": AgeRange(high + 1, None),
        "le": AgeRange(None, high),
        "lt": AgeRange(None, low - 1),
    }[how]


def _add(draft: Draft, start: int, end: int, ages: AgeRange) -> int:
    if draft.has(start - 1, "ask", "how_old") and draft.tokens[start - 1].text.lower() in _AGED:
        start -= 1  # 나이 60세 이상: no question of how old
    said = draft.words(start, end)
    draft.add("age", start, end, AgeRange(ages.from_, ages.to, said))
    return end


def _years(draft: Draft, at: int) -> int | None:
    """30세, 30세 이상, 20세에서 30세, 25 years old, aged 25 (to 30)."""
    value = draft.number(at)
    aged = _aged_before(draft, at)
    if value is None or not 0 <= value <= _OLDEST or value != int(value):
        return None
    end = at + 1
    unit = draft.has(end, "unit", "years")
    if unit:
        end += 1
    joint = end
    if not unit and not aged and _of_people(draft, at):
        draft.doubt("ages_without_a_word", 0.2)
        aged = True
    if (
        draft.has(joint, "josa", "from", "at", "and")
        or draft.has(joint, "rel", "to", "from")
        or draft.has(joint, "conj", "and")
    ) and ((second := draft.number(joint + 1)) is not None):
        stop = joint + 2
        second_unit = draft.has(stop, "unit", "years")
        if (unit or second_unit or aged) and second <= _OLDEST:
            stop += second_unit
            while draft.has(stop, "josa", "until") or draft.has(stop, "rel", "between", "until"):
                stop += 1
            start = at - 1 if at and draft.has(at - 1, "rel", "between", "from") else at
            if value > second:
                draft.refusals.append("contradiction")
            return _add(draft, start, stop, AgeRange(int(value), int(second)))
    if not unit and not aged:
        return None
    if (
        draft.ever(at - 1, "rel", "around")
        or draft.ever(end, "rel", "around")
        or draft.ever(end, "josa", "around")
    ):
        draft.doubt("about_as_old", 0.45)  # 서른 살쯤
    start, how = _comparison(draft, at, end)
    if how:
        end = max(end, end + 1 if draft.has(end, "cmp") else end)
        return _add(draft, start, end, _bounded(how, int(value), int(value)))
    if draft.has(end, "josa", "from") or draft.has(end, "rel", "from"):
        return _add(draft, at, end + 1, AgeRange(int(value), None))
    if draft.has(end, "josa", "until") or draft.has(end, "rel", "until"):
        return _add(draft, at, end + 1, AgeRange(None, int(value)))
    return _add(draft, at, end, AgeRange(int(value), int(value)))


def _of_people(draft: Draft, at: int) -> bool:
    """women between 25 and 35: people have no other number, unless a unit comes."""
    first, second = draft.number(at), draft.number(at + 2)
    return (
        draft.has(at - 1, "rel", "between")
        and draft.tokens[at - 1].text.isascii()
        and at >= 2
        and any(draft.ever(at - 2, kind) for kind in ("gender", "person", "personish"))
        and first is not None
        and second is not None
        and 10 <= first < second <= 100
        and not any(draft.ever(at + 3, kind) for kind in ("unit", "dim", "moment", "daypart"))
    )


def _aged_before(draft: Draft, at: int) -> bool:
    near = [i for i in range(max(0, at - 3), at) if draft.tokens[i].text.lower() in _AGED]
    if near and draft.number(at) is not None and draft.tokens[near[-1]].text.lower() == "aged":
        draft.take(near[-1], near[-1] + 1)
    return bool(near)


def _stands_before(word: str) -> bool:
    """over 60, ≥ 60; but 60세 이상"""
    return word.isascii() or word in "≥≤"


def _comparison(draft: Draft, at: int, end: int) -> tuple[int, str | None]:
    if draft.has(end, "cmp"):
        return at, draft.value(end, "cmp")
    if draft.has(at - 1, "cmp") and _stands_before(draft.tokens[at - 1].text):
        return at - 1, draft.value(at - 1, "cmp")
    return at, None


def _compared(draft: Draft, at: int) -> int | None:
    """English leaves the unit out: people under 30, anyone over 65, 30 or older."""
    if draft.has(at, "cmp") and _stands_before(draft.tokens[at].text):
        value = draft.number(at + 1)
        start = at
        if value is None and draft.ever(at + 1, "func"):  # over the age of 30
            nxt = next(
                (i for i in range(at + 1, min(at + 5, len(draft))) if draft.number(i) is not None), None
            )
            if nxt is None or not any(draft.tokens[i].text.lower() == "age" for i in range(at + 1, nxt)):
                return None
            value, at = draft.number(nxt), nxt - 1
        if value is None or value != int(value) or not 0 < value < 120:
            return None
        end = at + 2
        if draft.has(end, "unit") and not draft.has(end, "unit", "years"):
            return None
        if _counts_what_follows(draft, start, end):
            return None
        if not (
            _about_people(draft, start) or draft.tokens[start].text.lower() in ("older than", "younger than")
        ):
            return None
        if draft.tokens[start - 1].text.lower() == "aged" and start:  # aged over 50
            draft.take(start - 1, start)
        return _add(draft, start, end, _bounded(draft.value(start, "cmp"), int(value), int(value)))
    value = draft.number(at)
    if value is not None and draft.has(at + 1, "cmp") and value == int(value) and 0 < value < 120:
        word = draft.tokens[at + 1].text.lower()
        if word in ("or older", "or younger", "and older", "and younger") or (
            word.isascii() and _about_people(draft, at)
        ):
            return _add(draft, at, at + 2, _bounded(draft.value(at + 1, "cmp"), int(value), int(value)))
    return None


_WHO = ("person", "personish", "gender")


def _counts_what_follows(draft: Draft, start: int, end: int) -> bool:
    """at least 3 thefts, more than one fight: a number of events; women over 30 fighting: an age."""
    counted = any(draft.ever(end, kind) for kind in ("type", "group", "ride", "vehicle", *_WHO))
    about = range(max(0, start - 2), start)
    return counted and not any(
        any(draft.ever(i, kind) for kind in _WHO) or draft.tokens[i].text.lower() in _AGED for i in about
    )


def _about_people(draft: Draft, at: int) -> bool:
    if any(draft.ever(i, "confidence") for i in range(max(0, at - 4), min(len(draft), at + 5))):
        return False
    return any(
        draft.ever(i, kind)
        for kind in (*_WHO, "ask", "type")
        for i in range(max(0, at - 3), min(len(draft), at + 5))
    )


def _age_groups(draft: Draft) -> None:
    for at in list(draft.find("age")):
        group = AGE_GROUPS[draft.value(at, "age")]
        if group.with_person:
            near = [i for i in (at - 1, at + 1, at + 2) if 0 <= i < len(draft)]
            person = any(draft.ever(i, kind) for i in near for kind in (*_WHO, "unit"))
            if (draft.has(at - 1, "sup") or not person) and draft.tokens[at].text not in (
                "청년",
                "젊은이",
                "젊은 층",
            ):
                continue
        word = draft.tokens[at].text.lower()
        if draft.ever(at - 1, "early") and draft.has(at - 1, "early"):
            draft.doubt("part_of_an_age", 0.45)  # late teens
        if word == "minor" and any(draft.ever(at + 1, kind) for kind in ("group", "type")):
            draft.doubt("minor_what", 0.5)
        if draft.tokens[at - 1].text.lower() in ("unattended", "abandoned") and at:
            draft.doubt("left_alone", 0.5)
        if not (word.startswith("old ") and draft.ever(at - 1, "unit", "years")):  # a 25-year-old man
            draft.add("age", at, at + 1, AgeRange(group.from_, group.to, draft.tokens[at].text))
        if word in _OLD:
            draft.add("gender", at, at + 1, _OLD[word])
