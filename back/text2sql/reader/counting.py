"""How many: events, persons or vehicles, by the unit or by the noun that is counted."""

from text2sql.query import Intent
from text2sql.reader.asking import Asked, free
from text2sql.reader.draft import Draft


def counts_kinds(draft: Draft) -> bool:
    """몇 가지 유형, how many places: neither events nor persons."""
    for at in free(draft, "ask", "how_many", "events"):
        near = (at + 1, at + 2) if draft.tokens[at].text.isascii() else (at + 1,)
        if any(draft.has(i, "dim", "type", "place", "camera") for i in near) or draft.has(
            at + 1, "unit", "events"
        ):
            text = draft.tokens[at + 1].text if at + 1 < len(draft) else ""
            if text not in ("번", "건", "회", "차례", "개", "times"):
                return True
    return False


def counted(draft: Draft) -> str:
    counted = count(draft)
    return counted.counted if counted else "events"


_PERSON_NOUNS = ("person", "personish", "gender", "age")


def count(draft: Draft) -> Asked | None:
    if any(not _somebody_is(draft, at) for at in free(draft, "ask", "persons")):
        return Asked(Intent.COUNT_PERSONS, asks="count", counted="persons")
    if free(draft, "ask", "vehicles"):
        return Asked(Intent.COUNT_VEHICLES, asks="count", counted="vehicles")
    if free(draft, "ask", "events"):
        if draft.has(free(draft, "ask", "events")[0] + 1, "unit", "nth"):
            return None
        return Asked(Intent.COUNT_EVENTS, asks="count")
    for at in range(len(draft) - 1):
        if draft.tokens[at].text.lower() == "total" and any(
            draft.ever(at + 1, kind) for kind in ("type", "group", "person", "personish", "gender")
        ):
            return _count_of(draft, at)
    for at in free(draft, "ask", "how_many"):
        word = draft.tokens[at].text.lower()
        if word in ("how much", "수", "총", "숫자", "몇") and not _counts(draft, at, word):
            continue
        return _count_of(draft, at)
    return None


def _somebody_is(draft: Draft, at: int) -> bool:
    """무단 투기한 인원 있습니까, 침입한 인원 보여줘: people, not their number."""
    if draft.tokens[at].text != "인원":
        return False
    shown = draft.ever(at + 1, "ask", "list") and draft.tokens[at + 1].text.startswith(_SHOWN)
    return shown or draft.ever(at + 1, "func", "exist") or draft.ever(at + 1, "ask", "whether")


_SHOWN = ("보", "찾", "뽑", "목록", "추려")


def _counts(draft: Draft, at: int, word: str) -> bool:
    if word == "how much":
        return False
    if word == "수":
        somebody = any(draft.ever(at - 1, kind) for kind in ("person", "personish"))
        return (bool(draft.facts) or somebody) and not draft.ever(at + 1, "func", "exist")
    if word == "몇":
        return not draft.ever(at + 1, "unit", "minute", "second", "clock") and not draft.ever(at + 1, "dim")
    return word == "숫자"


_OF_THEM = ("of them", "among them")


def _count_of(draft: Draft, at: int) -> Asked:
    english = draft.tokens[at].text.isascii()
    if any(token.text.lower() in _OF_THEM for token in draft.tokens[at + 1 : at + 3]) and draft.of(
        "gender", "age"
    ):
        return Asked(Intent.COUNT_PERSONS, asks="count", counted="persons")
    head = _head_noun(draft, at) if english else _korean_head(draft, at)
    if head == "person":
        return Asked(Intent.COUNT_PERSONS, asks="count", counted="persons")
    if head == "vehicle":
        return Asked(Intent.COUNT_VEHICLES, asks="count", counted="vehicles")
    return Asked(Intent.COUNT_EVENTS, asks="count")


_AGENTS = (
    "thief",
    "thieves",
    "robber",
    "shoplifter",
    "attacker",
    "assailant",
    "trespasser",
    "intruder",
    "loiterer",
    "smoker",
    "drunk",
    "drunks",
    "drunkard",
    "vandal",
    "kidnapper",
    "abductor",
    "arsonist",
    "mugger",
    "burglar",
    "pickpocket",
)


_DID = ("fell", "stole", "fought", "left", "paid", "bought", "came in", "went out", "got in", "got out")


def _somebody_did(draft: Draft, at: int) -> bool:
    """how many fell, how many were smoking: the verb follows at once, so people are counted."""
    verb = at + (draft.ever(at, "func", "exist") and draft.tokens[at].text.lower() in ("were", "was", "are"))
    if not draft.ever(verb, "type") or draft.ever(verb, "type", "vehicle_enter", "vehicle_exit"):
        return False
    word = draft.tokens[verb].text.lower()
    if verb > at:
        return (word.endswith("ing") and verb == len(draft) - 1) or word == "drunk"
    return word.endswith("ed") or word in _DID


def _were_somebody(draft: Draft, at: int) -> bool:
    """of the people who entered, how many were women?"""
    be = at < len(draft) and draft.tokens[at].text.lower() in ("were", "are", "was", "is")
    named = any(
        draft.ever(i, kind) or draft.ever(i, "ref", "person") for i in range(at) for kind in _PERSON_NOUNS
    )
    return be and named and any(draft.ever(at + 1, kind) for kind in _PERSON_NOUNS)


_VEHICLES = ("car", "cars", "vehicle", "vehicles")


def _head_noun(draft: Draft, at: int) -> str:
    """The noun that "how many" counts: the last noun before a verb, a preposition or the end."""
    head = "event"
    if _somebody_did(draft, at + 1) or _were_somebody(draft, at + 1):
        return "person"
    for i in range(at + 1, min(len(draft), at + 6)):
        token = draft.tokens[i]
        word = token.text.lower()
        if token.has("person") or token.has("personish") or word.endswith((" people", " persons", " person")):
            return "person"
        if token.has("type") and word.split()[0] in _VEHICLES:
            return "vehicle"
        if token.has("gender") or token.has("age"):
            head = "person"
        elif word.rstrip("s") in _AGENTS or word in _AGENTS:
            return "person"
        elif token.has("ride"):
            return "vehicle"
        elif token.has("unit", "events") or word in ("times", "occurrences", "instances", "cases"):
            return "event"
        elif token.has("type") or token.has("group"):
            if head == "person":
                break
            head = "event"
            if token.form == "word" and not word.endswith(("ing", "ed", "s")) and not token.has("group"):
                continue
        elif token.has("func") and word in (
            "of",
            "the",
            "different",
            "distinct",
            "unique",
            "separate",
            "a",
            "an",
            "total",
        ):
            continue
        elif token.has("func", "exist") or token.has("func", "polite") or token.has("func", "happen"):
            break
    return head


def _korean_head(draft: Draft, at: int) -> str:
    if draft.tokens[at].text.startswith("얼마나") and any(
        draft.ever(at + 1, kind) for kind in ("person", "personish", "gender", "age")
    ):
        return "person"
    before = draft.tokens[at - 1] if at else None
    if before is not None and (before.has("person") or before.has("personish") or before.has("gender")):
        return "person"
    if before is not None and before.has("ride"):
        return "vehicle"
    if before is not None and before.has("type") and before.text.endswith(("객", "자", "범")):
        return "person"  # 입장객 수
    return "event"
