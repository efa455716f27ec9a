from collections.abc import Sequence
from datetime import date, datetime, timedelta

from apps.api.phrase.josa import particle
from apps.api.phrase.rich import Rich, join
from apps.api.phrase.voices.base import Voice
from semantics import VOCABULARY

_ORDINALS = ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
# Korean nouns have one form for one and for several.
_GENDERS = {"male": "남성", "female": "여성", "unknown": "성별 미상"}


class Korean(Voice):
    code = "ko"

    def inflect(self, value: Rich, spec: str) -> Rich:
        return value + particle(value.text, spec)

    def offset(self, seconds: float) -> str:
        hours, minutes, rest = self.split(seconds)
        parts = [f"{hours}시간"] * bool(hours) + [f"{minutes}분"] * bool(minutes)
        if rest or not parts:
            parts.append(f"{rest}초")
        return " ".join(parts)

    def clock(self, at: datetime) -> str:
        hour = at.hour if at.hour <= 12 else at.hour - 12
        parts = [f"{'오전' if at.hour < 12 else '오후'} {hour}시"]
        if at.minute or at.second:
            parts.append(f"{at.minute}분")
        if at.second:
            parts.append(f"{at.second}초")
        return " ".join(parts)

    def day(self, day: date, today: date) -> str:
        if day == today:
            return "오늘"
        if day == today - timedelta(days=1):
            return "어제"
        return (
            f"{day.month}월 {day.day}일"
            if day.year == today.year
            else f"{day.year}년 {day.month}월 {day.day}일"
        )

    def length(self, seconds: float) -> str:
        if seconds < 60 and round(seconds, 1) != int(round(seconds, 1)):
            return f"{round(seconds, 1):g}초"
        return self.offset(round(seconds))

    def age(self, years: float) -> str:
        return f"{self.number(years)}세"

    def person(self, age: int | None, gender: str) -> str:
        known = [f"{age}세"] * (age is not None) + [_GENDERS[gender]] * (gender in ("male", "female"))
        return " ".join(known)

    def gender(self, code: str, *, several: bool = False) -> str:
        return _GENDERS.get(code, code)

    def event(self, code: str, *, several: bool = False) -> str:
        return f"{self.kind(code)} 이벤트"

    def kind(self, code: str, *, several: bool = False) -> str:
        return VOCABULARY.event_type(code).words.ko[0]

    def decade(self, years: int) -> str:
        return f"{years}대" if years >= 10 else "10세 미만"

    def hour(self, hour: int) -> str:
        return f"{'오전' if hour < 12 else '오후'} {hour if hour <= 12 else hour - 12}시대"

    def minute(self, minute: int) -> str:
        return f"{minute}분대"

    def ordinal(self, n: int) -> str:
        return f"{_ORDINALS[n - 1]} 번째" if n <= 10 else f"{n}번째"

    def quote(self, text: str) -> str:
        return f"‘{text}’"

    def all_of(self, parts: Sequence[Rich | str]) -> Rich:
        if len(parts) == 2:
            first = Rich() + parts[0]
            return self.inflect(first, "과/와") + " " + parts[1]
        return join(", ", parts)

    def any_of(self, parts: Sequence[Rich | str]) -> Rich:
        if len(parts) == 2:
            first = Rich() + parts[0]
            return self.inflect(first, "이나/나") + " " + parts[1]
        return join(", ", parts)

    def tally(self, code: str, n: int) -> str:
        return f"{self.kind(code)} {n:,}건"
