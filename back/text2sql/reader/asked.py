"""What is asked of the events: the intent, from the words that are left when the events are understood."""

import re
from dataclasses import replace

from text2sql.query import Intent, Measure
from text2sql.reader.asking import COUNTING, Asked, free, said, wanted_number, way_of_asking
from text2sql.reader.counting import count
from text2sql.reader.draft import Draft
from text2sql.reader.extremes import extreme
from text2sql.reader.grouping import comparison, grouping, most_frequent


def asked(draft: Draft) -> Asked:
    """The first that fits; the order is part of the grammar: "average age of the oldest" is an average."""
    reading = (
        _ratio(draft)
        or _average(draft)
        or _total(draft)
        or comparison(draft)
        or extreme(draft)
        or most_frequent(draft)
        or grouping(draft)
        or count(draft)
        or _absence(draft)
        or _ordered(draft)
        or _path(draft)
        or _attribute(draft)
        or _plain(draft)
    )
    if reading.intent in COUNTING:
        return reading
    return replace(reading, asks=way_of_asking(draft) if reading.asks == "list" else reading.asks)


def _ratio(draft: Draft) -> Asked | None:
    if not free(draft, "ask", "ratio") and not _bare_percent(draft):
        return None
    if not any(fact.kind in _EVENT_FACTS for fact in draft.facts):
        return None
    return Asked(Intent.RATIO, asks="ratio", measure=None)


_EVENT_FACTS = (
    "type",
    "group",
    "gender",
    "age",
    "place",
    "word",
    "track",
    "confidence",
    "duration",
    "offset",
    "clock",
)


def _bare_percent(draft: Draft) -> bool:
    """what % of …, 몇 %: a sign with no number before it."""
    return any(
        draft.tokens[at].text == "%" and draft.tokens[at - 1].number is None
        for at in free(draft, "unit", "percent")
    )


def _measure(draft: Draft) -> Measure | None:
    if draft.says("confidence"):
        return "confidence"
    if (
        free(draft, "ask", "how_long", "sum")
        or draft.says("attr", "long")
        or said(draft, "시간", "초", "duration")
        or any(draft.ever(at + 1, "unit", "minute", "second") for at in free(draft, "ask", "how_many"))
    ):
        return "duration"
    if free(draft, "ask", "how_old") or draft.says("dim", "age_decade"):
        return "age"
    return None


def _average(draft: Draft) -> Asked | None:
    if not free(draft, "ask", "average"):
        return None
    measure = _measure(draft)
    if measure is None:
        draft.refusals.append("clarify:average_of_what")
        measure = "duration"
    return Asked(Intent.AVERAGE, asks="average", measure=measure)


def _total(draft: Draft) -> Asked | None:
    added = free(draft, "ask", "sum") or (
        said(draft, *_ALTOGETHER) and (free(draft, "ask", "how_long") or said(draft, "time"))
    )
    if added and not free(draft, "ask", "events", "persons", "how_many"):
        return Asked(Intent.TOTAL, asks="total", measure="duration")
    return None


_ALTOGETHER = ("altogether", "in total", "total", "combined", "in all", "총")


def _absence(draft: Draft) -> Asked | None:
    return Asked(Intent.ABSENCE) if "absence" in draft.notes else None


def _ordered(draft: Draft) -> Asked | None:
    wanted = wanted_number(draft)
    if wanted.nth:
        backwards = wanted.from_end or draft.says("order", "last", "from_end")
        order = "time_desc" if backwards else "time"
        return Asked(Intent.NTH, nth=wanted.nth, order=order)
    for at in free(draft, "order", "first", "last"):
        if draft.tokens[at].text.lower() == "last" and free(draft, "ask", "how_long"):
            continue
        first = draft.has(at, "order", "first")
        if draft.tokens[at].text.startswith("첫째") and draft.ever(at + 1, "unit", "week"):
            draft.doubt("nth_week", 0.45)
        intent = Intent.FIRST if first else Intent.LAST
        return Asked(intent, limit=wanted.limit or 1, order="time" if first else "time_desc")
    return None


def _path(draft: Draft) -> Asked | None:
    if (
        draft.of("track", "person_of")
        and not draft.of("type", "group", "word")
        and not free(draft, "ask", "when", "where", "how_old", "gender")
        and not _whether_man_or_woman(draft)
    ):
        return Asked(Intent.PATH, asks="path")
    return None


_IS_IT = re.compile(r"(?:이?야|이?니|이?냐|이에요|예요|인가|입니까|이었|였|인지|맞)")


def _whether_man_or_woman(draft: Draft) -> bool:
    """P002는 남자야?, is P003 a woman?: asks for what the track is, and filters nothing."""
    said = draft.of("gender")
    if len(said) != 1 or not draft.of("track") or draft.of("type", "group", "word", "person_of"):
        return False
    end = said[0].end
    if draft.language == "en":
        return draft.said.lower().startswith(("is ", "was ")) and end == len(draft)
    tail = draft.tails[end - 1] + (draft.tokens[end].text if end < len(draft) else "")
    return end >= len(draft) - 1 and bool(_IS_IT.match(tail))


def _attribute(draft: Draft) -> Asked | None:
    if _whether_man_or_woman(draft):
        draft.facts = [fact for fact in draft.facts if fact.kind != "gender"]
        return Asked(Intent.ATTRIBUTE, asks="gender", measure="gender")
    if free(draft, "ask", "gender") and not draft.of("gender"):
        return Asked(Intent.ATTRIBUTE, asks="gender", measure="gender")
    old = [at for at in free(draft, "ask", "how_old") if draft.tokens[at].text.lower() != "old"]
    if old:
        return Asked(Intent.ATTRIBUTE, asks="age", measure="age")
    if free(draft, "ask", "how_long"):
        return Asked(Intent.ATTRIBUTE, asks="how_long", measure="duration")
    if (
        draft.says("confidence")
        and not draft.of("confidence")
        and (
            free(draft, "ask", "what", "list")
            or draft.says("compare")
            or draft.says("confidence", "asked")
            or draft.tokens[-1].has("confidence")
            or any(token.has("confidence") for token in draft.tokens[:2])
        )
    ):
        return Asked(Intent.ATTRIBUTE, asks="confidence", measure="confidence")
    return None


def _plain(draft: Draft) -> Asked:
    asks = way_of_asking(draft)
    intent = {
        "when": Intent.WHEN,
        "where": Intent.WHERE,
        "who": Intent.WHO,
        "summary": Intent.SUMMARY,
        "existence": Intent.EXISTENCE,
    }.get(asks, Intent.LIST)
    return Asked(intent, asks=asks)
