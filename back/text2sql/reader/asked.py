"""What is asked of the events: the intent, from the words that are left when the events are understood."""

from dataclasses import dataclass, replace
from typing import cast

from text2sql.query import Extreme, GroupBy, Intent, Measure
from text2sql.reader.amounts import Wanted
from text2sql.reader.draft import Draft, Fact


@dataclass(frozen=True, slots=True)
class Asked:
    intent: Intent
    asks: str = "list"
    extreme: Extreme | None = None
    group_by: GroupBy | None = None
    measure: Measure | None = None
    order: str = "time"
    limit: int | None = None
    nth: int | None = None
    counted: str = "events"


_DIRECT = {
    "longest": ("duration", "most"),
    "shortest": ("duration", "least"),
    "oldest": ("age", "most"),
    "youngest": ("age", "least"),
}
_WITH_SUPERLATIVE = {
    "long": ("duration", "most"),
    "short": ("duration", "least"),
    "old": ("age", "most"),
    "young": ("age", "least"),
    "sure": ("confidence", "most"),
    "unsure": ("confidence", "least"),
}


def asked(draft: Draft) -> Asked:
    """The first that fits; the order is part of the grammar: "average age of the oldest" is an average."""
    reading = (
        _ratio(draft)
        or _average(draft)
        or _total(draft)
        or _comparison(draft)
        or _extreme(draft)
        or _most_frequent(draft)
        or _grouping(draft)
        or _absence(draft)
        or _count(draft)
        or _ordered(draft)
        or _path(draft)
        or _attribute(draft)
        or _plain(draft)
    )
    if reading.intent in _COUNTING:
        return reading
    return replace(reading, asks=_asks(draft) if reading.asks == "list" else reading.asks)


_PLAIN = (
    Intent.EXISTENCE,
    Intent.WHEN,
    Intent.WHERE,
    Intent.LIST,
    Intent.WHO,
    Intent.SUMMARY,
    Intent.ATTRIBUTE,
)


def unheard(draft: Draft, reading: Asked) -> None:
    """A superlative, an order, a share that no intent took up: the question wanted more than events."""
    if reading.intent not in (*_PLAIN, *_COUNTING):
        return
    if reading.intent in _COUNTING and _counts_kinds(draft):
        draft.doubt("count_of_kinds", 0.5)
    for kind, values in (
        ("rel", ("from", "until")),
        ("seq", ("then", "before")),
        ("sup", ()),
        ("order", ("first", "last")),
        ("compare", ("more", "fewer")),
        ("ask", ("ratio", "average")),
        ("by", ()),
    ):
        for at in _free(draft, kind, *values):
            token = draft.tokens[at]
            loose = (
                token.has("func")
                or token.has("rel", "within")
                or (token.has("rel") and kind == "order")
                or (kind == "by" and token.text.isascii())
            )
            if not loose:
                draft.doubt(f"unheard:{token.text}", 0.45)


def _counts_kinds(draft: Draft) -> bool:
    """몇 가지 유형, how many places: neither events nor persons."""
    for at in _free(draft, "ask", "how_many", "events"):
        near = (at + 1, at + 2) if draft.tokens[at].text.isascii() else (at + 1,)
        if any(draft.has(i, "dim", "type", "place", "camera") for i in near) or draft.has(
            at + 1, "unit", "events"
        ):
            text = draft.tokens[at + 1].text if at + 1 < len(draft) else ""
            if text not in ("번", "건", "회", "차례", "개", "times"):
                return True
    return False


_COUNTING = (Intent.COUNT_EVENTS, Intent.COUNT_PERSONS, Intent.COUNT_VEHICLES)


def _asks(draft: Draft) -> str:
    for value, name in (
        ("when", "when"),
        ("where", "where"),
        ("who", "who"),
        ("how_long", "how_long"),
        ("how_old", "age"),
        ("happened", "summary"),
        ("summary", "summary"),
    ):
        found = _free(draft, "ask", value)
        if value == "who":
            found = [at for at in found if not _relative(draft, at)]
        if value == "happened" and draft.of("type", "group") and _whether(draft, found):
            continue
        if found:
            return name
    if _free(draft, "ask", "whether") or any(tail.endswith(("는지", "은지", "ㄴ지")) for tail in draft.tails):
        return "existence"
    shown, whether = _free(draft, "ask", "list"), _free(draft, "ask", "yes_no")
    if not shown and _free(draft, "ask", "happened"):
        return "existence"
    if shown or whether:  # "show me any fights" is a list, "did anyone get hit" a question
        return "existence" if whether and (not shown or whether[0] < shown[0]) else "list"
    if _nothing(draft) or (_exists(draft) and not draft.says("ask", "what")):
        return "existence"
    return "existence" if _ends_as_a_question(draft) and not draft.says("ask", "what") else "list"


def _relative(draft: Draft, at: int) -> bool:
    """people who fell: no question."""
    return draft.tokens[at].text.lower() == "who" and any(
        draft.ever(at - 1, kind) for kind in ("person", "personish", "gender", "age", "type", "ride")
    )


def _nothing(draft: Draft) -> bool:
    """도난 없었어? is a plain question; 모자 없는 is not."""
    return any(t.has("neg", "none") and not t.text.startswith(("없는", "없이")) for t in draft.tokens)


def _exists(draft: Draft) -> bool:
    attributive = ("있는", "있던", "있을", "has", "have", "had", "being", "be", "been")
    return any(t.has("func", "exist") and t.text.lower() not in attributive for t in draft.tokens)


def _whether(draft: Draft, happened: list[int]) -> bool:
    """ "Anything suspicious?" asks whether, "무슨 일" what."""
    vague = ("anything", "something", "going on", "뭔가", "별일")
    return all(draft.tokens[at].text.lower() in vague for at in happened)


_AUXILIARIES = ("did ", "was ", "were ", "is ", "are ", "has ", "have ", "do ", "does ", "had ")
_QUESTION_TAILS = ("나", "니", "까", "냐", "나요", "가요", "까요", "어", "어요", "아", "아요", "지", "죠")


def _ends_as_a_question(draft: Draft) -> bool:
    if not len(draft) or draft.language != "ko":
        return draft.said.lower().startswith(_AUXILIARIES) or draft.said.rstrip().endswith("?")
    last = draft.tokens[-1].text + draft.tails[-1]
    spoken = draft.tokens[-1].form == "verb" and last.endswith(_QUESTION_TAILS)
    return spoken or draft.said.rstrip().endswith("?")


def _free(draft: Draft, kind: str, *values: str) -> list[int]:
    return [at for at in range(len(draft)) if draft.has(at, kind, *values)]


def _ratio(draft: Draft) -> Asked | None:
    if not _free(draft, "ask", "ratio") and not _bare_percent(draft):
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
        for at in _free(draft, "unit", "percent")
    )


def _measure(draft: Draft) -> Measure | None:
    if draft.says("confidence"):
        return "confidence"
    if (
        _free(draft, "ask", "how_long", "sum")
        or draft.says("attr", "long")
        or _said(draft, "시간", "초", "duration")
    ):
        return "duration"
    if _free(draft, "ask", "how_old") or draft.says("dim", "age_decade"):
        return "age"
    return None


def _said(draft: Draft, *words: str) -> bool:
    return any(token.text.lower() in words for token in draft.tokens)


def _average(draft: Draft) -> Asked | None:
    if not _free(draft, "ask", "average"):
        return None
    measure = _measure(draft)
    if measure is None:
        draft.refusals.append("clarify:average_of_what")
        measure = "duration"
    return Asked(Intent.AVERAGE, asks="average", measure=measure)


def _total(draft: Draft) -> Asked | None:
    if _free(draft, "ask", "sum") and not _free(draft, "ask", "events", "persons"):
        return Asked(Intent.TOTAL, asks="total", measure="duration")
    return None


def _comparison(draft: Draft) -> Asked | None:
    more, fewer = _free(draft, "compare", "more"), _free(draft, "compare", "fewer")
    versus = list(_free(draft, "compare", "vs"))
    strong = [
        at
        for at in versus
        if draft.tokens[at].text.lower() not in ("중", "중에", "중에서", "가운데", "than", "대비", "against")
    ]
    among = bool(versus) and (draft.says("attr", "many", "few") or draft.says("sup"))
    than = draft.says("josa", "than") and draft.says("attr", "many", "few")
    if not (more or fewer or strong or among or than):
        return None
    if compared_kind(draft) is None:
        if strong and (draft.says("by") or draft.says("josa", "per")):
            return None  # 카메라별 비교 is the whole grouping
        if more or fewer or strong:
            if draft.says("dim", "gender") or draft.says("ask", "gender"):
                return Asked(Intent.COMPARISON, asks="comparison")
            draft.doubt("compare_what", 0.5)
        return None
    return Asked(
        Intent.COMPARISON, asks="comparison", order="fewest" if fewer else "most", counted=_counted(draft)
    )


_COMPARABLE = ("type", "gender", "age", "place", "video", "group", "offset", "clock")


def compared_kind(draft: Draft) -> str | None:
    """The kind of fact of which there are two or more."""
    for kind in _COMPARABLE:
        values = {repr(fact.value) for fact in draft.of(kind) if not fact.negated}
        if len(values) >= 2:
            return kind
    kinds = {fact.value for fact in draft.of("type")} and draft.of("group")
    return "group" if kinds and len(draft.of("type", "group")) >= 2 else None


def _extreme(draft: Draft) -> Asked | None:
    for at in _free(draft, "attr"):
        value = next((v for v in _DIRECT if draft.has(at, "attr", v)), None)
        if value:
            found = _DIRECT[value]
            return _as_extreme(draft, found)
        value = next((v for v in _WITH_SUPERLATIVE if draft.has(at, "attr", v)), None)
        if value and (
            _superlative(draft, at) or draft.tokens[at].text.lower().startswith(("highest", "lowest"))
        ):
            of, end = _WITH_SUPERLATIVE[value]
            if _least(draft, at):
                end = "least" if end == "most" else "most"
            if draft.tokens[at].text.lower().startswith("lowest"):
                end = "least"
            return _as_extreme(draft, (of, end))
    confidence = _free(draft, "confidence")
    if confidence and draft.says("sup"):
        low = draft.says("level", "low") or draft.says("sup", "least")
        return _as_extreme(draft, ("confidence", "least" if low else "most"))
    for at in range(len(draft)):  # 가장 어린애
        if (
            draft.ever(at, "sup", "most")
            and draft.ever(at + 1, "age", "child")
            and draft.tokens[at + 1].text.startswith("어린")
        ):
            return _as_extreme(draft, ("age", "least"))
    return None


def _as_extreme(draft: Draft, found: tuple[str, str]) -> Asked:
    wanted = _wanted(draft)
    extreme = Extreme(found[0], found[1])  # type: ignore[arg-type]
    return Asked(Intent.EXTREME, extreme=extreme, limit=wanted.limit, nth=wanted.nth)


def _superlative(draft: Draft, at: int) -> bool:
    near = range(max(0, at - 3), min(len(draft), at + 2))
    return any(draft.ever(i, "sup") for i in near)


def _least(draft: Draft, at: int) -> bool:
    return any(
        draft.ever(i, "sup", "least") and draft.tokens[i].text.lower() == "least"
        for i in range(max(0, at - 2), at)
    )


def _wanted(draft: Draft) -> Wanted:
    found = draft.of("wanted")
    return cast(Wanted, found[0].value) if found else Wanted()


_DIM_ORDER = (
    "camera",
    "video",
    "site",
    "type",
    "age_decade",
    "gender",
    "hour",
    "minute",
    "date",
    "severity",
    "place",
)


def _dimension(draft: Draft, near: int | None = None) -> GroupBy | None:
    for kind, value in (("by_hour", "hour"), ("by_minute", "minute"), ("by_date", "date")):
        if draft.says(kind):
            return cast(GroupBy, value)
    places = [at for at in range(len(draft)) if draft.ever(at, "dim") and not _consumed_as_fact(draft, at)]
    if near is not None:
        close = [at for at in places if abs(at - near) <= 2]
        places = close or places
    for at in places:
        values = [sense.value for sense in draft.tokens[at].senses if sense.kind == "dim"]
        for value in _DIM_ORDER:
            if value in values:
                return cast(GroupBy, value)
    return None


def _consumed_as_fact(draft: Draft, at: int) -> bool:
    return any(fact.start <= at < fact.end for fact in draft.facts)


def _asked_dimension(draft: Draft) -> GroupBy | None:
    if _free(draft, "ask", "where"):
        text = " ".join(draft.tokens[at].text for at in _free(draft, "ask", "where"))
        if "카메라" in text:
            return "camera"
        if "지점" in text or "매장" in text or "store" in text or "branch" in text or "site" in text:
            return "site"
        return "video" if "영상" in text or "video" in text else "place"
    if _free(draft, "ask", "when"):
        text = " ".join(draft.tokens[at].text.lower() for at in _free(draft, "ask", "when"))
        return "minute" if "분" in text or "minute" in text else "hour"
    if _free(draft, "ask", "who") and not draft.says("gender"):
        return "track"
    if any(draft.tokens[at].text == "어느" for at in _free(draft, "ask", "what")) and draft.of(
        "type", "group"
    ):
        return "place"
    if _free(draft, "ask", "what", "happened") or draft.of("group"):
        return "type"
    return None


def _most_frequent(draft: Draft) -> Asked | None:
    superlative = [at for at in range(len(draft)) if draft.ever(at, "sup")]
    many = _free(draft, "attr", "many", "few")
    busy = [at for at in many if draft.tokens[at].text.lower() in ("busiest", "rarest", "quietest")]
    if not ((superlative and (many or _alone(draft))) or busy):
        return None
    dimension = _dimension(draft) or _asked_dimension(draft)
    if _free(draft, "ask", "gender"):
        dimension = "gender"
    if dimension is None:
        if draft.says("person") or draft.says("personish"):
            dimension = "track"
        else:
            dimension = "type"
            draft.doubt("most_of_what", 0.45 if draft.of("type") else 0.2)
    few = draft.says("sup", "least") or any(draft.has(at, "attr", "few") for at in many)
    counted = "events" if not draft.says("ask", "persons") else "persons"
    return Asked(
        Intent.MOST_FREQUENT,
        asks="most",
        group_by=dimension,
        order="fewest" if few else "most",
        counted=counted,
    )


def _alone(draft: Draft) -> bool:
    """the most incidents: nothing but the noun follows."""
    return draft.says("sup", "alone")


def _grouping(draft: Draft) -> Asked | None:
    if draft.says("by_hour") or draft.says("by_minute") or draft.says("by_date"):
        return Asked(Intent.GROUPING, asks="grouping", group_by=_dimension(draft), counted=_counted(draft))
    for at in range(len(draft)):
        if draft.tokens[at].text == "성별" and (draft.tails[at].startswith("로") or _count(draft)):
            return Asked(Intent.GROUPING, asks="grouping", group_by="gender", counted=_counted(draft))
        if not (draft.has(at, "by") or draft.has(at, "josa", "per")):
            continue
        english = draft.tokens[at].text.isascii()
        near = _dim_at(draft, range(at + 1, at + 4)) if english else _dim_at(draft, range(at - 1, at - 3, -1))
        if near is None:
            continue
        return Asked(Intent.GROUPING, asks="grouping", group_by=near, counted=_counted(draft))
    if _free(draft, "spread"):
        dimension = _dimension(draft) or "type"
        return Asked(Intent.GROUPING, asks="grouping", group_by=dimension, counted=_counted(draft))
    return None


def _dim_at(draft: Draft, near: range) -> GroupBy | None:
    for at in near:
        if 0 <= at < len(draft) and draft.ever(at, "dim") and not _consumed_as_fact(draft, at):
            values = [sense.value for sense in draft.tokens[at].senses if sense.kind == "dim"]
            value = next(value for value in _DIM_ORDER if value in values)
            return cast(GroupBy, value)
    return None


def _counted(draft: Draft) -> str:
    counted = _count(draft)
    return counted.counted if counted else "events"


def _absence(draft: Draft) -> Asked | None:
    return Asked(Intent.ABSENCE) if "absence" in draft.notes else None


_PERSON_NOUNS = ("person", "personish", "gender", "age")


def _count(draft: Draft) -> Asked | None:
    if _free(draft, "ask", "persons"):
        return Asked(Intent.COUNT_PERSONS, asks="count", counted="persons")
    if _free(draft, "ask", "vehicles"):
        return Asked(Intent.COUNT_VEHICLES, asks="count", counted="vehicles")
    if _free(draft, "ask", "events"):
        if draft.has(_free(draft, "ask", "events")[0] + 1, "unit", "nth"):
            return None
        return Asked(Intent.COUNT_EVENTS, asks="count")
    for at in _free(draft, "ask", "how_many"):
        word = draft.tokens[at].text.lower()
        if word in ("how much", "수", "총", "숫자", "몇") and not _counts(draft, at, word):
            continue
        return _count_of(draft, at)
    return None


def _counts(draft: Draft, at: int, word: str) -> bool:
    if word == "how much":
        return False
    if word == "수":
        return bool(draft.facts) and not draft.ever(at + 1, "func", "exist")
    if word == "몇":
        return not draft.ever(at + 1, "unit", "minute", "second", "clock") and not draft.ever(at + 1, "dim")
    return word == "숫자"


def _count_of(draft: Draft, at: int) -> Asked:
    english = draft.tokens[at].text.isascii()
    head = _head_noun(draft, at) if english else _korean_head(draft, at)
    if head == "person":
        return Asked(Intent.COUNT_PERSONS, asks="count", counted="persons")
    if head == "vehicle":
        return Asked(Intent.COUNT_VEHICLES, asks="count", counted="vehicles")
    return Asked(Intent.COUNT_EVENTS, asks="count")


_AGENTS = (
    "thief",
    "thieves",
    "robber",
    "shoplifter",
    "attacker",
    "assailant",
    "trespasser",
    "intruder",
    "loiterer",
    "smoker",
    "drunk",
    "drunks",
    "drunkard",
    "vandal",
    "kidnapper",
    "abductor",
    "arsonist",
    "mugger",
    "burglar",
    "pickpocket",
)


_VEHICLES = ("car", "cars", "vehicle", "vehicles")


def _head_noun(draft: Draft, at: int) -> str:
    """The noun that "how many" counts: the last noun before a verb, a preposition or the end."""
    head = "event"
    for i in range(at + 1, min(len(draft), at + 6)):
        token = draft.tokens[i]
        word = token.text.lower()
        if token.has("person") or token.has("personish") or word.endswith((" people", " persons", " person")):
            return "person"
        if token.has("type") and word.split()[0] in _VEHICLES:
            return "vehicle"
        if token.has("gender") or token.has("age"):
            head = "person"
        elif word.rstrip("s") in _AGENTS or word in _AGENTS:
            return "person"
        elif token.has("ride"):
            return "vehicle"
        elif token.has("unit", "events") or word in ("times", "occurrences", "instances", "cases"):
            return "event"
        elif token.has("type") or token.has("group"):
            if head == "person":
                break
            head = "event"
            if token.form == "word" and not word.endswith(("ing", "ed", "s")) and not token.has("group"):
                continue
        elif token.has("func") and word in (
            "of",
            "the",
            "different",
            "distinct",
            "unique",
            "separate",
            "a",
            "an",
            "total",
        ):
            continue
        elif token.has("func", "exist") or token.has("func", "polite") or token.has("func", "happen"):
            break
    return head


def _korean_head(draft: Draft, at: int) -> str:
    before = draft.tokens[at - 1] if at else None
    if before is not None and (before.has("person") or before.has("personish") or before.has("gender")):
        return "person"
    if before is not None and before.has("ride"):
        return "vehicle"
    return "event"


def _ordered(draft: Draft) -> Asked | None:
    wanted = _wanted(draft)
    if wanted.nth:
        order = "time_desc" if wanted.from_end or draft.says("order", "last") else "time"
        return Asked(Intent.NTH, nth=wanted.nth, order=order)
    for at in _free(draft, "order", "first", "last"):
        if draft.tokens[at].text.lower() == "last" and _free(draft, "ask", "how_long"):
            continue
        first = draft.has(at, "order", "first")
        intent = Intent.FIRST if first else Intent.LAST
        return Asked(intent, limit=wanted.limit or 1, order="time" if first else "time_desc")
    return None


def _path(draft: Draft) -> Asked | None:
    if (
        draft.of("track", "person_of")
        and not draft.of("type", "group", "word")
        and not _free(draft, "ask", "when", "where", "how_old", "gender")
    ):
        return Asked(Intent.PATH, asks="path")
    return None


def _attribute(draft: Draft) -> Asked | None:
    if _free(draft, "ask", "gender") and not draft.of("gender"):
        return Asked(Intent.ATTRIBUTE, asks="gender", measure="gender")
    old = [at for at in _free(draft, "ask", "how_old") if draft.tokens[at].text.lower() != "old"]
    if old:
        return Asked(Intent.ATTRIBUTE, asks="age", measure="age")
    if _free(draft, "ask", "how_long"):
        return Asked(Intent.ATTRIBUTE, asks="how_long", measure="duration")
    if (
        draft.says("confidence")
        and not draft.of("confidence")
        and (_free(draft, "ask", "what", "list") or draft.says("compare"))
    ):
        return Asked(Intent.ATTRIBUTE, asks="confidence", measure="confidence")
    return None


def _plain(draft: Draft) -> Asked:
    asks = _asks(draft)
    intent = {
        "when": Intent.WHEN,
        "where": Intent.WHERE,
        "who": Intent.WHO,
        "summary": Intent.SUMMARY,
        "existence": Intent.EXISTENCE,
    }.get(asks, Intent.LIST)
    return Asked(intent, asks=asks)


def facts_said(draft: Draft) -> list[Fact]:
    return [fact for fact in draft.facts if fact.kind != "wanted"]
