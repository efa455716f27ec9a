"""Small words that ask for more than the reading holds: now, how, again, all but the first."""

from collections.abc import Iterator

from text2sql.query import Intent
from text2sql.reader.asking import Asked, free, wanted_number
from text2sql.reader.draft import Draft

_BRACKETS = ("age group", "age range", "age bracket")
_ORDERED = (Intent.FIRST, Intent.LAST, Intent.NTH)
_GROUPED = (Intent.GROUPING, Intent.COMPARISON)
_MEASURING = (Intent.AVERAGE, Intent.TOTAL)
_LISTS = (Intent.EXISTENCE, Intent.WHEN, Intent.WHERE, Intent.WHO, Intent.LIST, Intent.SUMMARY)
_PRESENT = (Intent.EXISTENCE, Intent.WHERE, Intent.WHO, Intent.COUNT_PERSONS)


def pressed(draft: Draft, reading: Asked) -> Iterator[str]:
    """Why the reading says less than the question; each is enough to ask back."""
    words = [token.text.lower() for token in draft.tokens]
    if reading.intent in _PRESENT and _now(draft, words):
        yield "now"
    if _manner(draft, words):
        yield "manner"
    if reading.intent in _ORDERED and (free(draft, "attr", "many", "few") or draft.says("josa", "than")):
        yield "nth_most"
    if reading.intent is Intent.MOST_FREQUENT and (wanted_number(draft).limit or wanted_number(draft).nth):
        yield "several_most"
    if reading.intent is Intent.EXTREME and (free(draft, "order", "first") or _both_ends(draft)):
        yield "two_orders"
    if reading.intent is Intent.MOST_FREQUENT and _most_suspicious(draft):
        yield "degree"
    if reading.intent in _ORDERED and _all_but(draft, words):
        yield "all_but_the_first"
    if reading.intent in _ORDERED and free(draft, "move") and not draft.of("type", "group", "word", "track"):
        yield "came"  # 제일 먼저 온 사람
    if reading.intent in _LISTS and wanted_number(draft).limit and not free(draft, "order"):
        yield "which_of_them"  # 도난 5건 보여줘
    if reading.intent in _LISTS and (free(draft, "attr", "many", "few") and not draft.says("sup")):
        yield "many"  # 사고가 많은 장소
    if words[:1] == ["how"] and any(draft.ever(1, kind) for kind in ("type", "group", "attr")):
        yield "degree"  # how crowded was it
    if reading.intent not in _GROUPED and _of_each(draft, words):
        yield "of_each"  # 카메라마다 첫 도난, average age per camera
    if reading.intent is Intent.GROUPING and (free(draft, "order") or draft.says("ask", "average")):
        yield "of_each"
    if reading.intent in _MEASURING and draft.says("compare", "vs") and _two_of_a_kind(draft):
        yield "of_either"  # average age of men vs women
    if reading.intent is Intent.TOTAL and (draft.says("ask", "how_old") or draft.says("confidence")):
        yield "sum_of_what"
    if _from_one_to_the_other(draft, words):
        yield "time_between"
    if reading.intent in _LISTS and any(word.startswith(_BRACKETS) for word in words):
        yield "age_groups"  # age groups of the thieves
    if reading.intent is Intent.MOST_FREQUENT and reading.counted == "events" and _most_people(draft, words):
        yield "people_or_events"  # 손님이 제일 많은 시간대
    if "how much" in words and reading.intent in _LISTS:
        yield "how_much"
    if reading.intent is Intent.COUNT_VEHICLES and not draft.of("type") and _deed(draft):
        yield "vehicles_of_what"  # 차단기 들이받은 차 몇 대: those are counted by their coming and going
    if draft.says("passing") and reading.intent is not Intent.COUNT_PERSONS and not draft.of("word"):
        yield "passing"
    if _got_up(draft):
        yield "got_up"
    if "몇번째" in draft.said.replace(" ", ""):
        yield "which_rank"
    if _again(draft, words):
        yield "again"
    if draft.says("ask", "what") and free(draft, "hold") and not draft.of("word"):
        yield "worn_or_held"
    if draft.says("samep", "same") and not draft.of("type"):
        yield "same_person"


def _deed(draft: Draft) -> bool:
    return any(
        fact.end
        and (
            draft.tokens[fact.end - 1].form == "verb"
            or draft.tokens[fact.end - 1].text.lower().endswith(("ed", "ing"))
        )
        for fact in draft.of("word")
    )


def _most_people(draft: Draft, words: list[str]) -> bool:
    if draft.of("type", "group", "word", "gender", "age"):
        return False
    for at in range(len(draft)):
        if not (draft.ever(at, "person") or draft.ever(at, "personish")):
            continue
        if words[at].isascii() and words[max(0, at - 1)] in ("most", "fewest", "many", "least"):
            return True
        if draft.ever(at + 1, "sup") and not words[at].isascii():
            return True
    return False


def _now(draft: Draft, words: list[str]) -> bool:
    """지금 몇 명 있어?: a recording says nothing of the present; 지금까지 is all of it."""
    return any(
        word in ("지금", "현재", "now", "currently")
        and not (draft.ever(at + 1, "josa", "until") or draft.ever(at + 1, "rel", "until"))
        and words[max(0, at - 1)] not in ("until", "till", "by", "to", "up to")
        for at, word in enumerate(words)
    )


def _manner(draft: Draft, words: list[str]) -> bool:
    """어떻게 침입했어?, how did he get in?: what was done is recorded, not how."""
    for at, word in enumerate(words):
        if word == "how" and at == 0 and draft.ever(1, "func") and words[1:2] not in (["about"], ["old"]):
            return bool(draft.of("type", "group"))
        if word == "어떻게" and any(fact.start == at + 1 for fact in draft.of("type")):
            return True
    return False


def _got_up(draft: Draft) -> bool:
    """넘어졌다가 일어난: not happened, but stood up"""
    return any(
        draft.tokens[at].text.startswith("일어")
        and draft.ever(at - 1, "type")
        and (draft.tokens[at - 1].text + draft.tails[at - 1]).endswith(("다가", "고", "다"))
        for at in range(1, len(draft))
    )


def _two_of_a_kind(draft: Draft) -> bool:
    return any(
        len({repr(fact.value) for fact in draft.of(kind)}) > 1 for kind in ("gender", "age", "type", "video")
    )


def _from_one_to_the_other(draft: Draft, words: list[str]) -> bool:
    """the time between theft and fight, 도난과 싸움 사이: between events, not moments"""
    types = draft.of("type")
    if len(types) < 2:
        return False
    return any(
        (word == "between" and types[0].start > at and not draft.taken[at])
        or (word in ("사이", "사이에") and types[-1].end == at)
        for at, word in enumerate(words)
    )


def _of_each(draft: Draft, words: list[str]) -> bool:
    for at in range(len(draft)):
        if words[at] in ("per", "each", "for each", "in each", "at each", "every", "각", "각각의"):
            near = range(at + 1, at + 3)
        elif (draft.has(at, "by") or draft.has(at, "josa", "per")) and not words[at].isascii():
            near = range(at - 1, at)
        else:
            continue
        if any(draft.ever(i, "dim", "camera", "video", "site", "place", "type", "gender") for i in near):
            return True
    return False


_ENDS = (("longest", "shortest"), ("oldest", "youngest"), ("highest", "lowest"), ("most", "least"))


def _both_ends(draft: Draft) -> bool:
    """from longest to shortest"""
    ends = {value for token in draft.tokens for value in token.by_kind.get("attr", ())}
    words = {token.text.lower().split()[0] for token in draft.tokens}
    return any({most, least} <= ends | words for most, least in _ENDS)


def _most_suspicious(draft: Draft) -> bool:
    """Who is the most suspicious?: a degree, not a number."""
    return not draft.says("dim") and any(
        draft.ever(at - 1, "sup") and draft.ever(at, "group", "suspicious", "serious")
        for at in range(len(draft))
    )


def _all_but(draft: Draft, words: list[str]) -> bool:
    """all thefts but the first: the order names what is left out."""
    return any(
        word in ("but", "except", "all but") and any(draft.ever(i, "order") for i in (at + 1, at + 2))
        for at, word in enumerate(words)
    )


def _again(draft: Draft, words: list[str]) -> bool:
    """저 사람 또 훔쳤어?: once more than what was found."""
    person = any(fact.kind in ("track", "person_of") and not fact.end for fact in draft.facts)
    return person and not draft.says("ask", "happened") and bool({"또", "다시", "again"} & set(words))
