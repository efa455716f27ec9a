"""Counts side by side: per type, the most of a place, more of A or of B."""

from typing import cast

from text2sql.query import GroupBy, Intent
from text2sql.reader.asking import Asked, free, wanted_number
from text2sql.reader.counting import count, counted
from text2sql.reader.draft import Draft


def comparison(draft: Draft) -> Asked | None:
    more, fewer = free(draft, "compare", "more"), free(draft, "compare", "fewer")
    versus = list(free(draft, "compare", "vs"))
    strong = [
        at
        for at in versus
        if draft.tokens[at].text.lower() not in ("중", "중에", "중에서", "가운데", "than", "대비", "against")
    ]
    among = bool(versus) and (draft.says("attr", "many", "few") or draft.says("sup"))
    than = compares_by_many(draft)
    if _side_by_side(draft):
        return Asked(Intent.COMPARISON, asks="comparison", counted=counted(draft))
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
        Intent.COMPARISON, asks="comparison", order="fewest" if fewer else "most", counted=counted(draft)
    )


def compares_by_many(draft: Draft) -> bool:
    """취객이 배회보다 많아?, 싸움이 많아 도난이 많아?"""
    many = free(draft, "attr", "many", "few")
    return bool(many) and (draft.says("josa", "than") or (len(many) > 1 and draft.language == "ko"))


def _side_by_side(draft: Draft) -> bool:
    """남자 몇 명 여자 몇 명, 남녀 각각 몇 명, how many men and how many women: a count of each."""
    asked = free(draft, "ask", "persons", "events", "how_many")
    each = any(
        token.text in ("각각", "각기", "씩") or tail.startswith("씩")
        for token, tail in zip(draft.tokens, draft.tails, strict=True)
    )
    if not asked or not (each or len(asked) > 1):
        return False
    if each and any(token.text == "남녀" for token in draft.tokens):
        return True
    kind = compared_kind(draft)
    facts = draft.of(kind) if kind else []
    return bool(facts) and (
        each or (any(facts[0].end <= at for at in asked[1:]) and facts[-1].start > asked[0])
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
    if free(draft, "ask", "where"):
        text = " ".join(draft.tokens[at].text for at in free(draft, "ask", "where"))
        if "카메라" in text:
            return "camera"
        if "지점" in text or "매장" in text or "store" in text or "branch" in text or "site" in text:
            return "site"
        return "video" if "영상" in text or "video" in text else "place"
    if free(draft, "ask", "when"):
        text = " ".join(draft.tokens[at].text.lower() for at in free(draft, "ask", "when"))
        return "minute" if "분" in text or "minute" in text else "hour"
    if free(draft, "ask", "who") and not draft.says("gender"):
        return "track"
    if any(draft.tokens[at].text == "어느" for at in free(draft, "ask", "what")) and draft.of(
        "type", "group"
    ):
        return "place"
    if any(
        draft.ever(at + 1, kind)
        for at in free(draft, "ask", "what")
        for kind in ("person", "personish", "gender")
    ):
        return "track"  # which person appears most
    if free(draft, "ask", "what", "happened") or draft.of("group"):
        return "type"
    return None


def most_frequent(draft: Draft) -> Asked | None:
    superlative = [at for at in range(len(draft)) if draft.ever(at, "sup")]
    many = free(draft, "attr", "many", "few")
    busy = [at for at in many if draft.tokens[at].text.lower() in ("busiest", "rarest", "quietest")]
    if not ((superlative and (many or _alone(draft))) or busy):
        return None
    dimension = _dimension(draft) or _asked_dimension(draft)
    if free(draft, "ask", "gender"):
        dimension = "gender"
    if dimension is None:
        if draft.says("person") or draft.says("personish"):
            dimension = "track"
        else:
            dimension = "type"
            draft.doubt("most_of_what", 0.45 if draft.of("type") or wanted_number(draft).limit else 0.2)
    few = draft.says("sup", "least") or any(draft.has(at, "attr", "few") for at in many)
    counted = "events" if not draft.says("ask", "persons") else "persons"
    wanted = wanted_number(draft)
    if wanted.limit and wanted.limit > 1 and not wanted.nth:  # 가장 많은 장소 3곳: the head of the grouping
        order = "fewest" if few else "most"
        return Asked(
            Intent.GROUPING,
            asks="grouping",
            group_by=dimension,
            order=order,
            limit=wanted.limit,
            counted=counted,
        )
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


def grouping(draft: Draft) -> Asked | None:
    if draft.says("by_hour") or draft.says("by_minute") or draft.says("by_date"):
        return Asked(Intent.GROUPING, asks="grouping", group_by=_dimension(draft), counted=counted(draft))
    for at in range(len(draft)):
        if draft.tokens[at].text == "성별" and (draft.tails[at].startswith("로") or count(draft)):
            return Asked(Intent.GROUPING, asks="grouping", group_by="gender", counted=counted(draft))
        if not (draft.has(at, "by") or draft.has(at, "josa", "per")):
            continue
        english = draft.tokens[at].text.isascii()
        near = _dim_at(draft, range(at + 1, at + 4)) if english else _dim_at(draft, range(at - 1, at - 3, -1))
        if near is None:
            continue
        people = at == 1 and english and (draft.ever(0, "person") or draft.ever(0, "personish"))
        counted_as = "persons" if people else counted(draft)  # visitors per hour
        return Asked(Intent.GROUPING, asks="grouping", group_by=near, counted=counted_as)
    if free(draft, "spread"):
        dimension = _dimension(draft) or "type"
        return Asked(Intent.GROUPING, asks="grouping", group_by=dimension, counted=counted(draft))
    return None


def _dim_at(draft: Draft, near: range) -> GroupBy | None:
    for at in near:
        if 0 <= at < len(draft) and draft.ever(at, "dim") and not _consumed_as_fact(draft, at):
            values = [sense.value for sense in draft.tokens[at].senses if sense.kind == "dim"]
            value = next(value for value in _DIM_ORDER if value in values)
            return cast(GroupBy, value)
    return None
