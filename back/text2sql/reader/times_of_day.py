"""The wall clock over many videos: a time of day on any day, each video in its own zone."""

from datetime import timedelta

from text2sql.query import TimeOfDay
from text2sql.reader.clock_words import PARTS, ClockRead, ClockTime

_DAY = 24 * 3600


def times_of_day(clock: ClockRead) -> tuple[TimeOfDay, ...]:
    """An hour that may be one of two is either: a recording seldom holds both."""
    if clock.mode in ("part", "parts"):
        return _part(clock)
    assert clock.start is not None
    found: list[TimeOfDay] = []
    for hour in clock.start.hours():
        at = _seconds(hour, clock.start)
        if clock.mode == "from":
            found.append(TimeOfDay(from_=_said(at)))
        elif clock.mode == "until":
            found.append(TimeOfDay(to=_said(at)))
        elif clock.mode == "around":
            slack = int(clock.start.slack.total_seconds())
            found += _between(at - slack, at + slack, inclusive=True)
        elif clock.mode == "range" and clock.end is not None:
            found += _between(at, _end(at, clock.end), inclusive=True)
        else:
            length = timedelta(minutes=1) if clock.start.moment else clock.start.length
            found += _between(at, at + int(length.total_seconds()), inclusive=False)
    return tuple(found)


def _part(clock: ClockRead) -> tuple[TimeOfDay, ...]:
    assert clock.part is not None
    first, last = (3600 * hour for hour in PARTS[clock.part])
    if clock.mode == "parts" and clock.until_part:
        last = 3600 * PARTS[clock.until_part][1]
    if clock.part_mode == "from":
        return (TimeOfDay(from_=_said(first)),)
    if clock.part_mode == "until":
        return (TimeOfDay(to=_said(last % _DAY), to_inclusive=False),)
    return tuple(_between(first, last, inclusive=False))


def _seconds(hour: int, said: ClockTime) -> int:
    return 3600 * hour + 60 * (said.minute or 0) + (said.second or 0)


def _end(start: int, last: ClockTime) -> int:
    """The first of the hours that may be meant which comes after the start."""
    ends = sorted(_seconds(hour, last) for hour in last.hours())
    after = [end for end in ends if end >= start]
    return after[0] if after else ends[0] + _DAY


def _between(start: int, end: int, *, inclusive: bool) -> list[TimeOfDay]:
    """Cut at midnight where it runs over."""
    if start < 0:
        return [*_between(start + _DAY, _DAY, inclusive=False), *_between(0, end, inclusive=inclusive)]
    if end > _DAY:
        return [TimeOfDay(from_=_said(start)), *_between(0, end - _DAY, inclusive=inclusive)]
    if end == _DAY:
        return [TimeOfDay(from_=_said(start))]
    return [TimeOfDay(_said(start), _said(end), inclusive)]


def _said(seconds: int) -> str:
    seconds %= _DAY
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
