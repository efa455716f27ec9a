"""The two sides of a ratio, and those of a comparison."""

from dataclasses import replace

from text2sql.query import AgeRange, Comparison, Filters, Query, Side
from text2sql.reader.draft import Draft, Fact
from text2sql.reader.filtering import FILTERS, filters_of
from text2sql.reader.grouping import compared_kind

_PART_KINDS = ("gender", "age", "word", "confidence", "duration", "place", "type", "group", "track")


def ratio(query: Query, draft: Draft, facts: list[Fact]) -> Query:
    if time_is_the_part(draft):
        of_all = [fact for fact in facts if fact.kind in FILTERS and not fact.negated]
        return replace(
            query, filters=filters_of(of_all, draft), part=Filters(), offset=None, clock=None,
            part_offset=query.offset, part_clock=query.clock,
        )  # fmt: skip
    filtering = [fact for fact in facts if fact.kind in FILTERS and not fact.negated]
    what = sorted((f for f in filtering if f.kind in ("type", "group")), key=lambda f: f.start)
    rest = [fact for fact in filtering if fact.kind not in ("type", "group")]
    whole: list[Fact] = []
    part: list[Fact] = []
    if _one_to_the_other(draft, filtering):
        draft.doubt("ratio_to", 0.5)
    if sides := _said_apart(draft, filtering):
        whole, part = sides
    elif len(what) >= 2:
        whole, part = [what[0]], [*what[1:], *rest]
    elif what and rest:
        by_person = [
            fact for fact in rest if fact.kind in ("gender", "age", "word", "confidence", "duration")
        ]
        by_place = [fact for fact in rest if fact not in by_person]
        if by_person and not _said_first(by_person, what[0], draft):
            whole, part = [*what, *by_place], by_person
        elif by_person:
            whole, part = [*by_person, *by_place], what
        else:
            whole, part = (by_place, what) if by_place[0].start < what[0].start else (what, by_place)
    else:
        part = [*what, *rest]
    if not part:
        draft.doubt("ratio_of_what", 0.5)
    return replace(query, filters=filters_of(whole, draft), part=filters_of(part, draft))


def time_is_the_part(draft: Draft) -> bool | None:
    """What share of the thefts happened after ten? Then the time is the part. Where it is said first, it is
    the scope of both. None: it may be either."""
    what = draft.of("type", "group")
    times = [fact for fact in draft.of("offset", "clock", "day") if fact.end and what]
    if len(what) != 1 or not times or times[0].start < what[0].end or any(fact.negated for fact in what):
        return False
    others = [fact for fact in draft.of("gender", "age", "word", "place") if fact.end]
    between = range(what[0].end, times[0].start)
    if draft.language == "ko":
        told = any(draft.ever(at, "compare", "vs") for at in between)
        if not told and any(fact.start > what[0].end for fact in others):
            return False
        after = range(times[-1].end, len(draft))
        return told or any(_befell(draft, at) for at in after) or None
    if others:
        return False
    return any(_befell(draft, at) or draft.ever(at, "func", "exist") for at in between) or None


def _befell(draft: Draft, at: int) -> bool:
    return draft.ever(at, "func", "happen") and draft.tokens[at].text.lower() not in _NO_VERBS


_NO_VERBS = ("case", "cases", "event", "events", "with", "one", "ones", "total", "items", "instances")


def _said_apart(draft: Draft, facts: list[Fact]) -> tuple[list[Fact], list[Fact]] | None:
    """남자 중 20대, what proportion of the women were over 60, … of women fell: the whole is said first."""
    said = sorted((fact for fact in facts if fact.end), key=lambda fact: fact.start)
    if len(said) < 2:
        return None
    if draft.language == "ko":
        seams = [at for at in range(len(draft)) if draft.ever(at, "compare", "vs")]
    else:
        asked = next((at for at in range(len(draft)) if draft.ever(at, "ask", "ratio")), len(draft))
        seams = [
            at
            for at in range(asked, len(draft))
            if draft.ever(at, "func", "exist") or (draft.ever(at, "func", "happen") and not draft.taken[at])
        ]
        seams += [
            fact.start for fact in said if fact.kind == "type" and fact.start > asked and _verbal(draft, fact)
        ]
    for at in sorted(seams):
        before, after = [f for f in said if f.end <= at], [f for f in said if f.start >= at]
        if before and after and len(before) + len(after) == len(said):
            return before, after
    return None


_IRREGULAR = ("fell", "stole", "fought", "left", "paid", "hit", "bought", "broke", "came in", "went out")


def _verbal(draft: Draft, fact: Fact) -> bool:
    word = draft.tokens[fact.start].text.lower()
    return word.endswith("ed") or word in _IRREGULAR


def _one_to_the_other(draft: Draft, facts: list[Fact]) -> bool:
    """the ratio of men to women, 남자 대 여자: a proportion, no share of a whole."""
    ends = [fact.end for fact in facts]
    return any(
        draft.tokens[end].text in ("to", "대", "versus", "vs", ":") for end in ends if end < len(draft)
    )


def _said_first(persons: list[Fact], what: Fact, draft: Draft) -> bool:
    """ "여자 중에서 도난 비율": the people are the whole."""
    first = persons[0]
    return first.start < what.start and any(
        draft.ever(at, "compare", "vs") for at in range(first.end, what.start)
    )


def compare(query: Query, draft: Draft, facts: list[Fact]) -> Query:
    kind = compared_kind(draft) or "gender"
    mine = [
        fact
        for fact in facts
        if not fact.negated and (fact.kind == kind or (kind == "group" and fact.kind == "type"))
    ]
    rest = [fact for fact in facts if fact not in mine]
    if kind == "gender" and not mine:
        mine = [Fact("gender", 0, 0, "male"), Fact("gender", 0, 0, "female")]
    sides = tuple(
        Side(
            label=_label(fact),
            said=draft.words(fact.start, fact.end) or str(fact.value),
            filters=filters_of([fact], draft),
            video_ids=fact.value.video_ids if fact.kind == "video" else (),
        )
        for fact in _distinct(mine)
    )
    by = {"video": "camera", "offset": "time", "clock": "time"}.get(kind, kind)
    if kind in ("offset", "clock"):
        draft.doubt("compare_times", 0.5)
    return replace(
        query,
        filters=filters_of(rest, draft),
        compare=Comparison(by, sides),  # type: ignore[arg-type]
        clock=None if kind == "clock" else query.clock,
        offset=None if kind == "offset" else query.offset,
    )


def _distinct(facts: list[Fact]) -> list[Fact]:
    seen: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda f: f.start):
        seen.setdefault(_label(fact), fact)
    return list(seen.values())


def _label(fact: Fact) -> str:
    if fact.kind in ("type", "group", "gender"):
        return str(fact.value)
    if isinstance(fact.value, AgeRange):
        return fact.value.said
    return str(getattr(fact.value, "said", fact.value))
