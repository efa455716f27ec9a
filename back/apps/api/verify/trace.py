"""Whether a saying can be traced to a fact, allowing the rounding that people do and nothing looser.

said exactly     a moment: the unit it falls in (12:30.9 is 12:30; "12분" is its whole minute), or half a
                 unit early; a figure: rounded at the last place said; a length: one unit of at least ten
said with about  a moment: a minute either side (seconds: ten); a figure: a tenth of it; an age: two years
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise

from apps.api.types import EventRow
from apps.api.verify.counts import count_fits
from apps.api.verify.facts import Facts
from apps.api.verify.reading import Saying
from apps.api.verify.times import day_of
from apps.api.verify.words import WORDS

DAY = 86_400.0
_LATER = re.compile(WORDS["around"]["later"], re.IGNORECASE)
_ANALYSED_AFTER = re.compile(WORDS["around"]["analysed_after"])
_ANALYSED_BEFORE = re.compile(WORDS["around"]["analysed_before"] + r"\s*$", re.IGNORECASE)
_ENDS_AFTER = re.compile(WORDS["around"]["ends_after"])
_ENDS_BEFORE = re.compile(WORDS["around"]["ends_before"] + r"\s*$", re.IGNORECASE)
_OF_CONFIDENCE = re.compile(r"(?i)신뢰도|확신|확률|정확도|확실|confiden|certain|\bsure\b")
_OF_VIDEO = re.compile(WORDS["around"]["of_video"])


def traced(
    saying: Saying, facts: Facts, near: Sequence[EventRow], text: str, sayings: Sequence[Saying]
) -> bool:
    """`near`: the events whose moments stand beside it; where there are none, every event of the evidence."""
    if saying.kind == "moment":
        return moment_fits(saying, facts, near, text)
    if saying.kind == "clock":
        return clock_fits(saying, facts, near, text)
    if saying.kind == "date":
        return date_fits(saying, facts, near)
    if saying.kind == "percent":
        return percent_fits(saying, facts, near, text)
    if saying.kind == "age":
        return age_fits(saying, facts, near)
    if saying.kind == "name":
        return name_fits(saying, facts)
    return count_fits(saying, facts, near, text, sayings)


# --- moments and lengths -----------------------------------------------------------------------------


def in_unit(fact: float, said: float, grain: float, *, about: bool, exact: bool = False) -> bool:
    """A moment falls into the unit that was said."""
    if about and abs(fact - said) <= (60.0 if grain >= 60 else 10.0):
        return True
    if exact:
        return abs(fact - said) < 1.0
    early = min(grain / 2, 0.5)
    return -early - 1e-6 <= fact - said < grain - 1e-6


def is_length(fact: float, said: float, grain: float, *, about: bool) -> bool:
    if about and abs(fact - said) <= max(grain / 2, 0.1 * said):
        return True
    rounded = grain / 2 if grain <= 1 or said >= 10 * grain else 0.5
    return abs(fact - said) <= rounded + 1e-6


def events_at(saying: Saying, events: Iterable[EventRow], *, exact: bool = False) -> list[EventRow]:
    """The events that start or end at the moment said."""
    if saying.kind != "moment" or saying.role == "duration":
        return []
    return [
        event
        for event in events
        if any(
            at is not None and in_unit(at, saying.value, saying.grain, about=saying.about, exact=exact)
            for at in (event.timestamp, None if saying.role == "told" else event.end_timestamp)
        )
    ]


def moment_fits(saying: Saying, facts: Facts, near: Sequence[EventRow], text: str) -> bool:
    said, grain, about = saying.value, saying.grain, saying.about
    if lengths := _how_far(saying, facts, text):
        return any(
            in_unit(n, said, grain, about=about) or is_length(n, said, grain, about=about) for n in lengths
        )
    exact = saying.bound and bool(facts.span_ends)  # one end of a span that is known
    if saying.role != "duration" and events_at(saying, facts.evidence.events, exact=exact):
        return True
    if saying.role == "told":
        return any(
            in_unit(n, said, grain, about=about) or grain == 60 == said / n for n in facts.numbers if n > 0
        )
    if saying.role != "duration" and _clock_alike(saying, facts):
        return True
    if saying.role != "moment" and _length_fits(saying, facts, near, text):
        return True
    cells = (
        facts.numbers
        if not facts.rows
        else tuple(n for label, _ in facts.rows if (n := _plain(label)) is not None)
    )
    if (facts.rows or not saying.bound) and any(
        in_unit(n, said, grain, about=about) or is_length(n, said, grain, about=about) for n in cells
    ):
        return True
    by_minute = facts.rows or any("min" in name.lower() for name in facts.result.columns)
    if (
        grain == 60 and by_minute and any(abs(n * 60 - said) < 1e-6 for n in cells)
    ):  # a minute as such: group by minute
        return True
    limits = facts.lengths_of_videos if _speaks_of_video(saying, text) else ()
    if any(is_length(n, said, grain, about=about) or in_unit(n, said, grain, about=about) for n in limits):
        return True
    if saying.bound or facts.empty:
        ends = (*facts.span_ends, *_asked(facts, "moment"))
        if any(abs(end - said) < max(1.0, 10.0 if about else 0.0) for end in ends):
            return True
        by_clock = (*facts.clock_ends, *facts.video_clocks) if saying.text.count(":") == 1 else ()
        return any(at.hour * 60 + at.minute == said for at in by_clock)  # 14:00–15:00
    return _told(saying, facts)


def _how_far(saying: Saying, facts: Facts, text: str) -> list[float]:
    """ "25분까지 분석됨", "ends after 20 minutes": of the recording, whatever events there are."""
    before = text[max(0, saying.start - 60) : saying.start]
    if _ANALYSED_AFTER.match(text, saying.end) or _ANALYSED_BEFORE.search(before):
        return [video.analyzed_until for video in facts.videos]
    if _ENDS_AFTER.match(text, saying.end) or _ENDS_BEFORE.search(before):
        return [video.duration for video in facts.videos if video.duration is not None]
    return []


def _speaks_of_video(saying: Saying, text: str) -> bool:
    return bool(_OF_VIDEO.search(text[max(0, saying.start - 40) : saying.end + 40].lower()))


def _length_fits(saying: Saying, facts: Facts, near: Sequence[EventRow], text: str) -> bool:
    said, grain, about = saying.value, saying.grain, saying.about
    lengths = [event.length for event in near if event.length is not None]
    if any(is_length(length, said, grain, about=about) for length in lengths):
        return True
    spans = [high - low for low, high in facts.searched.spans if low is not None and high is not None]
    if any(is_length(length, said, grain, about=about) for length in (*spans, *_asked(facts, "moment"))):
        return True
    if not _LATER.match(text, saying.end):
        return False
    # "20초 뒤", "20 seconds later": from one event of the evidence to the next
    starts = sorted(event.timestamp for event in facts.evidence.events)
    return any(is_length(b - a, said, grain, about=about) for a, b in pairwise(starts) if b > a)


def _clock_alike(saying: Saying, facts: Facts) -> bool:
    """14:12 may be the time of day, and 14:12:30 too."""
    if ":" not in saying.text:
        return False
    unit = 1.0 if saying.text.count(":") == 2 else 60.0
    seconds = saying.value if unit == 1.0 else saying.value * 60
    days = [at for event in facts.evidence.events for at in facts.clocks_of(event)]
    return any(
        in_unit(of_day(at), seconds, unit, about=saying.about) for at in (*days, *facts.moments_in_cells)
    )


def _asked(facts: Facts, kind: str) -> list[float]:
    return [saying.value for saying in facts.asked if saying.kind == kind]


def _told(saying: Saying, facts: Facts) -> bool:
    """A stored text says the very same."""
    return any(
        told.kind == saying.kind and told.value == saying.value and told.unit == saying.unit
        for told in facts.told_in_stored_text
    )


def _plain(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None


# --- the wall clock ----------------------------------------------------------------------------------


def of_day(at: datetime) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


def clock_fits(saying: Saying, facts: Facts, near: Sequence[EventRow], text: str) -> bool:
    end_of_span = saying.bound and bool(facts.clock_ends)

    def fits(moments: Iterable[datetime], *, exact: bool = end_of_span) -> bool:
        return any(
            _same_clock(of_day(at), said, saying, exact=exact) for at in moments for said in saying.value
        )

    if fits(at for event in near for at in facts.clocks_of(event)) or fits(facts.moments_in_cells):
        return True
    hours = {said // 3600 % 24 for said in saying.value if said % 3600 == 0}
    labels = [label for label, _ in facts.rows] or list(facts.numbers)
    if hours & {n for label in labels if (n := _plain(label)) is not None}:  # group by hour
        return True
    if saying.bound or facts.empty:
        asked = {second % DAY for told in facts.asked if told.kind == "clock" for second in told.value}
        ends = [*facts.clock_ends]
        if not ends or _speaks_of_video(saying, text):
            ends += facts.video_clocks
        if asked & {second % DAY for second in saying.value} or fits(ends, exact=True):
            return True
    return _told(saying, facts)


def _same_clock(fact: float, said: float, saying: Saying, *, exact: bool) -> bool:
    away = min(abs(fact - said), DAY - abs(fact - said))
    if saying.about and away <= (1800.0 if saying.grain >= 3600 else 60.0):
        return True
    return in_unit(fact, said % DAY, saying.grain, about=False, exact=exact)


def date_fits(saying: Saying, facts: Facts, near: Sequence[EventRow]) -> bool:
    value = saying.value
    beside = near is not facts.evidence.events and not saying.bound
    dates = frozenset(at.date() for event in near for at in facts.clocks_of(event)) if beside else facts.dates
    if any(told.kind == "date" and told.value == value for told in facts.asked):
        return True
    if value[0] == "weekday":
        return any(day.weekday() == value[1] for day in dates)
    if (day := day_of(value, facts.today)) is not None:
        return day in dates or _night_of(saying, day, dates)
    year, month, number = value
    return any(
        year in (None, day.year) and month in (None, day.month) and number in (None, day.day) for day in dates
    )


def _night_of(saying: Saying, day: date, dates: frozenset[date]) -> bool:
    """Last night ends in today's morning."""
    night = saying.text.lower() in ("어젯밤", "last night")
    return night and date.fromordinal(day.toordinal() + 1) in dates


# --- figures -----------------------------------------------------------------------------------------


def rounds_to(fact: float, said: float, grain: float, *, about: bool = False) -> bool:
    if about and abs(fact - said) <= max(0.1 * abs(said), grain / 2):
        return True
    slack = grain / 2 if fact != int(fact) else 0.0
    return abs(fact - said) <= slack + 1e-9


def percent_fits(saying: Saying, facts: Facts, near: Sequence[EventRow], text: str) -> bool:
    limits = [figure for figure in facts.searched.figures if 0 < figure <= 1]
    if saying.bound and limits:
        return any(rounds_to(100 * limit, saying.value, saying.grain) for limit in limits)
    shares = [100 * event.confidence for event in near] if _OF_CONFIDENCE.search(text) else []
    shares += facts.numbers
    shares += [100 * n for n in facts.numbers if 0 <= n <= 1]
    total = sum(n for _, n in facts.rows)
    shares += [100 * n / total for _, n in facts.rows] if total > 0 else []
    shares += [said for told in facts.asked if told.kind == "percent" for said in (told.value,)]
    shares += [100 * limit for limit in limits]
    if any(rounds_to(round(share, 9), saying.value, saying.grain, about=saying.about) for share in shares):
        return True
    return _told(saying, facts)


def age_fits(saying: Saying, facts: Facts, near: Sequence[EventRow]) -> bool:
    low, high = saying.value
    if low != high and any(n == low for n in facts.numbers):  # 30대, of a grouping by decade
        return True
    if low == high and any(rounds_to(n, low, saying.grain, about=saying.about) for n in facts.numbers):
        return True
    limits = facts.searched.ages
    if (low, high) in limits or (saying.bound and any(low == high and low in limit for limit in limits)):
        return True
    if limits and (saying.bound or saying.unit == "range"):
        return False
    ages = [event.age for event in near if event.age is not None]
    slack = 2 if saying.about else 0
    if any(low - slack <= age <= high + slack for age in ages):
        return True
    if ages and near is not facts.evidence.events and low == high and not saying.bound:
        return _told(saying, facts)  # its own line says whose age it is
    asked = [bound for told in facts.asked if told.kind == "age" for bound in told.value]
    echoed = low in asked and high in asked and (saying.bound or facts.empty or low != high)
    return echoed or _told(saying, facts)


def name_fits(saying: Saying, facts: Facts) -> bool:
    return saying.value.lower() in facts.stored
