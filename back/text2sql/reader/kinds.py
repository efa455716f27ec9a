"""What happened: event types, words for several of them, and the things done, held or worn."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from operator import eq, ge, gt, le, lt

from text2sql.query import Word
from text2sql.reader.draft import Draft, Fact
from text2sql.reader.leftovers import deeds
from text2sql.semantics_rows import GROUPS, thing_row
from text2sql.words.hangul import is_syllable, split, stored_forms
from text2sql.words.tokens import Sense, Token

BY_VEHICLE = {"enter": "vehicle_enter", "exit": "vehicle_exit"}


def read_types(draft: Draft) -> None:
    rides = [at for at in range(len(draft)) if draft.has(at, "ride") or draft.has(at, "ask", "vehicles")]
    for at in [at for at in rides if _left_out(draft, at)]:
        rides.remove(at)
        draft.negate([draft.add("type", at, at + 1, code) for code in BY_VEHICLE.values()])
        for i in range(max(0, at - 2), min(len(draft), at + 2)):
            if draft.has(i, "neg", "except", "not"):
                draft.take(i, i + 1)
    for at in range(len(draft)):
        if draft.taken[at]:
            continue
        if draft.has(at, "type") and _means_a_type(draft, at):
            for code in _codes(draft, at, rides):
                draft.add("type", at, at + 1, code)
        elif rides and draft.has(at, "move"):
            draft.add("type", at, at + 1, BY_VEHICLE[draft.value(at, "move")])
    if rides and not draft.of("type"):
        _in_and_out(draft, rides)
    if rides and any(fact.value in BY_VEHICLE.values() for fact in draft.of("type")):
        for at in rides:
            if draft.has(at, "vehicle"):
                draft.take(at, at + 1)


_WAYS = {"in": "vehicle_enter", "out": "vehicle_exit"}
_WHEN = ("and", "or", "before", "after", "between", "since", "until", "around", "today", "yesterday")
_AFTER_A_WAY = {"in": _WHEN, "out": (*_WHEN, "of", "at", "by", "from")}


def _in_and_out(draft: Draft, rides: list[int]) -> None:
    """first car out, any vans in?, cars in and out; but: cars in the yard"""
    for ride in rides:
        at = ride + 1
        while at < len(draft) and (way := draft.tokens[at].text.lower()) in ("in", "out", "and", "or"):
            following = draft.tokens[at + 1].text.lower() if at + 1 < len(draft) else ""
            if way in _WAYS and (not following or following in _AFTER_A_WAY[way]):
                draft.add("type", at, at + 1, _WAYS[way])
            at += 1


def _left_out(draft: Draft, at: int) -> bool:
    """차량은 빼고, but no vehicles: the entries and exits that are meant are then those of people."""
    if not draft.ever(at, "vehicle"):
        return False
    if draft.tokens[at].text.isascii():
        return any(draft.ever(i, "neg", "except", "not") for i in (at - 1, at - 2))
    return draft.ever(at + 1, "neg", "except")


def _codes(draft: Draft, at: int, rides: list[int]) -> tuple[str, ...]:
    if draft.tokens[at].text.lower() in ("leave", "left", "leaves") and any(
        draft.tokens[i].text.lower() == "behind" for i in range(at + 1, min(len(draft), at + 5))
    ):
        return ("abandonment",)
    if draft.tokens[at].text.lower() in ("leave", "left", "leaves", "leaving") and _left_a_thing(
        draft, at + 1
    ):
        return ("abandonment",)
    if draft.tokens[at].text.lower() == "left" and _was_a_thing(draft, at):
        return ("abandonment",)
    codes = tuple(dict.fromkeys(s.value for s in draft.tokens[at].senses if s.kind == "type"))
    if rides and set(codes) <= set(BY_VEHICLE):
        return tuple(BY_VEHICLE[code] for code in codes)
    return codes[:1] if len(codes) > 1 else codes


def _was_a_thing(draft: Draft, at: int) -> bool:
    """when was the bag left by the lift?; a bag left on the stairs"""
    thing = at - 1 if at and draft.tokens[at - 1].text.lower() not in ("was", "were", "got", "is") else at - 2
    passive = thing > 0 and draft.tokens[thing - 1].text.lower() in ("a", "an", "the", "any", "some")
    return passive and draft.ever(thing, "thing") and not draft.ever(thing, "person", "personish")


def _left_a_thing(draft: Draft, at: int) -> bool:
    """who left the bag?; but: who left with a bag?"""
    articles = ("a", "an", "the", "his", "her", "their", "some")
    if at >= len(draft) or draft.tokens[at].text.lower() not in articles:
        return False
    return (
        draft.ever(at + 1, "thing")
        and not draft.ever(at + 1, "place")
        and not draft.ever(at + 1, "everywhere")
    )


def _means_a_type(draft: Draft, at: int) -> bool:
    token = draft.tokens[at]
    word = token.text.lower()
    before = draft.tokens[at - 1].text.lower() if at else ""
    after = draft.tokens[at + 1].text.lower() if at + 1 < len(draft) else ""
    if word == "가격":  # the blow, not the price
        return draft.tails[at].startswith(_DONE) or not (
            _thing_sold(draft, at) or draft.says("ask", "what", "list")
        )
    if word == "계산" and after == "대":
        return False
    if word.startswith("계산") and _to_be_computed(draft, at):
        _as(draft, at, Sense("ask", "list"))
        return False
    if word == "smoke":
        near = range(max(0, at - 3), at)
        if (
            before == "to"
            or any(draft.ever(i, kind) for i in near for kind in ("person", "personish", "gender", "age"))
            or before in ("he", "she", "they", "who")
        ):
            _as(draft, at, Sense("type", "smoking"))
        return True
    if word in ("pick", "left", "exit", "enter", "entry") and draft.has(at, "place"):
        return not (before == "the" and at >= 2 and draft.tokens[at - 2].text.lower() in ("on", "at", "to"))
    if (
        word == "exit"
        and before == "the"
        and at >= 2
        and draft.tokens[at - 2].text.lower() in ("at", "near", "by", "through")
    ):
        return False
    if word in ("other", "others"):  # the type, beside the word for it; else those not named
        return draft.ever(at - 1, "dim", "type") or draft.ever(at + 1, "dim", "type") or len(draft) == 1
    if (
        word in ("fell", "fall", "falls")
        and draft.says("ask", "ratio")
        and after in _WHEN_OR_WHERE
        and sum(token.has("type") or token.has("group") for token in draft.tokens) > 1
    ):
        return False  # what share of the thefts fell between …
    if _gathers_events(draft, at):
        _as(draft, at, Sense("attr", "many"))
        return False
    if word.startswith("끌고") and _a_thing(draft, at - 1):  # 카트 끌고 간 사람
        _as(draft, at, Sense("hold", "hold"))
        return False
    return True


def _to_be_computed(draft: Draft, at: int) -> bool:
    """평균 나이 계산해줘: done by whoever answers, at no checkout."""
    asked = draft.says("ask", "average", "ratio", "sum", "how_many", "events", "persons")
    rest = range(at + 1, len(draft))
    bidden = draft.tails[at].startswith("해") or draft.tokens[at].text.endswith("해")
    return bidden and draft.says("ask") and asked and all(draft.ever(i, "func") for i in rest)


def _a_thing(draft: Draft, at: int) -> bool:
    return draft.ever(at, "thing") and not any(
        draft.ever(at, kind) for kind in ("person", "personish", "gender", "age")
    )


def _gathers_events(draft: Draft, at: int) -> bool:
    """사건이 제일 많이 몰린 시간대: where most of them are, no crowd."""
    if not draft.has(at, "type", "crowding") or draft.tokens[at].form != "verb":
        return False
    before = at - 1
    while before >= 0 and any(draft.tokens[before].has(kind) for kind in ("sup", "attr")):
        before -= 1
    return before >= 0 and (
        draft.tokens[before].has("group")
        or (draft.tokens[before].has("type") and not draft.tokens[before].has("type", "crowding"))
    )


_WHEN_OR_WHERE = ("between", "in", "within", "on", "during", "before", "after", "into", "from", "outside")
_DONE = ("하", "한", "했", "해", "당", "됐", "할")


def _thing_sold(draft: Draft, at: int) -> bool:
    before = draft.tokens[at - 1] if at else None
    return before is not None and (before.text in ("물건", "제품", "상품") or before.has("thing"))


def _as(draft: Draft, at: int, sense: Sense) -> None:
    token = replace(draft.tokens[at], senses=(sense,))
    draft.tokens = (*draft.tokens[:at], token, *draft.tokens[at + 1 :])


# The levels that have a name; 1 alone has none.
_LEVELS = {frozenset({2}): "serious", frozenset({1, 2}): "suspicious", frozenset({0}): "routine"}
_HOLDS: dict[str, Callable[[float, float], bool]] = {"ge": ge, "gt": gt, "le": le, "lt": lt}


def _read_levels(draft: Draft) -> None:
    """심각도 2, severity of at least 1"""
    for at in list(draft.find("dim", "severity")):
        number = at + 1
        while draft.ever(number, "func", "polite") or draft.has(number, "ask", "whether"):
            number += 1
        before = draft.has(number, "cmp") and draft.tokens[number].text.isascii()
        number += before
        value = draft.number(number)
        if value is None:
            continue
        how = number - 1 if before else number + 1
        holds = _HOLDS.get(draft.value(how, "cmp"), eq) if draft.has(how, "cmp") else eq
        levels = frozenset(level for level in (0, 1, 2) if holds(level, value))
        if levels in _LEVELS:
            draft.add("group", at, max(number, how if holds is not eq else 0) + 1, _LEVELS[levels])


def read_groups(draft: Draft) -> None:
    _read_levels(draft)
    for at in list(draft.find("group")):
        code = draft.value(at, "group")
        if (
            draft.has(at, "cmp")
            and at
            and (draft.tokens[at - 1].number is not None or draft.ever(at - 1, "unit"))
        ):
            continue
        if draft.tokens[at].text.lower() == "record" and draft.ever(at, "func") and not _plural(draft, at):
            continue
        draft.add("group", at, at + 1, code)
    named = draft.of("type") or [f for f in draft.of("group") if not GROUPS[f.value].only_alone]
    if named:
        draft.facts = [
            fact
            for fact in draft.facts
            if not (
                fact.kind == "group"
                and GROUPS[fact.value].only_alone
                and not _excepts(draft, fact.start)
                and not _whole_of_a_share(draft, fact)
            )
        ]
    elif any(f.value == "incident" for f in draft.of("group")):
        draft.facts = [f for f in draft.facts if not (f.kind == "group" and f.value == "every")]


def _whole_of_a_share(draft: Draft, fact: Fact) -> bool:
    """사건 중 도난 비율: of all incidents; 도난 사건 비율: of thefts."""
    if fact.value == "every" or not draft.says("ask", "ratio"):
        return False
    return draft.ever(fact.end, "compare", "vs") or draft.ever(fact.end, "func", "exist")


def _excepts(draft: Draft, at: int) -> bool:
    """ "도난 말고 다른 사건", "all incidents except loitering": the word has something to be the rest of."""
    return draft.says("neg", "except", "other", "not")


def _plural(draft: Draft, at: int) -> bool:
    return draft.tokens[at].text.lower().endswith("s")


def read_words(draft: Draft) -> None:
    """Things done, held or worn, and words that the stored actions use."""
    for at in range(len(draft)):
        token = draft.tokens[at]
        if draft.taken[at]:
            continue
        if token.has("thing") and not _incidental(draft, at):
            if _the_one_that_did(draft, at):
                draft.take(at, at + 1)
                draft.doubt(f"thing:{token.text}", 0.1)
                continue
            if _just_somebody(draft, token):
                draft.doubt(f"person:{token.text}", 0.1)
                continue
            rows = [thing_row(sense.value) for sense in token.senses if sense.kind == "thing"]
            korean = (form for row in rows for word in row.ko for form in stored_forms(word.lower()))
            patterns = [*korean, *(word.lower() for row in rows for word in row.en)]
            if not token.text.isascii() and not token.corrected_from:
                patterns.append(token.text.lower())
            draft.add("word", at, at + 1, Word(token.text, _fewest(patterns)))
        elif _sung(draft, at):
            draft.add("word", at, at + 1, Word(token.text, (draft.value(at, "action"),)))
        elif token.has("action") and _only_action(token) and not _named_as_a_thing(draft, at):
            stored = [sense.value for sense in token.senses if sense.kind == "action"]
            draft.add("word", at, at + 1, Word(token.text, _fewest([*stored, token.text.lower()])))
    _merge_alternatives(draft)


_BEFORE_A_NOUN = ("a", "an", "the", "his", "her", "their", "in", "of", "with", "on", "at")


def _named_as_a_thing(draft: Draft, at: int) -> bool:
    """in his hand, where the scope knows of handing out leaflets"""
    word = draft.tokens[at].text.lower()
    stored = draft.value(at, "action")
    if word == stored or not word.isascii() or not at:
        return False
    return draft.tokens[at - 1].text.lower() in _BEFORE_A_NOUN


def _sung(draft: Draft, at: int) -> bool:
    """노래 부른 사람, where that is a deed of the scope and no question about the sound."""
    token = draft.tokens[at]
    if not token.has("action") or not token.has("unrecorded") or at + 1 >= len(draft):
        return False
    after = draft.tokens[at + 1]
    return after.has("action") or (after.form in ("verb", "unknown") and not after.has("func"))


def _only_action(token: Token) -> bool:
    if token.text.isascii() and all(sense.kind in ("action", "dim", "everywhere") for sense in token.senses):
        return True  # feed: the deed of the scope, before the camera's
    return all(sense.kind in ("action", "place", "location") for sense in token.senses)


_VERBS_THAT_ASK = frozenset(["call", "watch", "support"])


def _incidental(draft: Draft, at: int) -> bool:
    token = draft.tokens[at]
    if token.has("vehicle") and any(f.value in BY_VEHICLE.values() for f in draft.of("type")):
        return True
    if any(token.has(kind) for kind in ("unrecorded", "ask", "func", "gender", "age")):
        return True
    return token.text.lower() in _VERBS_THAT_ASK


def _fewest(patterns: list[str]) -> tuple[str, ...]:
    """What contains another pattern is found by that one already."""
    unique = list(dict.fromkeys(patterns))
    return tuple(p for p in unique if not any(other != p and other in p for other in unique))


def _the_one_that_did(draft: Draft, at: int) -> bool:
    """기둥에 부딪힌 차: who did it; that the deed's own words name a car is not said."""
    token = draft.tokens[at]
    if not token.has("vehicle") or token.text.isascii() or not at or draft.tokens[at - 1].text.isascii():
        return False
    deed = any(fact.end == at for fact in draft.of("word")) or (
        draft.tokens[at - 1].form == "unknown" and deeds(draft, draft.tokens[at - 1].text)
    )
    if not deed or draft.tails[at].startswith(("을", "를", "에")):
        return False
    said = draft.words(at - 1, at) + draft.tails[at - 1]
    return said.endswith("던") or (is_syllable(said[-1]) and split(said[-1])[2] == "ㄴ")


def _just_somebody(draft: Draft, token: Token) -> bool:
    """학생 at a school names somebody and filters nothing, unless the actions tell students apart."""
    return token.has("personish") and not any(
        deed.startswith(token.text) for deed in draft.brought.deeds.values()
    )


def _merge_alternatives(draft: Draft) -> None:
    """가방이나 모자: either word will do."""
    words = draft.of("word")
    for first, second in itertools.pairwise(words):
        between = range(first.end, second.start)
        either = draft.ever(first.end, "conj", "or") or draft.ever(first.end, "josa", "or")
        if len(between) == 1 and either and first in draft.facts and second in draft.facts:
            merged = Word(
                f"{first.value.said} / {second.value.said}", (*first.value.patterns, *second.value.patterns)
            )
            draft.facts[draft.facts.index(first)] = first.__class__("word", first.start, second.end, merged)
            draft.facts.remove(second)
