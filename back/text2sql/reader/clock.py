"""The wall clock: what a reading like "오후 2시에서 3시 사이" means for the recordings in question."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from text2sql.query import ClockSpan, ClockWindow
from text2sql.reader.clock_words import PARTS, ClockRead, ClockTime
from text2sql.reader.dates import DayRead
from text2sql.reader.times_of_day import times_of_day
from text2sql.videos import Video

_DAY = timedelta(days=1)
_SAME_NIGHT = timedelta(hours=6)  # further off, the hour is one of the recording's own day
_MANY = 12  # videos beyond which moments are not worked out one by one


@dataclass(frozen=True, slots=True)
class _Window:
    start: datetime | None
    end: datetime | None
    end_inclusive: bool

    def meets(self, video: Video) -> bool:
        starts, ends = video.starts, video.ends
        if starts is None or ends is None:
            return False
        return (self.start is None or self.start <= ends) and (
            self.end is None or self.end > starts or (self.end_inclusive and self.end == starts)
        )


def resolve(
    *,
    clock: ClockRead | None,
    day: DayRead | None,
    videos: tuple[Video, ...],
    now: datetime,
    negated: bool = False,
) -> ClockSpan:
    """Concrete moments for every video with a wall clock, those that are the same said once."""
    by_window: dict[tuple[_Window, ...], list[Video]] = {}
    clocked = [video for video in videos if video.recorded_at is not None]
    said = " ".join(part for part in (day.said if day else "", clock.said if clock else "") if part)
    if clock and len(clocked) > _MANY:
        days = resolve(clock=None, day=day, videos=videos, now=now) if day else ClockSpan()
        return replace(days, daily=times_of_day(clock), negated=negated, said=said)
    for video in clocked:
        windows = tuple(_windows(clock, day, video, now))
        by_window.setdefault(windows, []).append(video)
    shared = len(by_window) == 1
    result: list[ClockWindow] = []
    for windows, members in by_window.items():
        for window in windows:
            ids = () if shared else tuple(sorted(video.id for video in members))
            result.append(
                ClockWindow(
                    from_=_iso(window.start),
                    to=_iso(window.end),
                    to_inclusive=window.end_inclusive,
                    video_ids=ids,
                )
            )
    result.sort(key=lambda w: (w.from_ or "", w.to or "", w.video_ids))
    return ClockSpan(
        windows=tuple(result),
        from_=result[0].from_ if result else None,
        to=result[-1].to if result else None,
        negated=negated,
        said=said,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _windows(clock: ClockRead | None, day: DayRead | None, video: Video, now: datetime) -> list[_Window]:
    zone = video.zone
    span = _day_span(day, now.astimezone(zone)) if day else None
    if clock is None:
        assert span is not None
        if day and day.name in ("last_night", "tonight"):
            return [_Window(_at(span[0], zone, 18), _at(span[0], zone, 30), end_inclusive=False)]
        return [_Window(span[0], span[1], end_inclusive=bool(day and day.name == "ago"))]
    if day and day.name in ("last_night", "tonight") and span and span[0]:
        night = _Window(_at(span[0], zone, 18), _at(span[0], zone, 30), end_inclusive=False)
        days = [span[0].date(), span[0].date() + _DAY]
        return [_cut(w, night) for w in _of_days(clock, days, video) if _overlap(w, night)] or [night]
    if span and span[0] and span[1]:
        count = min((span[1].date() - span[0].date()).days, 62)
        days = [span[0].date() + _DAY * n for n in range(max(count, 1))]
        whole = _Window(_at(span[0], zone), _at(span[1], zone), end_inclusive=False)
        if clock.mode in ("from", "until"):
            windows = [w for d in days for w in _of_days(clock, [d], video, pick=True)]
            return [
                _cut(w, _Window(_at_day(d, zone), _at_day(d + _DAY, zone), end_inclusive=False))
                for w, d in zip(windows, days, strict=False)
            ]
        found = _of_days(clock, days, video)
        return _inside(found, video) or found[:1] or [whole]
    assert video.starts is not None
    assert video.ends is not None
    first, last = video.starts.date() - _DAY, video.ends.date() + _DAY
    days = [first + _DAY * n for n in range(min((last - first).days + 1, 40))]
    windows = _of_days(clock, days, video, pick=clock.mode in ("from", "until"))
    if span and (span[0] or span[1]):
        limit = _Window(
            _at(span[0], zone) if span[0] else None,
            _at(span[1], zone) if span[1] else None,
            end_inclusive=False,
        )
        windows = [_cut(w, limit) for w in windows if _overlap(w, limit)]
    return windows


def _of_days(clock: ClockRead, days: list[date], video: Video, *, pick: bool = False) -> list[_Window]:
    if clock.mode in ("part", "parts"):
        return _part_windows(clock, days, video)
    assert clock.start is not None
    candidates = [
        (moment, window)
        for day in days
        for hour in clock.start.hours()
        for moment in [_moment(day, hour, clock.start, video)]
        for window in [_window(clock, moment, video)]
    ]
    candidates.sort(key=lambda pair: pair[0])
    if clock.mode in ("from", "until") or pick:
        moment = _chosen([m for m, _ in candidates], video, clock.start.length)
        return [_window(clock, moment, video)]
    meeting = _shortest(_inside([window for _, window in candidates], video))
    if not meeting:
        near = _chosen([m for m, _ in candidates], video, clock.start.length)
        return [_window(clock, near, video)]
    if len(clock.start.hours()) > 1:  # the earlier of the two, once a day
        kept: dict[date, _Window] = {}
        for window in meeting:
            assert window.start is not None
            kept.setdefault(window.start.date(), window)
        return list(kept.values())
    return meeting


def _inside(windows: list[_Window], video: Video) -> list[_Window]:
    return [window for window in windows if window.meets(video)]


def _shortest(windows: list[_Window]) -> list[_Window]:
    """11시부터 정오까지 is an hour, not thirteen."""
    short = [w for w in windows if w.start and w.end and w.end - w.start < _DAY / 2]
    return short or windows


def _chosen(moments: list[datetime], video: Video, length: timedelta) -> datetime:
    """The first that falls inside the recording, else the nearest, else that of its day."""
    starts, ends = video.starts, video.ends
    assert starts is not None
    assert ends is not None
    for moment in moments:
        if moment + length > starts and moment <= ends:
            return moment
    nearest = min(moments, key=lambda m: max(starts - m, m - ends))
    if max(starts - nearest, nearest - ends) > _SAME_NIGHT:  # 오후 6시 이후, of a recording at dawn
        that_day = [moment for moment in moments if moment.date() == starts.date()]
        return that_day[-1] if that_day else nearest
    return nearest


def _moment(day: date, hour: int, said: ClockTime, video: Video) -> datetime:
    return datetime.combine(day, time(hour, said.minute or 0, said.second or 0), tzinfo=video.zone)


def _window(clock: ClockRead, moment: datetime, video: Video) -> _Window:
    assert clock.start is not None
    if clock.mode == "from":
        return _Window(moment, None, end_inclusive=False)
    if clock.mode == "until":
        return _Window(None, moment, end_inclusive=True)
    if clock.mode == "around":
        slack = clock.start.slack
        return _Window(moment - slack, moment + slack, end_inclusive=True)
    if clock.mode == "range":
        assert clock.end is not None
        return _Window(moment, _range_end(clock.start, clock.end, moment, video), end_inclusive=True)
    length = timedelta(minutes=1) if clock.start.moment else clock.start.length
    return _Window(moment, moment + length, end_inclusive=False)


def _range_end(start: ClockTime, end: ClockTime, moment: datetime, video: Video) -> datetime:
    """The second hour takes the first one's half of the day if it has none."""
    inherited = end
    if end.half is None and not end.fixed and (start.half or not start.fixed):
        half: Literal["am", "pm"] = "pm" if moment.hour >= 12 else "am"
        inherited = replace(end, half=half)
    for candidate in (inherited, end):
        for day in (moment.date(), moment.date() + _DAY):
            for hour in candidate.hours():
                at = datetime.combine(day, time(hour, end.minute or 0, end.second or 0), tzinfo=video.zone)
                if moment <= at and (candidate is end or at - moment < timedelta(hours=12)):
                    return at
    return moment


def _part_windows(clock: ClockRead, days: list[date], video: Video) -> list[_Window]:
    assert clock.part is not None
    first, last = PARTS[clock.part]
    windows = []
    for day in days:
        start, end = _at_day(day, video.zone, first), _at_day(day, video.zone, last)
        if clock.mode == "parts":
            assert clock.until_part is not None
            stop = PARTS[clock.until_part][1]
            windows.append(
                _Window(
                    start, _at_day(day, video.zone, stop if stop > first else stop + 24), end_inclusive=False
                )
            )
        elif clock.part_mode == "from":
            windows.append(_Window(start, None, end_inclusive=False))
        elif clock.part_mode == "until":
            windows.append(_Window(None, end, end_inclusive=False))
        else:
            windows.append(_Window(start, end, end_inclusive=False))
    if clock.mode == "part" and clock.part_mode in ("from", "until"):
        moments = [(w.start or w.end) for w in windows]
        chosen = _chosen([m for m in moments if m], video, timedelta(hours=last - first))
        return [w for w in windows if chosen in (w.start, w.end)][:1]
    return _inside(windows, video) or windows[1:2] or windows[:1]


def _overlap(a: _Window, b: _Window) -> bool:
    return (a.start is None or b.end is None or a.start < b.end) and (
        a.end is None or b.start is None or a.end > b.start
    )


def _cut(window: _Window, by: _Window) -> _Window:
    start = max((m for m in (window.start, by.start) if m), default=None)
    if window.end is None or (by.end is not None and by.end < window.end):
        return _Window(start, by.end, by.end_inclusive)
    return _Window(start, window.end, window.end_inclusive)


def _at_day(day: date, zone: object, hour: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), tzinfo=zone)  # type: ignore[arg-type]


def _at(moment: datetime | None, zone: object, hour: int = 0) -> datetime:
    assert moment is not None
    return _at_day(moment.date(), zone, hour)


def _day_span(day: DayRead, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Local midnights: from the first day up to the one after the last; None is open."""
    now = day.counted_from.astimezone(now.tzinfo) if day.counted_from else now
    if day.name == "ago":
        then = now - timedelta(seconds=day.seconds)
        return (then, now) if day.mode == "from" else (None, then)
    first, last = _days(day, now)
    if day.mode == "range" and day.until:
        last = _days(day.until, now)[1]
        if last <= first:  # 12월 30일부터 1월 2일까지
            first = first.replace(year=first.year - 1)
    start = datetime.combine(first, time(), tzinfo=now.tzinfo)
    end = datetime.combine(last, time(), tzinfo=now.tzinfo)
    if day.mode == "from":
        return start, None
    if day.mode == "until":
        return None, end
    return start, end


def _days(day: DayRead, now: datetime) -> tuple[date, date]:
    today = now.date()
    monday = today - _DAY * today.weekday()
    first_of_month = today.replace(day=1)
    fixed = {
        "today": (today, today + _DAY),
        "tonight": (today, today + _DAY),
        "yesterday": (today - _DAY, today),
        "last_night": (today - _DAY, today),
        "day_before": (today - 2 * _DAY, today - _DAY),
        "this_week": (monday, monday + 7 * _DAY),
        "last_week": (monday - 7 * _DAY, monday),
        "this_month": (first_of_month, (first_of_month + 32 * _DAY).replace(day=1)),
        "last_month": ((first_of_month - _DAY).replace(day=1), first_of_month),
        "tomorrow": (today + _DAY, today + 2 * _DAY),
    }
    if day.name in fixed:
        return fixed[day.name]
    if day.name == "weekday":
        found = today - _DAY * ((today.weekday() - day.number) % 7)
        return found, found + _DAY
    if day.name == "weekday_past":  # last Friday, said on a Friday, is a week ago
        found = today - _DAY * ((today.weekday() - day.number - 1) % 7 + 1)
        return found, found + _DAY
    if day.name in ("weekday_last_week", "weekday_this_week"):
        found = fixed[day.name.removeprefix("weekday_")][0] + _DAY * day.number
        return found, found + _DAY
    if day.name == "days_ago":
        found = today - _DAY * day.number
        return found, found + _DAY
    if day.name == "month":
        year = day.year or (today.year if day.month <= today.month else today.year - 1)
        start = date(year, day.month, 1)
        return start, (start + 32 * _DAY).replace(day=1)
    year = day.year or today.year
    found = _valid_date(year, day)
    if day.year is None and found > today:
        found = _valid_date(year - 1, day)
    return found, found + _DAY


def _valid_date(year: int, day: DayRead) -> date:
    for back in range(9):  # 29 February without a year: the last one there was
        try:
            return date(year - back, day.month, day.day)
        except ValueError:
            if not (day.month == 2 and day.day == 29 and day.year is None):
                break
    raise ImpossibleDateError(day.said)


class ImpossibleDateError(ValueError):
    """31 April."""
