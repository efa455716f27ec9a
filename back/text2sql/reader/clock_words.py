"""A time of the wall clock as it is said: an hour that may be one of two, a part of the day."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

_HALF_HOUR = timedelta(minutes=30)
# First and last hour of each part of the day, half-open; past 24 is the next day.
PARTS = {
    "dawn": (0, 6),
    "morning_ko": (6, 9),
    "am": (0, 12),
    "morning_en": (6, 12),
    "lunch": (12, 14),
    "pm": (12, 18),
    "afternoon": (12, 18),
    "evening": (18, 21),
    "night": (18, 30),
}
_MAKES_AM = {"dawn", "morning_ko", "am", "morning_en"}
_MAKES_PM = {"pm", "afternoon", "evening", "lunch"}


@dataclass(frozen=True, slots=True)
class ClockTime:
    hour: int
    minute: int | None
    second: int | None = None
    half: Literal["am", "pm"] | None = None
    part: str | None = None
    fixed: bool = False  # midnight, noon, 24-hour: nothing to choose
    moment: bool = False

    def in_half(self, half: str) -> "ClockTime":
        return replace(self, half="am" if half == "am" else "pm")

    def in_part(self, part: str) -> "ClockTime":
        if part == "night":  # 밤 11시 is 23:00, 밤 12시 midnight, 밤 2시 02:00
            if self.hour == 12:
                return replace(self, hour=0, fixed=True, part=part)
            return replace(self, half="am" if self.hour < 6 else "pm", part=part)
        if part == "daytime":
            return replace(self, half="am" if self.hour in (10, 11) else "pm", part=part)
        if part == "lunch" and self.hour < 11:
            return replace(self, half="pm", part=part)
        return replace(self, half="am" if part in _MAKES_AM else "pm", part=part)

    def hours(self) -> tuple[int, ...]:
        """The hours of the day that may be meant."""
        if self.fixed or self.hour == 0 or self.hour > 12:
            return (self.hour % 24,)
        if self.half == "am":
            return (self.hour % 12,)
        if self.half == "pm":
            return (self.hour % 12 + 12,)
        return (self.hour % 12, self.hour % 12 + 12)

    @property
    def length(self) -> timedelta:
        if self.second is not None:
            return timedelta(seconds=1)
        return timedelta(hours=1) if self.minute is None else timedelta(minutes=1)

    @property
    def slack(self) -> timedelta:
        """Either side of "around"."""
        if self.moment or self.minute is None:
            return _HALF_HOUR
        return timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ClockRead:
    mode: Literal["at", "around", "from", "until", "range", "part", "parts"]
    start: ClockTime | None = None
    end: ClockTime | None = None
    part: str | None = None
    until_part: str | None = None
    part_mode: Literal["at", "around", "from", "until", "range"] = "at"
    said: str = ""
