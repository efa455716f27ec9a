"""Confidences, how long something lasts, "within 30 seconds", and how many are wanted."""

from dataclasses import dataclass

from text2sql.query import Bounds
from text2sql.reader.draft import Draft

_SURE, _UNSURE = 0.9, 0.6
_SECONDS = {"hours": 3600.0, "minute": 60.0, "second": 1.0}


@dataclass(frozen=True, slots=True)
class Wanted:
    """최근 5건 is limit 5; 두 번째 is nth 2."""

    limit: int | None = None
    nth: int | None = None
    from_end: bool = False


def read_confidence(draft: Draft) -> None:
    for at in range(len(draft)):
        if draft.number(at) is not None:
            _confidence_number(draft, at)
    for at in list(draft.find("attr", "sure", "unsure")):
        if draft.has(at, "attr", "long", "old", "many"):
            continue
        if _superlative_near(draft, at):
            continue
        sure = draft.has(at, "attr", "sure")
        if draft.has(at - 1, "neg", "not") and sure:
            draft.take(at - 1, at)
            sure = False
        _bounds(draft, at, at + 1, sure=sure)
    for at in list(draft.find("confidence")):
        for near in (at - 1, at + 1, at + 2):
            if (
                draft.has(near, "level")
                and not _superlative_near(draft, near)
                and not _superlative_near(draft, at)
            ):
                start, end = min(at, near), max(at, near) + 1
                _bounds(draft, start, end, sure=draft.has(near, "level", "high"))
                break


def _bounds(draft: Draft, start: int, end: int, *, sure: bool) -> None:
    said = draft.words(start, end)
    bounds = Bounds(from_=_SURE, said=said) if sure else Bounds(to=_UNSURE, to_inclusive=False, said=said)
    draft.add("confidence", start, end, bounds)


def _superlative_near(draft: Draft, at: int) -> bool:
    text = draft.tokens[at].text.lower()
    return (
        draft.ever(at - 1, "sup")
        or draft.ever(at - 2, "sup")
        or text.startswith(("highest", "lowest", "surest"))
    )


def _percent(draft: Draft, at: int) -> tuple[float, int] | None:
    value = draft.number(at)
    if value is None:
        return None
    if draft.has(at + 1, "unit", "percent"):
        return value / 100.0, at + 2
    return (value / 100.0 if value > 1 else value), at + 1


def _confidence_number(draft: Draft, at: int) -> None:
    has_unit = draft.has(at + 1, "unit", "percent")
    near = any(
        draft.ever(i, "confidence") or (has_unit and draft.ever(i, "attr", "sure"))
        for i in range(max(0, at - 5), min(len(draft), at + 6))
    )
    found = _percent(draft, at)
    if found is None or not (near or has_unit):
        return
    value, end = found
    if not has_unit and draft.has(at + 1, "unit"):
        return
    start = at
    if (
        draft.has(end, "rel", "to")
        or draft.has(end, "josa", "from", "at", "and")
        or (draft.has(end, "conj", "and") and draft.has(at - 1, "rel", "between"))
    ):
        second = _percent(draft, end + 1)
        if second:
            stop = second[1]
            while draft.has(stop, "rel", "between", "until") or draft.has(stop, "josa", "until"):
                stop += 1
            start = at - 1 if draft.has(at - 1, "rel", "between", "from") else at
            if not has_unit and draft.has(second[1] - 1, "unit", "percent") and value <= 1:
                pass
            _confident(draft, start, stop, Bounds(value, second[0]), near)
            return
    how = None
    if draft.has(end, "cmp"):
        how, end = draft.value(end, "cmp"), end + 1
    elif draft.has(at - 1, "cmp"):
        how, start = draft.value(at - 1, "cmp"), at - 1
    elif draft.tokens[min(end, len(draft) - 1)].text.isascii():
        return
    elif draft.has(end, "rel", "from") or draft.has(end, "josa", "from"):
        how, end = "ge", end + 1
    elif draft.has(end, "rel", "until") or draft.has(end, "josa", "until"):
        how, end = "le", end + 1
    if how is None:
        return
    bounds = {
        "ge": Bounds(from_=value),
        "gt": Bounds(from_=value, from_inclusive=False),
        "le": Bounds(to=value),
        "lt": Bounds(to=value, to_inclusive=False),
    }[how]
    _confident(draft, start, end, bounds, near)


def _confident(draft: Draft, start: int, end: int, bounds: Bounds, near: bool) -> None:
    for at in range(max(0, start - 3), min(len(draft), end + 3)):
        if draft.has(at, "confidence") or (near and draft.has(at, "attr", "sure")):
            draft.take(at, at + 1)
    if not near:
        draft.doubt("percent_of_what", 0.15)
    if max(bounds.from_ or 0.0, bounds.to or 0.0) > 1.0:
        draft.refusals.append("impossible_confidence")
    said = draft.words(start, end)
    fact = Bounds(bounds.from_, bounds.to, bounds.from_inclusive, bounds.to_inclusive, said)
    draft.add("confidence", start, end, fact)


def read_durations(draft: Draft) -> None:
    """Runs before the times: 5분 이상 배회 is how long, "30초 이내에" how soon after."""
    for at in range(len(draft)):
        length = _length(draft, at)
        if _lasting_range(draft, at, length) or length is None:
            continue
        seconds, end = length
        _within(draft, at, end, seconds) or _lasting(draft, at, end, seconds)


def _length(draft: Draft, at: int) -> tuple[float, int] | None:
    if at < len(draft) and draft.tokens[at].text.lower() in ("a", "an"):  # longer than a minute
        unit = next((u for u in _SECONDS if draft.has(at + 1, "unit", u)), None)
        return (_SECONDS[unit], at + 2) if unit else None
    total, end, last = 0.0, at, 1e9
    while (value := draft.number(end)) is not None:
        unit = next((u for u in _SECONDS if draft.has(end + 1, "unit", u)), None)
        if unit is None or _SECONDS[unit] >= last:
            break
        last = _SECONDS[unit]
        total += value * last
        end += 2
    return (total, end) if end > at else None


_WITHIN = ("이내", "이내에", "안에", "내에", "내로", "내")


def _within(draft: Draft, at: int, end: int, seconds: float) -> bool:
    english = draft.has(at - 1, "seq", "then") and draft.tokens[at - 1].text.lower() == "within"
    korean = end < len(draft) and draft.tokens[end].text in _WITHIN
    if not (english or korean):
        return False
    between_types = _has_type(draft, 0, at) and _has_type(draft, end, len(draft))
    after = any(korean or i != at - 1 for i in draft.places_of("seq"))
    if not (between_types or (after and _has_type(draft, 0, len(draft)))):
        return False
    if draft.ever(at - 1, "order", "first") or (korean and draft.ever(at - 2, "edge", "start")):
        return False
    draft.add("within", at - 1 if english else at, end + 1 if korean else end, seconds)
    return True


def _has_type(draft: Draft, start: int, end: int) -> bool:
    return any(start <= at < end for kind in ("type", "group", "move") for at in draft.places_of(kind))


def _lasting_range(draft: Draft, at: int, length: tuple[float, int] | None) -> bool:
    """lasting between 10 and 30 seconds, 10~30초 동안 지속된: how long, not when."""
    bare = draft.number(at)
    joint = length[1] if length else at + 1
    if bare is None or not (
        draft.has(joint, "josa", "from", "at")
        or draft.has(joint, "rel", "to")
        or draft.has(joint, "conj", "and")
    ):
        return False
    second = _length(draft, joint + 1)
    if second is None:
        return False
    start, end = at, second[1]
    while start and draft.tokens[start - 1].text.lower() in ("between", "from", "for"):
        start -= 1
    while draft.has(end, "rel", "between", "until") or draft.has(end, "josa", "until"):
        end += 1
    if not (
        draft.ever(start - 1, "lasting")
        or draft.ever(end, "lasting")
        or draft.tails[second[1] - 1].startswith("짜리")
    ):
        return False
    if draft.ever(start - 1, "lasting"):
        start -= 1
    low = length[0] if length else bare * _SECONDS[draft.value(joint + 2, "unit")]
    draft.add("duration", start, end, Bounds(low, second[0], said=draft.words(start, end)))
    return True


def _lasting(draft: Draft, at: int, end: int, seconds: float) -> bool:
    start, how = at, None
    if draft.ever(end, "rel", "in_video") or (
        draft.tokens[at - 1].text.lower() == "up to" and at and not draft.ever(at - 2, "lasting")
    ):
        return False  # more than 10 minutes into the video: when
    if draft.has(end, "cmp") and not draft.ever(at - 1, "order"):
        how, end = draft.value(end, "cmp"), end + 1
    elif draft.has(at - 1, "cmp") and draft.tokens[at - 1].text.isascii():
        how, start = draft.value(at - 1, "cmp"), at - 1
    elif draft.has(end, "rel", "within") and draft.ever(end + 1, "lasting", "over"):  # 10초 안에 끝난
        how, end = "le", end + 2
    elif draft.has(end, "josa", "than") and draft.has(end + 1, "attr", "long", "short"):  # 30초보다 긴
        how, end = "gt" if draft.has(end + 1, "attr", "long") else "lt", end + 2
    elif draft.has(end, "attr", "long") and draft.tokens[end].text.isascii():
        return False
    if how is None:
        return False
    while start and draft.tokens[start - 1].text.lower() in ("for", "lasting", "lasted", "last", "longer"):
        start -= 1
    bounds = {
        "ge": Bounds(from_=seconds),
        "gt": Bounds(from_=seconds, from_inclusive=False),
        "le": Bounds(to=seconds),
        "lt": Bounds(to=seconds, to_inclusive=False),
    }[how]
    said = draft.words(start, end)
    draft.add(
        "duration",
        start,
        end,
        Bounds(bounds.from_, bounds.to, bounds.from_inclusive, bounds.to_inclusive, said),
    )
    return True


_GROUP_UNITS = ("곳", "군데", "가지", "개", "위")


def _of_groups(draft: Draft, at: int) -> bool:
    """top 3 places, the most common three types, 가장 많은 장소 3곳, 상위 5개 유형"""
    if not draft.says("sup") or not draft.says("dim"):
        return False
    after = draft.tokens[at + 1].text if at + 1 < len(draft) else ""
    if draft.tokens[at].text.isascii() and not draft.tokens[at].text.isdigit():
        return draft.ever(at - 1, "sup") or draft.ever(at + 1, "dim")
    return after in _GROUP_UNITS or (draft.ever(at - 1, "sup") and not draft.has(at + 1, "unit"))


_EXACT = frozenset(("exact", "precise", "what", "which"))
_RANKED = ("longest", "shortest", "oldest", "youngest")


def read_wanted(draft: Draft) -> None:
    """Which and how many of the ordered: 두 번째, the third, 최근 5건, the last five, 3 longest."""
    for at in range(len(draft)):
        value = draft.tokens[at].number
        if value is None or draft.taken[at] or value != int(value) or not 0 < value <= 10_000:
            continue
        if draft.has(at, "ordinal", "nth"):
            if draft.ever(at + 1, "part") or draft.ever(at + 1, "within_scope"):
                continue
            if draft.ever(at + 1, "unit", "hours", "day", "week"):
                draft.doubt("nth_hour", 0.45)
                continue
            if draft.has(at, "unit", "second") and _EXACT.intersection(
                token.text.lower() for token in draft.tokens[max(0, at - 1) : at]
            ):
                continue  # the exact second of the theft
            if at > 1 and [t.text.lower() for t in draft.tokens[at - 2 : at]] == ["on", "the"]:
                continue  # on the 20th: of which month?
            end = at + 1
            from_end = draft.has(end, "order", "last", "from_end") or (
                end + 1 < len(draft)
                and draft.tokens[end].text.lower() == "to"
                and draft.has(end + 1, "order", "last")
            )
            if from_end:
                end += 1 if draft.has(end, "order", "last", "from_end") else 2
            draft.add("wanted", at, end, Wanted(nth=int(value), from_end=from_end))
        elif draft.has(at + 1, "unit", "nth"):
            backwards = draft.has(at - 1, "order", "from_end", "last")
            start = at - 1 if backwards else at
            draft.add("wanted", start, at + 2, Wanted(nth=int(value), from_end=backwards))
        elif _of_groups(draft, at):
            end = (
                at + 2
                if draft.tokens[at + 1 : at + 2] and draft.tokens[at + 1].text in _GROUP_UNITS
                else at + 1
            )
            draft.add("wanted", at, end, Wanted(limit=int(value)))
        elif draft.has(at + 1, "unit", "events", "persons") and not draft.tokens[at + 1].text.isascii():
            if draft.has(at + 2, "cmp") or draft.ever(at + 1, "rel"):
                continue
            if (
                draft.says("order")
                or draft.says("sup")
                or draft.says("attr", *_RANKED)
                or draft.says("ask", "list")
                or draft.has(at + 2, "josa", "only")
            ):
                draft.add("wanted", at, at + 2, Wanted(limit=int(value)))
        elif (
            (draft.has(at - 1, "order", "first", "last") or draft.has(at - 1, "attr", *_RANKED))
            and not draft.has(at + 1, "unit")
        ) or (
            (draft.has(at + 1, "order") or draft.has(at + 1, "sup") or draft.has(at + 1, "attr"))
            and draft.tokens[at + 1].text.isascii()
        ):
            draft.add("wanted", at, at + 1, Wanted(limit=int(value)))
