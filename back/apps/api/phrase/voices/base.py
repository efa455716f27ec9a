import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime

from apps.api.phrase.rich import Rich


class Voice(ABC):
    """What a language does to values. Sentences are not here but in sentences/<language>.toml."""

    code: str

    @abstractmethod
    def inflect(self, value: Rich, spec: str) -> Rich: ...

    @abstractmethod
    def offset(self, seconds: float) -> str:
        """A moment of the video: 12분 30초, 12:30."""

    @abstractmethod
    def clock(self, at: datetime) -> str:
        """A moment of the day: 오후 2시 12분 30초, 2:12:30 pm."""

    @abstractmethod
    def day(self, day: date, today: date) -> str: ...

    @abstractmethod
    def length(self, seconds: float) -> str:
        """How long something took: 1분 52초, 1 minute 52 seconds."""

    @abstractmethod
    def age(self, years: float) -> str: ...

    @abstractmethod
    def person(self, age: int | None, gender: str) -> str:
        """20세 남성, a 20-year-old man; empty where neither is known."""

    @abstractmethod
    def gender(self, code: str, *, several: bool = False) -> str: ...

    @abstractmethod
    def event(self, code: str, *, several: bool = False) -> str:
        """The event as a noun: 도난 이벤트, theft."""

    @abstractmethod
    def kind(self, code: str, *, several: bool = False) -> str:
        """The type alone, as in a list of types: 도난, theft."""

    @abstractmethod
    def decade(self, years: int) -> str: ...

    @abstractmethod
    def hour(self, hour: int) -> str: ...

    @abstractmethod
    def minute(self, minute: int) -> str: ...

    @abstractmethod
    def ordinal(self, n: int) -> str: ...

    @abstractmethod
    def quote(self, text: str) -> str: ...

    @abstractmethod
    def all_of(self, parts: Sequence[Rich | str]) -> Rich: ...

    @abstractmethod
    def any_of(self, parts: Sequence[Rich | str]) -> Rich: ...

    @abstractmethod
    def tally(self, code: str, n: int) -> str:
        """So many of a type: 도난 3건, 3 thefts."""

    def number(self, value: float, *, places: int = 1) -> str:
        """1,234 or 26.4: never more places than asked for, none where it is whole."""
        rounded = round(float(value), places)
        if rounded == int(rounded):
            return f"{int(rounded):,}"
        return f"{rounded:,.{places}f}".rstrip("0")

    @staticmethod
    def split(seconds: float) -> tuple[int, int, int]:
        """Whole hours, minutes and seconds; a part of a second is dropped: 12:30.9 is still 12:30."""
        whole = math.floor(max(0.0, seconds) + 1e-6)
        return whole // 3600, whole % 3600 // 60, whole % 60
