"""Numbers, percentages, ages and names in prose, Korean and English."""

import re
from collections.abc import Callable

from apps.api.verify.numerals import (
    DIGITS,
    ENGLISH,
    NATIVE,
    SINO,
    digits,
    english,
    native,
    number,
    places,
    sino,
)
from apps.api.verify.reading import Unit
from apps.api.verify.times import Fields, Match, Recogniser, compiled, sign

_OF_VEHICLES = re.compile(r"차[가-힣]*\s*(?:모두\s*|총\s*)?$")
Read = Callable[[Match], Fields | None]

_EVENT_UNITS = r"건|번(?!\s*째|호)|회(?![가-힣])|차례"
_PERSON_UNITS = r"명|사람|인(?=[\s,.)이은의가을만]|$)"
_OTHER_UNITS = (
    r"개(?!월)|곳|군데|가지|종류|종|층|호(?![가-힣])|편|장(?![가-힣])|권|병|잔|쌍|팀|쪽"
    r"|달|주(?=\s|간)|년|개월|일(?=간|\s*동안)"
)
_DECADES = {
    f"{word}s": 10 * n
    for n, word in enumerate(
        ["twentie", "thirtie", "fortie", "fiftie", "sixtie", "seventie", "eightie", "ninetie"], 2
    )
}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
_PART = {
    "early": (0, 3),
    "초반": (0, 3),
    "mid": (4, 6),
    "middle": (4, 6),
    "중반": (4, 6),
    "late": (7, 9),
    "후반": (7, 9),
}
_EN_EVENTS = (
    r"times|events?|incidents?|cases?|records?|occurrences?"
    r"|thefts?|robberies|assaults?|fights?|falls?|intrusions?"
)
_EN_PERSONS = (
    r"people|persons?(?!\s+detect)|men|women|males?|females?|children"
    r"|customers?|visitors?|suspects?|individuals"
)
_EN_VEHICLES = r"(?:vehicles?|cars?|trucks?)(?!\s+(?:entr|exit))"


def _grain(text: str) -> float:
    return 10.0 ** -places(text)


def _percent(m: Match) -> Fields | None:
    value = number(m[1])
    return None if value is None else {"kind": "percent", "value": value, "grain": _grain(m[1])}


def _fraction(m: Match) -> Fields | None:
    whole, part = number(m[1]), number(m[2])
    return {"kind": "percent", "value": 100 * part / whole, "grain": 1.0} if whole and part else None


def _decade(m: Match) -> Fields | None:
    word = m["decade"].lower()
    start = _DECADES.get(word) or number(word.rstrip("s")) or 0
    low, high = _PART.get((m["part"] or "").lower().rstrip("-"), (0, 9))
    if start % 10 or not 10 <= start <= 90:
        return None
    if _OF_VEHICLES.search(m.string[max(0, m.start() - 16) : m.start()]):
        return None  # "차량은 모두 10대": ten of them
    return {"kind": "age", "value": (int(start) + low, int(start) + high)}


def _age(m: Match) -> Fields | None:
    value = number(m[1])
    return None if value is None else {"kind": "age", "value": (value, value), "grain": _grain(m[1])}


def _count(unit: Unit) -> Read:
    def read(m: Match) -> Fields | None:
        value = number(m[1])
        return (
            None if value is None else {"kind": "number", "value": value, "grain": _grain(m[1]), "unit": unit}
        )

    return read


def _of_words(read: Callable[[str], int | None], unit: Unit) -> Read:
    def fields(m: Match) -> Fields | None:
        value = read(m[1])
        return None if value is None else {"kind": "number", "value": float(value), "unit": unit}

    return fields


def _ordinal(m: Match) -> Fields | None:
    said = m[1].lower()
    value = _ORDINALS.get(said) or (1 if said == "첫" else number(re.sub(r"(st|nd|rd|th)$", "", said)))
    return None if value is None else {"kind": "number", "value": float(value), "unit": "ordinal"}


def _constant(value: float, unit: Unit) -> Read:
    return lambda m: {"kind": "number", "value": value, "unit": unit}


_KO_WORD = rf"(?<![가-힣])({NATIVE})\s*"
_KO_SINO = r"(?<![가-힣])([이삼사오육칠팔구]?[십백천][일이삼사오육칠팔구십백천]*|[삼오육칠팔구])\s?"
_EN_WORD = rf"\b({ENGLISH})\b"

PERCENTS: tuple[Recogniser, ...] = (
    Recogniser(
        compiled(
            rf"({DIGITS}|(?<![가-힣]){SINO}|\b{ENGLISH})\s*(?:%|퍼센트|프로(?![그젝])|percent\b|per\s+cent\b)"
        ),
        _percent,
        sign("%퍼프p"),
    ),
    Recogniser(compiled(rf"({DIGITS}|(?<![가-힣]){SINO})\s*분의\s*({DIGITS}|{SINO})"), _fraction, sign("분")),
    Recogniser(
        compiled(r"절반(?!\s*(?:부|지점))|\bhalf\s+of\b"),
        lambda m: {"kind": "percent", "value": 50.0, "grain": 1.0},
        sign("절f"),
    ),
    Recogniser(
        compiled(r"\b(?:a|one)[\s-]third\s+of\b"),
        lambda m: {"kind": "percent", "value": 100 / 3, "grain": 1.0},
        sign("f"),
    ),
    Recogniser(
        compiled(r"\b(?:a|one)\s+quarter\s+of\b"),
        lambda m: {"kind": "percent", "value": 25.0, "grain": 1.0},
        sign("q"),
    ),
)

AGES: tuple[Recogniser, ...] = (
    Recogniser(compiled(rf"({DIGITS})\s*(?:세(?![기트])|살)"), _age, sign("세살")),
    Recogniser(
        compiled(rf"(?<![가-힣])({NATIVE})\s*살|(?<![가-힣])({SINO})\s*세(?![가-힣])"),
        lambda m: _age_words(m),
        sign("세살"),
    ),
    Recogniser(
        compiled(r"(?<!\d)(?P<decade>[1-9]0)대(?!\s*[의가]?\s*차)(?:\s*(?P<part>초반|중반|후반))?"),
        _decade,
        sign("대"),
    ),
    Recogniser(
        compiled(r"(?<![가-힣])(?P<decade>[이삼사오육칠팔구]?십)대(?:\s*(?P<part>초반|중반|후반))?"),
        lambda m: _decade_sino(m),
        sign("대"),
    ),
    Recogniser(
        compiled(rf"\baged?\s+(?P<low>{DIGITS})\s*(?:to|and|–|-)\s*(?P<high>{DIGITS})\b"),
        lambda m: {"kind": "age", "value": (digits(m["low"]), digits(m["high"])), "unit": "range"},
        sign("g"),
    ),
    Recogniser(compiled(rf"\b({DIGITS}|{ENGLISH})[\s-]+years?[\s-]+(?:old|of\s+age)"), _age, sign("y")),
    Recogniser(
        compiled(rf"\b(?:aged?|age,|age\s+of|age\s+is|age\s+was|ages?)\s+(?:about\s+|around\s+)?({DIGITS})"),
        _age,
        sign("g"),
    ),
    Recogniser(
        compiled(rf"""\b(?:(?P<part>early|mid|middle|late)[\s-]+)?(?P<decade>{"|".join(_DECADES)}
            |(?:(?<=\bin\ )|(?<=\bhis\ )|(?<=\bher\ )|(?<=\btheir\ )|(?<=\bthe\ )
              |(?<=early\ )|(?<=mid\ )|(?<=mid-)|(?<=late\ ))[1-9]0s)\b"""),
        _decade,
        sign("s"),
    ),
    Recogniser(
        compiled(r"\b(?:teens|teenagers?)\b"), lambda m: {"kind": "age", "value": (13, 19)}, sign("t")
    ),
)


def _age_words(m: Match) -> Fields | None:
    value = native(m[1]) if m[1] else sino(m[2])
    return None if value is None else {"kind": "age", "value": (float(value), float(value))}


def _decade_sino(m: Match) -> Fields | None:
    start = sino(m["decade"]) or 0
    low, high = _PART.get(m["part"] or "", (0, 9))
    return {"kind": "age", "value": (start + low, start + high)}


NUMBERS: tuple[Recogniser, ...] = (
    Recogniser(compiled(r"(?<![가-힣])(첫)\s*번\s*째"), _ordinal, sign("째")),
    Recogniser(compiled(rf"(?<![가-힣])({NATIVE}|{DIGITS}|{SINO})\s*번\s*째"), _ordinal, sign("째")),
    Recogniser(compiled(rf"(?<![가-힣\d])({NATIVE}|{DIGITS}|{SINO})\s*째(?![가-힣])"), _ordinal, sign("째")),
    Recogniser(compiled(r"(?<![\w.])(\d+(?:st|nd|rd|th))\b"), _ordinal, sign("tnr")),
    Recogniser(
        compiled(rf"\b({'|'.join(_ORDINALS)})\b(?!\s+(?:later|or|and a|hand|half))"), _ordinal, sign("tn")
    ),
    Recogniser(compiled(rf"({DIGITS})\s*배(?!\s*(?:회|송|달))"), _count("factor"), sign("배")),
    Recogniser(compiled(rf"{_KO_WORD}배(?![가-힣])"), _of_words(native, "factor"), sign("배")),
    Recogniser(compiled(rf"({DIGITS}|\b{ENGLISH})\s+times\s+(?:as|more)"), _count("factor"), sign("m")),
    Recogniser(compiled(r"\btwice\s+as\b"), _constant(2.0, "factor"), sign("w")),
    Recogniser(compiled(r"\btwice\b"), _constant(2.0, "events"), sign("w")),
    Recogniser(compiled(rf"({DIGITS})\s*여?\s*(?:{_EVENT_UNITS})"), _count("events"), sign("건번회차")),
    Recogniser(compiled(rf"{_KO_WORD}(?:{_EVENT_UNITS})"), _of_words(native, "events"), sign("건번회차")),
    Recogniser(compiled(rf"{_KO_SINO}(?:건|회(?![가-힣]))"), _of_words(sino, "events"), sign("건회")),
    Recogniser(compiled(rf"({DIGITS})\s*여?\s*(?:{_PERSON_UNITS})"), _count("persons"), sign("명사인")),
    Recogniser(
        compiled(rf"{_KO_WORD}(?:{_PERSON_UNITS}|분(?![가-힣]*류))"),
        _of_words(native, "persons"),
        sign("명사인분"),
    ),
    Recogniser(compiled(rf"{_KO_SINO}명"), _of_words(sino, "persons"), sign("명")),
    Recogniser(compiled(rf"({DIGITS})\s*대(?![가-힣]*략)"), _count("vehicles"), sign("대")),
    Recogniser(
        compiled(rf"{_KO_WORD}대(?=[\s가의를는도만,.입]|$)"), _of_words(native, "vehicles"), sign("대")
    ),
    Recogniser(
        compiled(rf"({DIGITS})\s*(?:{_OTHER_UNITS})"),
        _count("plain"),
        sign("개곳군가종층호편장권병잔쌍팀쪽달주년일"),
    ),
    Recogniser(
        compiled(rf"{_KO_WORD}(?:개(?!월)|곳|군데|가지|종류|권|병|장(?![가-힣])|팀|쌍)"),
        _of_words(native, "plain"),
        sign("개곳군가종권병장팀쌍"),
    ),
    Recogniser(
        compiled(r"(?<![가-힣])(둘|셋|넷|다섯|여섯|일곱)(?:\s*(?:다|모두|뿐|중))(?![가-힣])"),
        _of_words(native, "plain"),
        sign("둘셋넷다여일"),
    ),
    Recogniser(
        compiled(rf"({DIGITS}|\b{ENGLISH})\s+(?:\w+\s+)?(?:{_EN_EVENTS})\b"), _count("events"), sign("etl")
    ),
    Recogniser(
        compiled(rf"({DIGITS}|\b{ENGLISH})\s+(?:\w+\s+)?(?:{_EN_PERSONS})\b"), _count("persons"), sign("ei")
    ),
    Recogniser(
        compiled(rf"({DIGITS}|\b{ENGLISH})\s+(?:\w+\s+)?(?:{_EN_VEHICLES})\b"),
        _count("vehicles"),
        sign("eau"),
    ),
    Recogniser(compiled(r"\ba\s+dozen\b"), _constant(12.0, "plain"), sign("z")),
    Recogniser(
        compiled(_EN_WORD),
        lambda m: {"kind": "number", "value": float(english(m[1]) or 0), "unit": "plain"},
        sign("eoi"),
    ),
)

NAMES: tuple[Recogniser, ...] = (
    Recogniser(
        compiled(r"(?<![A-Za-z0-9])[A-Za-z]{1,12}[-_]?\d[A-Za-z0-9_-]*"),
        lambda m: {"kind": "name", "value": m[0]},
    ),
)

BARE: tuple[Recogniser, ...] = (
    Recogniser(
        compiled(rf"(?<![\d.,])-?({DIGITS})"),
        lambda m: {"kind": "number", "value": digits(m[1]), "grain": _grain(m[1]), "unit": "plain"},
    ),
)
