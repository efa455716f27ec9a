from collections.abc import Sequence
from datetime import date, datetime, timedelta

from apps.api.phrase.rich import Rich, join
from apps.api.phrase.voices.base import Voice
from semantics import VOCABULARY

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_GENDERS = {
    "male": ("man", "men"),
    "female": ("woman", "women"),
    "unknown": ("person", "people of unknown gender"),
}


def article(text: str) -> str:
    """ "an 18-year-old", "an entry", "a theft": by sound, as far as the words of this product need it."""
    head = text.lstrip("“‘\"'").lower()
    number = head.split("-")[0].split(" ")[0]
    if number.isdigit():
        return "an" if number.startswith("8") or number in ("11", "18") else "a"
    return "an" if head[:1] in "aeiou" and not head.startswith(("one", "uni", "use", "eu")) else "a"


class English(Voice):
    code = "en"

    def inflect(self, value: Rich, spec: str) -> Rich:
        if spec == "a":
            return Rich(f"{article(value.text)} ") + value
        if spec == "cap":
            return Rich(value.text[:1].upper() + value.text[1:], value.marks)
        if "/" in spec:  # "{count:event/events}": the number and the noun that fits it
            one, several = spec.split("/")
            return value + " " + (one if value.text == "1" else several)
        raise ValueError(f"English knows no {spec!r}")

    def offset(self, seconds: float) -> str:
        hours, minutes, rest = self.split(seconds)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

    def clock(self, at: datetime) -> str:
        shown = f"{at.hour % 12 or 12}"
        if at.minute or at.second:
            shown += f":{at.minute:02}"
        if at.second:
            shown += f":{at.second:02}"
        return f"{shown} {'am' if at.hour < 12 else 'pm'}"

    def day(self, day: date, today: date) -> str:
        if day == today:
            return "today"
        if day == today - timedelta(days=1):
            return "yesterday"
        return f"{_MONTHS[day.month - 1]} {day.day}" + (f", {day.year}" if day.year != today.year else "")

    def length(self, seconds: float) -> str:
        if seconds < 60 and round(seconds, 1) != int(round(seconds, 1)):
            return f"{round(seconds, 1):g} seconds"
        hours, minutes, rest = self.split(round(seconds))
        named = [(hours, "hour"), (minutes, "minute"), (rest, "second")]
        said = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in named if n]
        return " ".join(said) or "0 seconds"

    def age(self, years: float) -> str:
        return self.number(years)

    def person(self, age: int | None, gender: str) -> str:
        known = gender in ("male", "female")
        noun = _GENDERS[gender][0] if known else "person"
        if age is None:
            return f"a {noun}" if known else ""
        described = f"{age}-year-old {noun}"
        return f"{article(described)} {described}"

    def gender(self, code: str, *, several: bool = False) -> str:
        return _GENDERS[code][several] if code in _GENDERS else code

    def event(self, code: str, *, several: bool = False) -> str:
        return VOCABULARY.event_type(code).noun_en[several]

    def kind(self, code: str, *, several: bool = False) -> str:
        return self.event(code, several=several)

    def decade(self, years: int) -> str:
        return f"{years}s" if years >= 10 else "under 10"

    def hour(self, hour: int) -> str:
        return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"

    def minute(self, minute: int) -> str:
        return f"minute {minute}"

    def ordinal(self, n: int) -> str:
        if n <= 10:
            return _ORDINALS[n - 1]
        ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
        return f"{n}{ending}"

    def quote(self, text: str) -> str:
        return f"“{text}”"

    def all_of(self, parts: Sequence[Rich | str]) -> Rich:
        return self._listed(parts, "and")

    def any_of(self, parts: Sequence[Rich | str]) -> Rich:
        return self._listed(parts, "or")

    def _listed(self, parts: Sequence[Rich | str], word: str) -> Rich:
        if len(parts) < 2:
            return join("", parts)
        return join(", ", parts[:-1]) + f" {word} " + parts[-1]

    def tally(self, code: str, n: int) -> str:
        return f"{n:,} {self.event(code, several=n != 1)}"
