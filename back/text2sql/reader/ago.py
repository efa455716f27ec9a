"""Counted back from now: 지금부터 2시간 전 이후, since 3 hours ago, the past two hours."""

from text2sql.reader.dates import DayRead
from text2sql.reader.draft import Draft
from text2sql.reader.points import offset_at

_NOW = ("지금", "현재")
_BACK = ("전", "전에", "이전")


def read_ago(draft: Draft) -> None:
    at = 0
    while at < len(draft):
        at = (not draft.taken[at] and (_korean(draft, at) or _english(draft, at))) or at + 1


def _korean(draft: Draft, at: int) -> int | None:
    if draft.ever(at, "past") or _recent(draft, at):
        return _past(draft, at, at + 1)
    start, counted_from_now = at, False
    if draft.tokens[at].text in _NOW and (
        draft.has(at + 1, "josa", "from") or draft.has(at + 1, "josa", "at")
    ):
        start, counted_from_now = at + 2, True
    length = offset_at(draft, start)
    if length is None or length.seconds is None or length.end >= len(draft):
        return None
    end = length.end
    if draft.taken[end] or not draft.tokens[end].text.startswith(_BACK) or draft.tokens[end].text.isascii():
        return None
    if start == at and at and _before_something(draft, at - 1):
        return None
    until = draft.tokens[end].text.startswith("전까지")
    end += 1
    mode = None
    while end < len(draft) and not draft.tokens[end].text.isascii():
        if draft.has(end, "josa", "from") or draft.has(end, "rel", "from"):
            mode = "from"
        elif draft.has(end, "josa", "until"):
            until = True
        else:
            break
        end += 1
    if mode is None and until and counted_from_now:
        mode = "until"
    if mode is None and not counted_from_now:
        if draft.has(length.end - 1, "unit", "hours") and not until:
            draft.doubt("ago_or_before", 0.45)  # 2시간 전 도난: two hours ago, or before 2:00:00?
        return None
    if draft.ever(end, "josa", "until") or draft.ever(end + 1, "josa", "until"):
        end += 2 if draft.tokens[end].text in _NOW else 0
    return _add(draft, at, end, length.seconds, mode)


def _before_something(draft: Draft, at: int) -> bool:
    """영상 끝나기 10분 전부터, 도난 나기 5분 전부터: counted from that, not from now."""
    if draft.ever(at, "rel", "end_of") or draft.ever(at, "edge"):
        return True
    happened = draft.ever(at, "func", "happen") and (
        draft.ever(at - 1, "type") or draft.ever(at - 1, "group")
    )
    if happened or draft.ever(at, "type") or draft.ever(at, "group"):
        draft.doubt("time_from_an_event", 0.45)
        return True
    return False


def _recent(draft: Draft, at: int) -> bool:
    """최근 2시간: of the recording, or up to now? Asked back."""
    if draft.tokens[at].text != "최근":
        return False
    length = offset_at(draft, at + 1)
    if length is not None and length.seconds is not None:
        draft.doubt("recent_span", 0.45)
    return False


def _past(draft: Draft, at: int, begin: int) -> int | None:
    length = offset_at(draft, begin)
    if length is None or length.seconds is None:
        return None
    end = length.end
    while draft.has(end, "rel", "between", "within"):
        end += 1
    return _add(draft, at, end, length.seconds, "from")


def _english(draft: Draft, at: int) -> int | None:
    if draft.tokens[at].text.lower() == "past" and at and draft.tokens[at - 1].text.lower() == "the":
        return _past(draft, at, at + 1)
    start, mode = at, None
    if draft.tokens[at].text.isascii() and draft.has(at, "rel", "from", "until"):
        start, mode = at + 1, "from" if draft.has(at, "rel", "from") else "until"
    length = offset_at(draft, start)
    if length is None or length.seconds is None or not draft.has(length.end, "ago"):
        return None
    return _add(draft, at, length.end + 1, length.seconds, mode)


def _add(draft: Draft, start: int, end: int, seconds: float, mode: str | None) -> int:
    if mode is None:
        draft.doubt("how_long_around_then", 0.5)  # two hours ago: that minute, that hour?
    said = draft.words(start, end)
    draft.add("day", start, end, DayRead("ago", seconds=seconds, mode=mode or "from", said=said))  # type: ignore[arg-type]
    return end
