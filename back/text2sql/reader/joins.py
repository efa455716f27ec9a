"""How facts hang together: whose they are, what mixes, and what follows what."""

import itertools
from dataclasses import dataclass

from text2sql.query import Word
from text2sql.reader.draft import Draft, Fact
from text2sql.reader.grouping import compares_by_many
from text2sql.semantics_rows import GROUPS, TYPES

_EVENTS = ("type", "group")


_AGENT_ENDS = (
    "범",
    "자",
    "객",
    "도둑",
    "강도",
    "thief",
    "thieves",
    "er",
    "ers",
    "or",
    "ors",
    "drunk",
    "drunken",
    "intoxicated",
)


def read_subjects(draft: Draft) -> None:
    """When did the thief leave, 훔친 사람이 나간 시각: the leaving is asked for, the theft says whose."""
    types = [fact for fact in draft.of("type") if not fact.negated and fact.end]
    if len(types) > 2 and not draft.says("ask", "ratio"):
        for one, other in itertools.pairwise(types):
            _apart(draft, one, other)
    if (
        len(types) != 2
        or types[0].value == types[1].value
        or draft.says("compare", "more", "fewer")
        or compares_by_many(draft)
        or draft.of("group")
    ):
        return
    who, what = types
    between = range(who.end, what.start)
    if any(draft.ever(at, "conj") or draft.ever(at, "josa", "and", "or") for at in between) or draft.says(
        "ask", "ratio"
    ):
        return
    named = draft.tokens[who.end - 1].text.lower().endswith(_AGENT_ENDS)
    person = next((at for at in between if draft.ever(at, "person") or draft.ever(at, "personish")), None)
    if "weapon" in (who.value, what.value):
        _armed(draft, who if who.value == "weapon" else what)
    elif (
        person is not None
        and not named
        and draft.tails[person] not in _SUBJECT
        and not (draft.ever(person + 1, "ask") or draft.ever(person + 1, "compare", "vs"))
    ):
        draft.doubt("who_did_what", 0.45)  # 쓰러진 사람 때린: done to them or by them?
    elif who.value == "drunkenness" or named or person is not None:
        draft.facts.remove(who)
        draft.facts.append(Fact("person_of", who.start, who.end, (who,)))
        draft.doubt("whose", 0.1)
    elif "verb" in (draft.tokens[who.start].form, draft.tokens[what.start].form) and not between:
        if not _either(draft, who):
            draft.doubt("two_things", 0.45)  # 침입해서 훔친: one after the other, or either?
    else:
        _apart(draft, who, what)


def _either(draft: Draft, fact: Fact) -> bool:
    """싸우거나 넘어진"""
    return (draft.tokens[fact.end - 1].text + draft.tails[fact.end - 1]).endswith("거나")


def _apart(draft: Draft, one: Fact, other: Fact) -> None:
    """싸움 도중에 쓰러진, an exit within a minute of a theft: the words between make no list."""
    between = range(one.end, other.start)
    joined = any(
        draft.ever(at, "conj") or draft.ever(at, "josa", "and", "or") or draft.ever(at, "compare")
        for at in between
    )
    if one.value != other.value and not joined and any(not draft.taken[at] for at in between):
        draft.doubt("how_joined", 0.45)


_SUBJECT = ("이", "가", "은", "는", "들이", "들은", "도", "들")


def _armed(draft: Draft, weapon: Fact) -> None:
    """칼 든 강도: a robbery, and the knife a thing held."""
    said = draft.words(weapon.start, weapon.end)
    words = TYPES["weapon"].words
    patterns = tuple(word for word in (*words.ko, *words.en) if " " not in word)
    draft.facts[draft.facts.index(weapon)] = Fact("word", weapon.start, weapon.end, Word(said, patterns))
    draft.doubt("armed", 0.1)


def read_mixtures(draft: Draft) -> None:
    """여성 혹은 노인, 20대 남자와 30대 여자: filters are joined by and, so these would be read wrongly."""
    facts = [f for f in draft.of("type", "gender", "age", "place", "word") if not f.negated and f.end]
    for first, second in itertools.pairwise(facts):
        between = range(first.end, second.start)
        either = any(draft.ever(at, "conj", "or") or draft.ever(at, "josa", "or") for at in between)
        silent = sum(
            draft.ever(at, "func") or draft.ever(at, "person") or draft.ever(at, "personish")
            for at in between
        )
        if first.kind != second.kind and len(between) - silent <= 1 and either:
            draft.doubt("mixture", 0.5)  # women or children, men or people over 60
    by_severity = [
        f for f in draft.of("group") if f.value not in ("incident", "every") and not f.negated and f.end
    ]
    for first, second in itertools.pairwise(by_severity):
        if any(
            draft.ever(at, "conj", "or") or draft.ever(at, "josa", "or")
            for at in range(first.end, second.start)
        ):
            draft.doubt("mixture", 0.5)  # serious or suspicious
    for group in draft.of("group"):
        for kind in draft.of("type"):
            first, second = sorted((group, kind), key=lambda fact: fact.start)
            between = range(first.end, second.start)
            listed = any(draft.ever(at, "conj") or draft.ever(at, "josa", "and", "or") for at in between)
            severe = GROUPS[group.value].severity is not None and group.value != "every"
            if listed and severe and len(between) <= 2 and not (group.negated or kind.negated):
                draft.doubt("mixture", 0.5)  # 심각한 사건이나 배회: either, and no filter says so
    kinds = [fact.kind for fact in facts]
    for a, b in (("age", "gender"), ("place", "type"), ("word", "gender")):
        order = [kind for kind in kinds if kind in (a, b)]
        if b == "type" and _one_type_compared(draft, facts):
            continue
        if order.count(a) >= 2 and order.count(b) >= 2 and order[:4] in ([a, b, a, b], [b, a, b, a]):
            draft.doubt("mixture", 0.5)


def _one_type_compared(draft: Draft, facts: list[Fact]) -> bool:
    """compare thefts at the counter with thefts on the stairs"""
    return draft.says("compare") and len({fact.value for fact in facts if fact.kind == "type"}) == 1


@dataclass(frozen=True, slots=True)
class Order:
    """B after A: the facts of each side, by where they stand."""

    first: tuple[Fact, ...]
    then: tuple[Fact, ...]


def read_sequence(draft: Draft) -> Order | None:
    events = [fact for fact in draft.of(*_EVENTS) if not fact.negated and fact.end]  # none inherited
    if len(events) < 2:
        return None
    for at in range(len(draft)):
        if not draft.has(at, "seq", "then"):
            continue
        before = [fact for fact in events if fact.end <= at]
        after = [fact for fact in events if fact.start > at]
        word = draft.tokens[at].text.lower()
        if word.isascii():
            order = _english_sequence(draft, at, word, before, after)
        elif before and after:
            order = _sides(draft, before[-1], after[0], at)
        else:
            continue
        if order:
            draft.take(at, at + 1)
            return order
    within = next(iter(draft.of("within")), None)
    if within and within.end < len(draft) and draft.tokens[within.end].text.lower() == "of":
        before = [fact for fact in events if fact.end <= within.start]
        after = [fact for fact in events if fact.start > within.end]
        if (
            before and after and draft.tokens[after[0].start].text.lower().endswith("ing")
        ):  # left within 30 seconds of stealing
            return _sides(draft, after[0], before[-1], within.end, swapped=True)
    for at in range(len(draft)):
        if (
            draft.has(at, "seq", "before")
            and any(e.end <= at for e in events)
            and any(e.start > at for e in events)
        ):
            draft.doubt("before_something", 0.5)  # no rule says how long before
            return None
    return _korean_chain(draft, events)


def _english_sequence(
    draft: Draft, at: int, word: str, before: list[Fact], after: list[Fact]
) -> Order | None:
    if not after:
        return None
    if word in ("then", "and then", "followed by", "afterwards", "afterward", "subsequently"):
        return _sides(draft, before[-1], after[0], at) if before else None
    if before:  # B right after A
        return _sides(draft, after[0], before[-1], at, swapped=True)
    if len(after) >= 2:  # after A, B
        first, then = after[0], after[-1]
        return Order(
            _with_adjuncts(draft, first, first.start, then.start, other=then),
            _with_adjuncts(draft, then, first.end, len(draft), other=first),
        )
    return None


_CHAINED = ("고", "다가", "었다가", "았다가", "자마자")


def _korean_chain(draft: Draft, events: list[Fact]) -> Order | None:
    """훔치고 나간 사람: one verb chained to the next is an order of things, less surely meant."""
    for first, then in itertools.pairwise(events):
        if (
            first.kind != "type"
            or first.value == "drunkenness"  # 술 먹고 넘어진: a state, and whose
            or then.kind != "type"
            or then.start != first.end
            or first.value == then.value
        ):
            continue
        tail = draft.tokens[first.end - 1].text + draft.tails[first.end - 1]
        noun = draft.tokens[first.end - 1].form != "verb" and draft.tokens[then.start].form != "verb"
        if tail.endswith(_CHAINED) and not (noun and tail.endswith("하고")):  # 도난하고 폭행 lists nouns
            draft.doubt("chained_verbs", 0.15)
            return _sides(draft, first, then, first.end)
    return None


def _sides(draft: Draft, first: Fact, then: Fact, at: int, *, swapped: bool = False) -> Order:
    a, b = ((at, len(draft)), (0, at)) if swapped else ((0, at), (at, len(draft)))
    return Order(_with_adjuncts(draft, first, *a, other=then), _with_adjuncts(draft, then, *b, other=first))


def _with_adjuncts(draft: Draft, event: Fact, start: int, end: int, other: Fact) -> tuple[Fact, ...]:
    """The thief who left after stealing: the other side's own event says nothing more here."""
    near = [
        fact
        for fact in draft.of("gender", "age", "place", "word", "type", "group")
        if start <= fact.start < end
        and fact is not event
        and (fact.kind, fact.value) != (other.kind, other.value)
    ]
    return (event, *near)
