"""Times on both clocks: "10분에서 15분 사이", "the last five minutes", "오후 2시 이후", "yesterday at 3 pm".

A point is read first, then what stands around it says whether it is a moment, an end or a range. Which of the
two clocks is meant follows from the units: 시, am, 오후 are the wall; 분, mm:ss, "minute 10" the video.
"""

from text2sql.query import OffsetSpan
from text2sql.reader.ago import read_ago
from text2sql.reader.clock_words import ClockRead
from text2sql.reader.dates import read_days
from text2sql.reader.day_parts import day_parts, thirds_and_halves
from text2sql.reader.draft import Draft
from text2sql.reader.points import OFFSET_UNITS, Mode, Point, english, offset_at, point, skip, unit_seconds
from text2sql.reader.ranges import between

MINUTE_AROUND = 60.0


SECOND_AROUND = 5.0


def read_times(draft: Draft) -> None:
    _negative(draft)
    read_ago(draft)
    read_days(draft)
    wall = _names_the_wall(draft)
    at = 0
    while at < len(draft):
        begins = not draft.taken[at] and not _BEGINNINGS.isdisjoint(draft.tokens[at].by_kind)
        span = _span(draft, at, wall) if begins else None
        at = span if span else at + 1
    thirds_and_halves(draft)
    day_parts(draft)


# Of the kinds of words these begin a time: the rest need not be looked at twice.
_BEGINNINGS = frozenset(
    ("number", "colon", "moment", "daypart", "unit", "half", "edge", "rel", "order", "part", "ordinal")
) | {"func", "cmp", "conj", "decade", "iso_date", "josa"}


def _negative(draft: Draft) -> None:
    """-5분: a minus, not the dash of a range."""
    for at in range(1, len(draft)):
        token, before = draft.tokens[at], draft.tokens[at - 1]
        if token.number is None or before.text != "-" or token.space_before or not before.space_before:
            continue
        if at < 2 or not (draft.tokens[at - 2].number is not None or draft.ever(at - 2, "unit")):
            draft.refusals.append("negative_number")


def _names_the_wall(draft: Draft) -> bool:
    return (
        any(t.has("unit", "am", "pm") or t.has("daypart") or t.has("moment") for t in draft.tokens)
        or any(
            t.has("unit", "clock") and at and draft.tokens[at - 1].number is not None
            for at, t in enumerate(draft.tokens)
        )
        or any(draft.facts and fact.kind == "day" for fact in draft.facts)
    )


def _span(draft: Draft, at: int, wall: bool) -> int | None:
    """Reads the time expression that begins at `at`, if one does; returns where it ends."""
    return (
        _first_or_last(draft, at)
        or _from_the_last(draft, at)
        or _since_the_start(draft, at)
        or _before_the_end(draft, at)
        or between(draft, at, wall)
        or _prefixed(draft, at, wall)
        or _plain(draft, at, wall)
    )


def _first_or_last(draft: Draft, at: int) -> int | None:
    """처음 5분, 첫 5분, 마지막 10분, the first five minutes, the last minute."""
    if draft.has(at, "part", "first_half", "second_half") and draft.has(at + 1, "unit", "hours"):
        first = draft.has(at, "part", "first_half")
        said = draft.words(at, at + 2)
        half = (
            OffsetSpan(to=1800.0, said=said)
            if first
            else OffsetSpan(anchor="end", anchor_from=1800.0, said=said)
        )
        draft.add("offset", at, at + 2, half)
        return at + 2
    begin = at + 1
    from_the_last = draft.has(at, "order", "from_end") and offset_at(draft, begin) is not None
    if not draft.has(at, "order", "first", "last") and not (from_the_last and english(draft)):
        return None
    first = draft.has(at, "order", "first")
    if not first and draft.ever(at + 1, "rel", "end_of"):
        begin += 1
    length = offset_at(draft, begin)
    if length is None and draft.has(begin, "unit", "minute", "hours", "second") and english(draft):
        unit = draft.value(begin, "unit")
        if draft.tokens[begin].text.lower().endswith("s"):
            return None  # opening hours
        length = Point(begin, begin + 1, seconds=OFFSET_UNITS[unit])
    if length is None or length.seconds is None:
        return None
    if draft.ever(length.end, "daypart"):
        return None
    if first and (later := _after_those(draft, at, length.end)):
        said = draft.words(*later)
        draft.add("offset", *later, OffsetSpan(from_=length.seconds, said=said))
        return later[1]
    end = _trailing(draft, length.end, "between", "within", "until")
    if draft.ever(end, "cmp"):
        return None
    said = draft.words(at, end)
    span = (
        OffsetSpan(to=length.seconds, said=said)
        if first
        else OffsetSpan(anchor="end", anchor_from=length.seconds, said=said)
    )
    draft.add("offset", at, end, span)
    return end


def _from_the_last(draft: Draft, at: int) -> int | None:
    """thefts from the last 10 minutes: of them, not since then"""
    if not draft.has(at, "rel", "from") or not draft.tokens[at].text.isascii():
        return None
    start = skip(draft, at + 1)
    if not draft.has(start, "order", "first", "last"):
        return None
    end = _first_or_last(draft, start)
    if end is None:
        return None
    if any(draft.has(end, "rel", how) for how in ("to", "until", "onward")):
        draft.doubt("from_the_first_to", 0.45)
    draft.take(at, start)
    return end


def _after_those(draft: Draft, at: int, end: int) -> tuple[int, int] | None:
    """after the first ten minutes, 처음 10분 이후: where that is said, from its first word to its last."""
    if draft.tokens[at].text.isascii():
        start = at - 1 if draft.tokens[at - 1].text.lower() == "the" else at
        after = start and draft.has(start - 1, "rel", "from") and draft.tokens[start - 1].text.isascii()
        if after and draft.tokens[start - 1].text.lower() == "from" and not draft.has(end, "rel", "onward"):
            return None  # thefts from the first ten minutes: of them
        return (start - 1, end) if after else None
    if end < len(draft) and draft.tokens[end].text in ("이후", "이후에", "지나서", "지나고", "후", "뒤"):
        return at, end + 1
    return None


def _since_the_start(draft: Draft, at: int) -> int | None:
    """시작 후 5분 이내, 시작하고 10분 안에, 시작 5분 후."""
    if not draft.has(at, "edge", "start") or draft.tokens[at].text.isascii():
        return None
    begin = at + 1 + draft.has(at + 1, "rel", "from")
    length = offset_at(draft, begin)
    if length is None or length.seconds is None:
        return None
    after = length.end < len(draft) and draft.tokens[length.end].text in ("후", "뒤", "이후", "지나서")
    if not after and not draft.has(length.end, "rel", "within"):
        return None
    end = length.end + 1 if after else _trailing(draft, length.end, "within")
    said = draft.words(at, end)
    span = OffsetSpan(from_=length.seconds, said=said) if after else OffsetSpan(to=length.seconds, said=said)
    draft.add("offset", at, end, span)
    return end


def _before_the_end(draft: Draft, at: int) -> int | None:
    """끝나기 전 10분, 끝나기 10분 전, 10 minutes before the end."""
    if draft.has(at, "rel", "end_of"):
        length = offset_at(draft, at + 1)
        if length and length.seconds is not None:
            end = _trailing(draft, length.end, "until", "between", "from")
            if any(token.text.endswith("까지") for token in draft.tokens[length.end : end]):
                draft.doubt("until_before_the_end", 0.45)  # 끝나기 10분 전까지: all but the last ten
            draft.add(
                "offset",
                at,
                end,
                OffsetSpan(anchor="end", anchor_from=length.seconds, said=draft.words(at, end)),
            )
            return end
    length = offset_at(draft, at)
    if length and length.seconds is not None and draft.has(length.end, "rel", "end_of"):
        end = length.end + 1
        draft.add(
            "offset",
            at,
            end,
            OffsetSpan(anchor="end", anchor_from=length.seconds, said=draft.words(at, end)),
        )
        return end
    return None


def _trailing(draft: Draft, at: int, *relations: str) -> int:
    while draft.has(at, "rel", *relations) or draft.has(at, "josa", "at", "until"):
        if draft.tokens[at].text.isascii():
            break
        at += 1
    return at


_BEFORE_WORDS = {"from", "until", "around"}


_COMPARED = {"ge": "from", "gt": "from", "le": "until", "lt": "until"}


def _prefixed(draft: Draft, at: int, wall: bool) -> int | None:
    """English: after, since, before, until, around."""
    mode = next(
        (
            m
            for m in ("from", "until", "around")
            if draft.has(at, "rel", m) and draft.tokens[at].text.isascii()
        ),
        None,
    )
    if mode is None and draft.tokens[at].text.isascii():  # less than 5 minutes in
        mode = next((_COMPARED[how] for how in _COMPARED if draft.has(at, "cmp", how)), None)
        found = offset_at(draft, at + 1)
        if not (mode and found and draft.has(found.end, "rel", "in_video")):
            mode = "until" if draft.has(at, "rel", "within") and found else None
    if mode is None:
        return None
    start = skip(draft, at + 1)
    found = (
        point(draft, start, wall) or _unit_to_come(draft, start) or _unit_said_before(draft, at, start, mode)
    )
    if found is None:
        return None
    end = found.end
    if _of_an_event(draft, at, end):
        draft.doubt("time_from_an_event", 0.45)
        return end
    if draft.has(end, "rel", "end_of") and found.seconds is not None:  # from 10 minutes before the end
        if mode != "from":
            draft.doubt("until_before_the_end", 0.45)
        span = OffsetSpan(anchor="end", anchor_from=found.seconds, said=draft.words(at, end + 1))
        draft.add("offset", at, end + 1, span)
        return end + 1
    if draft.has(at, "rel", "within"):
        end = _of_the_start(draft, end) or end
    if draft.has(end, "rel", "in_video"):
        end = _into_the_video(draft, end)
    if draft.has(end, "rel", "onward"):
        end += 1
    if draft.has(end, "rel", "at") and draft.tokens[end].text.lower() == "mark":
        end += 1
    if draft.tokens[at].text.lower() in ("past", "following", "near", "from", "by") and found.clock is None:
        draft.doubt("loose_time", 0.05)
    _add_point(draft, at, end, found, mode)  # type: ignore[arg-type]
    return end


def _unit_said_before(draft: Draft, at: int, start: int, mode: str) -> Point | None:
    """after 20 minutes but before 35: minutes again."""
    value, before = draft.number(start), draft.of("offset")
    if value is None or mode != "until" or draft.has(start + 1, "unit") or not before:
        return None
    span: OffsetSpan = before[-1].value
    joined = before[-1].end == at or (before[-1].end == at - 1 and draft.tokens[at - 1].text.isascii())
    if not joined or span.to is not None or not span.from_ or span.from_ % 60 or value * 60 <= span.from_:
        return None
    return Point(start, start + 1, seconds=60.0 * value)


def _of_an_event(draft: Draft, at: int, end: int) -> bool:
    """within a minute of the first theft: counted from it, not from the start of the video."""
    if not draft.has(at, "rel", "within") or end >= len(draft) or draft.tokens[end].text.lower() != "of":
        return False
    return not _of_the_start(draft, end)


def _of_the_start(draft: Draft, at: int) -> int | None:
    """Where "of the start" ends, if it says that."""
    if at >= len(draft) or draft.tokens[at].text.lower() != "of":
        return None
    return next((i + 1 for i in range(at + 1, at + 4) if draft.ever(i, "edge", "start")), None)


def _unit_to_come(draft: Draft, at: int) -> Point | None:
    """before 5 and after 10 minutes."""
    value = draft.number(at)
    if value is None or not draft.has(at + 1, "conj", "and") or not draft.has(at + 2, "rel"):
        return None
    later = point(draft, at + 3, wall=False)
    if later is None or later.seconds is None:
        return None
    return Point(at, at + 1, seconds=value * unit_seconds(later), precision=later.precision)


def _into_the_video(draft: Draft, at: int) -> int:
    word = draft.tokens[at].text.lower()
    end = at + 1
    if word == "into":
        while draft.ever(end, "func", "polite") or draft.ever(end, "everywhere"):
            end += 1
            if draft.ever(end - 1, "everywhere"):
                break
        return end
    if word == "in" and (end >= len(draft) or not _names_more(draft, end)):
        return end
    return at if word == "in" else end


def _names_more(draft: Draft, at: int) -> bool:
    return at < len(draft) and not draft.taken[at]


def _plain(draft: Draft, at: int, wall: bool) -> int | None:
    """A point, and what Korean says behind it: 이후, 이전, 쯤, 대, 에."""
    start = at
    mode: Mode = "at"
    if draft.has(start, "rel", "at", "in_video") and draft.tokens[start].text.isascii():
        start = skip(draft, start + 1)
    elif draft.has(start, "rel", "around") and draft.tokens[start].text in ("약", "대략", "한"):
        start, mode = start + 1, "around"
    found = point(draft, start, wall)
    if found is None or (found.seconds is not None and _is_duration(draft, at, found)):
        return None
    end = found.end
    if draft.tails[end - 1] == "께":
        mode = "around"
    if draft.ever(end - 1, "colon") and draft.has(end, "unit", "minute") and found.seconds is not None:
        draft.doubt("colon_of_minutes", 0.45)  # 23:30분: of the wall clock?
    if draft.has(end, "unit", "decade") and found.precision == "minute" and found.seconds is not None:
        end += 1  # 10분대
    while end < len(draft) and not draft.taken[end] and not draft.tokens[end].text.isascii():
        if draft.has(end, "rel", "around") or draft.has(end, "josa", "around"):
            mode = "around"
        elif draft.has(end, "rel", "from") or draft.has(end, "josa", "from"):
            if mode == "around":
                draft.doubt("from_about", 0.45)  # 10분쯤부터: from 9:00 or from 10:00?
            mode = "from" if mode == "at" else mode
        elif draft.has(end, "rel", "until", "within") or draft.has(end, "josa", "until"):
            if mode == "around":
                draft.doubt("from_about", 0.45)
            mode = "until" if mode == "at" else mode
        elif draft.has(end, "josa", "at") or draft.has(end, "rel", "at"):
            pass
        else:
            break
        end += 1
    while draft.has(end, "rel", "onward", "in_video", "around") or (
        draft.has(end, "rel", "at") and draft.tokens[end].text.lower() == "mark"
    ):
        word = draft.tokens[end].text.lower()
        if draft.has(end, "rel", "onward") and word != "on":
            mode = "from"
        elif draft.has(end, "rel", "around") and word in ("ish", "or so"):
            mode = "around"
        elif draft.has(end, "rel", "in_video"):
            stop = _into_the_video(draft, end)
            if stop == end:
                break
            end = stop
            continue
        elif word != "mark":
            break
        end += 1
    if draft.has(end, "rel", "from", "in_video") and (
        draft.ever(end + 1, "edge") or draft.ever(end + 1, "part")
    ):
        end += 2  # an hour after the start
    _add_point(draft, at, end, found, mode)
    return end


def _is_duration(draft: Draft, at: int, found: Point) -> bool:
    """5분 이상, 30초 동안, for more than a minute: how long, not when."""
    after, before = found.end, at - 1
    if draft.ever(before, "order", "from_end"):
        draft.doubt("counted_from_the_end", 0.45)  # 끝에서 5분: that minute, or all five?
    if draft.tails[after - 1].startswith("짜리") or draft.tokens[after - 1].text in ("분간", "초간"):
        draft.doubt("lasting_exactly", 0.45)  # 2분간 서성인: no less, or about as long?
    if _from_an_event(draft, at, after):
        draft.doubt("time_from_an_event", 0.45)
    return (
        draft.has(after, "cmp")
        or (draft.has(after, "rel", "between") and draft.tokens[after].text.startswith("동안"))
        or (after < len(draft) and draft.tokens[after].text in ("간", "동안"))
        or draft.has(before, "cmp")
        or (
            before >= 0
            and draft.tokens[before].text.lower() in ("for", "within", "every", "lasting", "lasted")
            and not draft.has(after, "rel", "in_video")
        )
    )


_FROM_AN_EVENT = ("전", "전에", "후", "후에", "뒤", "뒤에")


def _from_an_event(draft: Draft, at: int, after: int) -> bool:
    """싸움 5초 전에, 싸움 나고 5분 뒤에: counted from it, not from the start of the video."""
    if after >= len(draft) or draft.tokens[after].text not in _FROM_AN_EVENT or not at:
        return False
    if draft.ever(at - 1, "type") or draft.ever(at - 1, "group"):
        return not draft.tails[at - 1] or draft.tails[at - 1].endswith(_AND_THEN)
    happened = draft.ever(at - 1, "func", "happen") and not draft.ever(at - 1, "edge")
    then = not draft.tails[at - 1] or draft.tails[at - 1].endswith(_AND_THEN)
    return happened and then and (draft.ever(at - 2, "type") or draft.ever(at - 2, "group"))


_AND_THEN = ("고", "고나서", "한지", "지")


def _add_point(draft: Draft, start: int, end: int, found: Point, mode: Mode) -> None:
    said = draft.words(start, end)
    if found.clock:
        draft.add("clock", start, end, ClockRead(mode, found.clock, said=said))
        return
    assert found.seconds is not None
    draft.add("offset", start, end, offset_span(found.seconds, found.precision, mode, said))


def offset_span(seconds: float, precision: str, mode: Mode, said: str) -> OffsetSpan:
    if mode == "from":
        return OffsetSpan(from_=seconds, said=said)
    if mode == "until":
        return OffsetSpan(to=seconds, said=said)
    if mode == "around":
        return OffsetSpan(max(0.0, seconds - MINUTE_AROUND), seconds + MINUTE_AROUND, said=said)
    if precision == "second":
        return OffsetSpan(max(0.0, seconds - SECOND_AROUND), seconds + SECOND_AROUND, said=said)
    return OffsetSpan(seconds, seconds + 60.0, to_inclusive=False, said=said)
