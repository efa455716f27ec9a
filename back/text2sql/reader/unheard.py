"""What an intent did not take up, though it was said: the question wanted more than these events."""

import re
from dataclasses import replace
from itertools import pairwise

from text2sql.query import Intent
from text2sql.reader.asking import COUNTING, Asked, free
from text2sql.reader.counting import counts_kinds
from text2sql.reader.draft import Draft, Fact
from text2sql.reader.parting import time_is_the_part
from text2sql.reader.pressing import pressed

_PLAIN = (
    Intent.EXISTENCE,
    Intent.WHEN,
    Intent.WHERE,
    Intent.LIST,
    Intent.WHO,
    Intent.SUMMARY,
    Intent.ATTRIBUTE,
    Intent.PATH,
)


_PICKING = (Intent.FIRST, Intent.LAST, Intent.NTH, Intent.EXTREME)
_SORTED = ("순", "순으로", "순서", "순서대로")


def _sorted_by_another(draft: Draft) -> bool:
    """신뢰도 높은 순, sort by confidence: lists come in the order of time only."""
    for at, token in enumerate(draft.tokens):
        if token.text in _SORTED and at:
            before = draft.tokens[at - 1]
            if any(before.has(kind) for kind in ("attr", "level", "confidence", "age", "cmp", "order")):
                return True
        if token.text.lower() == "sorted by" and draft.ever(at + 1, "ask", "how_old"):
            return True
        if token.text.lower() in ("by", "sorted by") and any(
            draft.ever(at + 1, kind) or draft.ever(at + 2, kind) for kind in ("confidence", "attr", "level")
        ):
            return True
    return False


def _only_or_all(draft: Draft) -> bool:
    """남자만 들어왔어?, did only men enter?, 모두 나갔어?: are there others, which no list says?"""
    for at in range(len(draft)):
        if draft.tokens[at].text.lower() == "only" and draft.said.lower().startswith(_ASKED):
            return True
        if draft.ever(at, "josa", "only") and at < len(draft) - 1 and draft.of("type"):
            return True
        if draft.tokens[at].text.lower() in ("all", "every") and draft.said.lower().startswith(_ASKED):
            return draft.tokens[at - 1].text.lower() != "at" and not (
                draft.ever(at + 1, "dim") or draft.ever(at + 1, "everywhere")
            )
        if draft.tokens[at].text.lower() in ("both", "둘 다", "둘다") and len(draft.of("type")) > 1:
            return True
        if draft.tokens[at].text in ("모두", "다", "전부") and draft.ever(at + 1, "type"):
            return draft.tokens[at + 1].form == "verb" and at + 2 >= len(draft)
    return False


_ASKED = ("did ", "was ", "were ", "is ", "are ", "has ", "have ", "do ", "does ")


def unheard(draft: Draft, reading: Asked) -> None:
    """A superlative, an order, a share that no intent took up: the question wanted more than events."""
    if reading.intent is Intent.EXISTENCE and _only_or_all(draft):
        draft.doubt("only_or_all", 0.45)
    if _sorted_by_another(draft) and (
        reading.intent in (*_PLAIN, *COUNTING, *_PICKING)
        or draft.tokens[0].text.lower() in ("sorted", "sorted by")
    ):
        draft.doubt("sorted_by", 0.5)
    if reading.intent is Intent.RATIO and time_is_the_part(draft) is None:
        draft.doubt("share_of_a_time", 0.5)
    for why in pressed(draft, reading):
        draft.doubt(why, 0.5)
    if reading.intent is not Intent.ATTRIBUTE and draft.says("confidence", "asked"):
        draft.doubt("how_sure", 0.45)
    if reading.intent is Intent.COMPARISON and free(draft, "order", "first", "last"):
        draft.doubt("which_came_first", 0.5)
    by_something = free(draft, "sup") or free(draft, "attr", "many")
    dims = [at for at in free(draft, "dim") if draft.value(at, "dim") != "age_decade"]
    if reading.intent is Intent.AVERAGE and by_something and dims:
        draft.doubt("average_of_each", 0.5)  # 평균 나이가 제일 높은 장소
    if _part_of_a_month(draft):
        draft.doubt("part_of_a_month", 0.45)
    if _at_the_front(draft):
        draft.doubt("at_the_front", 0.45)
    if _both_by_one(draft, reading):
        draft.doubt("both_by_one", 0.45)
    if _part_of_a_daypart(draft):
        draft.doubt("part_of_a_daypart", 0.45)
    if _COLON_AND_HOURS.search(draft.said):
        draft.doubt("hours_of_what", 0.45)
    if reading.intent in _PLAIN and draft.of("type", "group") and _WHAT_NEXT.search(draft.said):
        draft.doubt("what_next", 0.45)
    if _around_an_event(draft):
        draft.doubt("around_an_event", 0.45)
    if _VERY_EDGE.search(draft.said):
        draft.doubt("very_edge", 0.45)
    if reading.intent is Intent.LIST and not draft.facts and free(draft, "dim", *_NAMED_DIMS):
        draft.doubt("list_of_what", 0.45)
    if _which_thing(draft):
        draft.doubt("which_thing", 0.45)
    if _half_negated(draft):
        draft.doubt("half_negated", 0.45)
    if _NOT_EVEN.search(draft.said):
        draft.doubt("not_even_so_long", 0.5)
    if _while_it_happened(draft, reading):
        draft.doubt("while_it_happened", 0.45)
    if _done_to_whom(draft):
        draft.doubt("done_to_whom", 0.5)
    if _how_many_of_what(draft):
        draft.doubt("how_many_of_what", 0.45)
    if reading.intent in (Intent.FIRST, Intent.LAST, Intent.NTH):
        if len(draft.of("wanted")) > 1 or {"first", "last"} <= {
            draft.value(at, "order") for at in free(draft, "order")
        }:
            draft.doubt("two_orders", 0.45)
        if _within_the_first(draft):
            draft.doubt("after_the_nth", 0.45)
        if reading.intent is Intent.NTH and free(draft, "order", "first"):  # 첫 번째와 두 번째
            draft.doubt("two_orders", 0.45)
        if any(not draft.ever(at, "func") for at in free(draft, "rel", "from", "until")) or any(
            not draft.ever(at, "rel", "within") for at in free(draft, "seq", "then", "before")
        ):
            draft.doubt("after_the_nth", 0.45)
    if reading.intent not in (*_PLAIN, *COUNTING):
        return
    if (
        reading.intent in COUNTING
        and sum(t.text.endswith(_NUMBERS) for t in draft.tokens if t.has("ask")) > 1
    ):
        draft.doubt("two_counts", 0.45)  # 들어온 사람 수와 나간 사람 수
    if reading.intent in COUNTING and counts_kinds(draft):
        draft.doubt("count_of_kinds", 0.5)
    for kind, values in (
        ("rel", ("from", "until", "between")),
        ("seq", ("then", "before")),
        ("sup", ()),
        ("order", ("first", "last")),
        ("compare", ("more", "fewer")),
        ("ask", ("ratio", "average")),
        ("by", ()),
    ):
        for at in free(draft, kind, *values):
            token = draft.tokens[at]
            loose = (
                token.has("func")
                or (kind == "sup" and token.has("hold"))
                or token.has("rel", "within")
                or (token.has("rel") and kind == "order")
                or (kind == "by" and token.text.lower() in _LOOSE_BY)
            )
            if not loose:
                draft.doubt(f"unheard:{token.text}", 0.45)


# 5분도 안 돼서: before it, not in it
_NOT_EVEN = re.compile(r"(?:분|초|시간)도\s*(?:채\s*)?(?:안|못)\s*(?:돼|되|됐|된|지나|걸)")


# 1:30 hours: an hour and a half; 16:00 hours: on the clock
_COLON_AND_HOURS = re.compile(r"\d:\d\d ?(?:hours|hrs|hr)\b", re.IGNORECASE)


_WHAT_NEXT = re.compile(
    r"\b(?:do|go|went|happen(?:s|ed)?) (?:next|afterwards?|after that|later|then)\b"
    r"|(?:그 ?다음|이후|그 ?뒤|그 ?후)에? (?:뭐|무엇|무슨|어디|어떻게)",
    re.IGNORECASE,
)
_VERY_EDGE = re.compile(r"\bthe very (?:start|beginning|end)\b", re.IGNORECASE)
_NAMED_DIMS = ("place", "type")


def _around_an_event(draft: Draft) -> bool:
    """events around the theft: those of the same time, and nobody says how near"""
    if draft.language != "en":
        return False
    for fact in draft.of("type", "group"):
        before = fact.start - 1
        while before > 0 and draft.tokens[before].text.lower() in ("the", "a", "an", "that", "this"):
            before -= 1
        if before >= 1 and draft.tokens[before].text.lower() in ("around", "near", "surrounding"):
            return True
    return False


def _which_thing(draft: Draft) -> bool:
    """which bus did the thief take: no filter, and not recorded"""
    return bool(draft.of("type", "group")) and any(
        draft.tokens[at].text.lower() in ("which", "what", "무슨", "어느", "어떤")
        and any(fact.start == at + 1 for fact in draft.of("word"))
        and not draft.ever(at + 1, "vehicle")
        for at in range(len(draft))
    )


def _both_by_one(draft: Draft, reading: Asked) -> bool:
    """The same person who fell and smoked: both, in whatever order, however far apart."""
    if not draft.says("samep", "same") or reading.intent is Intent.ABSENCE:
        return False
    kinds = {fact.value for fact in draft.of("type", "group") if not fact.negated}
    return len(kinds) > 1 and not free(draft, "seq") and not draft.of("within") and not draft.says("seq")


_EARLY_OR_LATE = ("early", "late", "일찍", "일찍이")


def _part_of_a_daypart(draft: Draft) -> bool:
    """late in the afternoon, 아침 일찍: not all of it, and nobody says how much"""
    return any(
        token.text.lower() in _EARLY_OR_LATE
        and any(draft.ever(at + step, "daypart") for step in (-1, 1, 2, 3))
        for at, token in enumerate(draft.tokens)
    )


def _part_of_a_month(draft: Draft) -> bool:
    """3월 초, 3월 말"""
    return any(
        fact.value.name == "month"
        and fact.end < len(draft)
        and draft.tokens[fact.end].text in ("초", "초에", "말", "말에")
        for fact in draft.of("day")
    )


def _at_the_front(draft: Draft) -> bool:
    """At the front, in front of the store: of what is filmed as a whole it is a place that is not known."""
    places = [fact.start for fact in draft.of("place")]
    return any(
        draft.tokens[at].text.lower() == "front"
        and not draft.taken[at]
        and not any(at < start <= at + 4 for start in places)
        for at in range(len(draft))
    )


def _half_negated(draft: Draft) -> bool:
    """except men in their 20s: the men of that age, not both apart"""
    people = draft.of("gender", "age")
    return draft.language == "en" and any(
        first.negated != second.negated
        and all(
            draft.ever(at, "func") or draft.ever(at, "ref") or draft.ever(at, "rel", "in_video")
            for at in range(first.end, second.start)
        )
        and not any(draft.tokens[at].text.lower() in ("but", "and") for at in range(first.end, second.start))
        for first, second in pairwise(people)
    )


_WHILE = ("동안", "동안에", "와중", "와중에", "당시", "당시에", "때", "때에", "도중", "도중에")
_AMIDST = ("중", "중에")


def _while_it_happened(draft: Draft, reading: Asked) -> bool:
    """Who was nearby during the theft, 싸움 중에 넘어진 사람: other events of that time, not both kinds."""
    what = draft.of("type", "group")
    for fact in what:
        if draft.language == "en":
            before = fact.start - 1
            while before > 0 and draft.tokens[before].text.lower() in ("the", "a", "an", "that", "this"):
                before -= 1
            word = draft.tokens[before].text.lower() if before >= 0 else ""
            if word == "during" or (word in ("while", "when") and _asks_more(draft, fact, what)):
                return True
            continue
        after = fact.end
        while draft.ever(after, "func", "happen") and draft.tokens[after].text not in _WHILE:
            after += 1
        word = draft.tokens[after].text if after < len(draft) else ""
        amidst = word in _AMIDST and after == fact.end and reading.intent is not Intent.COMPARISON
        if (amidst and any(other.start > after for other in what)) or (
            word in _WHILE and _asks_more(draft, replace(fact, end=after + 1), what)
        ):
            return True
    return False


def _asks_more(draft: Draft, fact: Fact, what: list[Fact]) -> bool:
    """Behind it: another kind of event, a deed, somebody; when and where may be its own."""
    return (
        any(other.start >= fact.end for other in what)
        or any(other.start >= fact.end for other in draft.of("word"))
        or any(draft.ever(at, "ask", "who", "what", "happened") for at in range(fact.end, len(draft)))
    )


def _within_the_first(draft: Draft) -> bool:
    """첫 사고 나고 3분 안에: counted from it, not from the start of the video."""
    what = draft.of("type", "group")
    return any(
        fact.end and what and fact.start >= what[0].end and fact.value.said.endswith(("안에", "이내", "내에"))
        for fact in draft.of("offset")
    )


_NUMBERS = ("수", "인원", "횟수")
_LOOSE_BY = ("by", "each", "every")


_TO_WHOM = ("를", "한테", "에게")


def _done_to_whom(draft: Draft) -> bool:
    """누구를 때렸어?: an event is of one person; who it was done to is not recorded.

    누굴 때린 게 언제야: somebody, whoever.
    """
    if draft.says("ask", "when", "where", "events", "how_many"):
        return False
    return any(
        draft.tokens[at].text in ("누굴", "누구를", "whom")
        or draft.tails[at].startswith(_TO_WHOM)
        or draft.ever(at + 1, "josa", "and")
        for at in free(draft, "ask", "who")
    ) and bool(draft.of("type"))


_UNITS_COUNTED = (
    "events",
    "persons",
    "vehicles",
    "minute",
    "second",
    "clock",
    "hours",
    "percent",
    "years",
    "decade",
)


def _how_many_of_what(draft: Draft) -> bool:
    """몇 반, 몇 학년: not a number of anything that is recorded."""
    for at in free(draft, "ask", "how_many"):
        if draft.tokens[at].text == "몇" and draft.ever(at + 1, "within_scope"):
            return True
        if draft.tokens[at].text != "몇" or not draft.ever(at + 1, "unit"):
            continue
        if not draft.ever(at + 1, "unit", *_UNITS_COUNTED):
            return True
    return False
