"""What is left out, and "A without B": 도난 말고, other than women, left without paying."""

from text2sql.reader.draft import Draft, Fact

_CONTENT = (
    "type",
    "group",
    "gender",
    "age",
    "place",
    "word",
    "track",
    "video",
    "confidence",
    "duration",
    "offset",
    "clock",
    "day",
)


def read_negations(draft: Draft) -> None:
    for at in range(len(draft)):
        if draft.taken[at]:
            continue
        if draft.has(at, "neg", "except"):
            _except(draft, at)
        elif draft.has(at, "neg", "other"):
            if draft.ever(at + 1, "dim", "camera", "video", "site", "place") and not draft.says(
                "neg", "except"
            ):
                draft.doubt("another_of_which", 0.5)  # 다른 카메라, another place: not another kind
            draft.notes.add("others")
            draft.take(at, at + 1)
    for at in range(len(draft)):
        if draft.has(at, "neg", "none"):
            _none(draft, at)
        elif draft.has(at, "neg", "not"):
            _not(draft, at)


def _except(draft: Draft, at: int) -> None:
    draft.take(at, at + 1)
    if at == len(draft) - 1 and draft.tokens[at].text.startswith("아니"):  # 도난 아니야?
        return
    if draft.tokens[at].text.isascii():
        fact = _next(draft, at)
        if fact is None:
            draft.doubt("negation", 0.5)
            return
        chain = [fact, *_chain_after(draft, fact)]
        if any(f.start in (fact.end, fact.end + 1) and f.kind in _PERSONAL for f in draft.of(*_PERSONAL)):
            draft.doubt("except_both", 0.45)  # other than women under 20
    else:
        fact = _previous(draft, at)
        if fact is None:
            draft.doubt("negation", 0.5)
            return
        chain = [fact, *_chain_before(draft, fact)]
        _with_it(draft, chain)
    draft.negate(chain)


_OPEN = ("", "의")


def _with_it(draft: Draft, chain: list[Fact]) -> None:
    """20대 남자 말고, 매표소 도난 제외: what is left out is both at once, and no filter says so."""
    first = min(chain, key=lambda fact: fact.start)
    for other in draft.of(*_DESCRIBING):
        between = range(other.end, first.start)
        near = all(draft.ever(at, "hold") for at in between) and draft.tails[other.end - 1] in _OPEN
        if other in chain or other.negated or not other.end or other.end > first.start or not near:
            continue
        if other.kind == first.kind == "group":
            chain.append(other)  # 심각한 사건 말고
        else:
            draft.doubt("except_both", 0.45)


_DESCRIBING = ("gender", "age", "word", "confidence", "duration", "type", "group", "place")


def _next(draft: Draft, at: int, kinds: tuple[str, ...] = _CONTENT) -> Fact | None:
    return next((fact for fact in draft.of(*kinds) if fact.start > at and not fact.negated), None)


def _previous(draft: Draft, at: int, kinds: tuple[str, ...] = _CONTENT) -> Fact | None:
    return next((fact for fact in reversed(draft.of(*kinds)) if fact.end <= at and not fact.negated), None)


def _joined(draft: Draft, first: Fact, second: Fact) -> bool:
    between = range(first.end, second.start)
    return len(between) <= 2 and any(
        draft.ever(at, "conj") or draft.ever(at, "josa", "and", "or") for at in between
    )


def _twins(draft: Draft, fact: Fact) -> list[Fact]:
    """What the same word says besides: vehicles are those that enter and those that leave."""
    return [other for other in draft.of(fact.kind) if other is not fact and other.start == fact.start]


def _kinds_with(fact: Fact) -> tuple[str, ...]:
    """여자와 아이 제외: neither."""
    return _PERSONAL if fact.kind in _PERSONAL else (fact.kind,)


def _chain_after(draft: Draft, fact: Fact) -> list[Fact]:
    chain, last = _twins(draft, fact), fact
    for other in draft.of(*_kinds_with(fact)):
        if other.start > last.start and _joined(draft, last, other):
            chain.append(other)
            last = other
    return chain


def _chain_before(draft: Draft, fact: Fact) -> list[Fact]:
    chain, last = _twins(draft, fact), fact
    for other in reversed(draft.of(*_kinds_with(fact))):
        # 입장 퇴장 제외, 20대도 30대도 아닌
        listed = other.end == last.start and (
            fact.kind == "type" or draft.tails[other.end - 1].startswith("도")
        )
        if other.start < last.start and (listed or _joined(draft, other, last)):
            chain.append(other)
            last = other
    return chain


def _none(draft: Draft, at: int) -> None:
    """모자 없는 사람, 결제 없이 나간: a negation; 도난 없었어?: a plain question."""
    token = draft.tokens[at]
    follows = any(
        draft.ever(i, kind)
        for i in range(at + 1, len(draft))
        for kind in ("type", "person", "personish", "gender", "move")
    )
    draft.take(at, at + 1)
    if token.text.startswith(("없는", "없이")) and follows:
        _absent_or_not(draft, at, _previous(draft, at))
    elif any(f.end <= at for f in draft.of("type")) and any(f.start > at for f in draft.of("type")):
        draft.doubt("negation", 0.5)  # 도난은 없었고 싸움은 있었어?
    elif token.text.startswith(("없는", "없이", "없던")) or draft.tails[at].startswith("던"):
        draft.doubt("negation", 0.5)  # 도난 없는 시간대: a time without events is no event


def _not(draft: Draft, at: int) -> None:
    token = draft.tokens[at]
    word = token.text.lower()
    draft.take(at, at + 1)
    if word.isascii():
        if (
            at <= 1
            and word.split()[0] not in ("without", "non", "not", "never", "neither")
            and not (at and _somebody(draft, at - 1))
        ):  # "Wasn't there …?", "Didn't anyone …?"
            return
        if word in ("no",) and not draft.of("type"):
            pass
        if word == "no" and draft.ever(at - 1, "func", "exist"):
            return
        fact = _next(draft, at)
        if fact is not None and fact.kind in ("offset", "clock", "day", "video") and word != "not":
            fact = _next(draft, at, ("type", "group", "gender", "age", "place", "word"))
        _absent_or_not(draft, at, fact)
        return
    if _nobody_did(draft, at):
        return
    if word.startswith(("않", "지않")) or draft.tails[at - 1 if at else 0].endswith("지"):
        _absent_or_not(draft, at, _previous(draft, at, ("type", "word", "gender", "place", "group", "age")))
    elif word in ("안", "못"):
        rest = draft.said[token.end :].lstrip()
        if rest.startswith(("하", "한", "했", "해", "할")) and draft.ever(at - 1, "type"):  # 결제 안 하고
            _absent_or_not(draft, at, _previous(draft, at, ("type",)))
            return
        following = _next(draft, at, ("type", "word"))
        if following and following.start - at <= 2:
            _absent_or_not(draft, at, following)
        elif draft.ever(at + 1, "hold"):
            _absent_or_not(draft, at, _previous(draft, at, ("word",)))
        elif at and draft.ever(at - 1, "type"):
            _absent_or_not(draft, at, _previous(draft, at, ("type",)))
    else:
        _absent_or_not(draft, at, _previous(draft, at))


_PERSONAL = ("gender", "age")
_ATTRIBUTIVE = ("은", "는", "던", "을", "ㄴ", "린", "진", "난", "운", "간", "온", "한", "친", "린")


def _nobody_did(draft: Draft, at: int) -> bool:
    """아무도 안 넘어졌어?, 싸우지 않았어?: asks whether it happened, and leaves no event out."""
    types = [fact for fact in draft.of("type") if fact.end]
    if len(types) != 1 or draft.of("group"):
        return False
    last = max(at, types[0].end - 1)
    said = draft.tokens[last].text + draft.tails[last]
    predicate = all(
        draft.ever(i, "func") or draft.ever(i, "ask", "list") for i in range(last + 1, len(draft))
    )
    return predicate and abs(at - types[0].start) <= 2 and not said.endswith(_ATTRIBUTIVE)


def _absent_or_not(draft: Draft, at: int, fact: Fact | None) -> None:
    """ "left without paying" is an absence, "incidents that were not thefts" an exclusion."""
    if fact is None:
        draft.doubt("negation", 0.45)
        return
    others = [other for other in draft.of("type") if other is not fact and not other.negated]
    if fact.kind == "type" and any(other.value == fact.value for other in others):
        draft.doubt("negation", 0.45)
        return
    if fact.kind == "type" and others and not draft.says("compare", "more"):
        draft.notes.add("absence")
    elif fact.kind == "type" and not others and _left_undone(draft, at, fact):
        draft.doubt("absence_of_whom", 0.5)  # 결제하지 않은 사람: of those who did what?
    draft.negate([fact, *(_chain_after(draft, fact) if draft.tokens[at].text.isascii() else [])])


_VERBAL = ("didn't", "doesn't", "don't", "never", "without", "haven't", "hasn't", "can't", "cannot")


def _left_undone(draft: Draft, at: int, fact: Fact) -> bool:
    """who did not pay, 훔치지 않은: somebody without such an event; not a theft: an event of another kind."""
    word = draft.tokens[at].text.lower()
    if draft.of("group"):
        return False  # serious events without fires
    if not word.isascii() or word in _VERBAL:
        return True
    before = draft.tokens[at - 1].text.lower() if at else ""
    return word == "not" and (
        before in ("did", "do", "does", "have", "has", "had") or _somebody(draft, at - 1)
    )


def _somebody(draft: Draft, at: int) -> bool:
    return any(draft.ever(at, kind) for kind in ("person", "personish", "gender", "age")) or draft.ever(
        at, "ask", "who"
    )
