"""What an intent carries, and the words by which a question asks: when, who, show me, is there."""

from dataclasses import dataclass
from typing import cast

from text2sql.query import Extreme, GroupBy, Intent, Measure
from text2sql.reader.amounts import Wanted
from text2sql.reader.draft import Draft

COUNTING = (Intent.COUNT_EVENTS, Intent.COUNT_PERSONS, Intent.COUNT_VEHICLES)


@dataclass(frozen=True, slots=True)
class Asked:
    intent: Intent
    asks: str = "list"
    extreme: Extreme | None = None
    group_by: GroupBy | None = None
    measure: Measure | None = None
    order: str = "time"
    limit: int | None = None
    nth: int | None = None
    counted: str = "events"


def way_of_asking(draft: Draft) -> str:
    for value, name in (
        ("when", "when"),
        ("where", "where"),
        ("who", "who"),
        ("how_long", "how_long"),
        ("how_old", "age"),
        ("happened", "summary"),
        ("summary", "summary"),
    ):
        found = free(draft, "ask", value)
        if value == "who":
            found = [at for at in found if not _relative(draft, at)]
        if value == "happened" and draft.of("type", "group") and _whether(draft, found):
            continue
        if found:
            return name
    if any(draft.has(at + 1, "unit", "minute", "clock", "second") for at in free(draft, "ask", "how_many")):
        return "when"  # 몇 분에
    if free(draft, "ask", "whether") or any(tail.endswith(("는지", "은지", "ㄴ지")) for tail in draft.tails):
        return "existence"
    shown, whether = free(draft, "ask", "list"), free(draft, "ask", "yes_no")
    if not shown and free(draft, "ask", "happened"):
        return "existence"
    if shown or whether:  # "show me any fights" is a list, "did anyone get hit" a question
        return "existence" if whether and (not shown or whether[0] < shown[0]) else "list"
    if _nothing(draft) or (_exists(draft) and not draft.says("ask", "what")):
        return "existence"
    return "existence" if _ends_as_a_question(draft) and not draft.says("ask", "what") else "list"


def _relative(draft: Draft, at: int) -> bool:
    """people who fell: no question."""
    return draft.tokens[at].text.lower() == "who" and any(
        draft.ever(at - 1, kind) for kind in ("person", "personish", "gender", "age", "type", "ride")
    )


def _nothing(draft: Draft) -> bool:
    """도난 없었어? is a plain question; 모자 없는 is not."""
    return any(t.has("neg", "none") and not t.text.startswith(("없는", "없이")) for t in draft.tokens)


def _exists(draft: Draft) -> bool:
    attributive = ("있는", "있던", "있을", "has", "have", "had", "being", "be", "been")
    return any(t.has("func", "exist") and t.text.lower() not in attributive for t in draft.tokens)


def _whether(draft: Draft, happened: list[int]) -> bool:
    """ "Anything suspicious?" asks whether, "무슨 일" what."""
    vague = ("anything", "something", "going on", "뭔가", "별일")
    return all(draft.tokens[at].text.lower() in vague for at in happened)


_AUXILIARIES = ("did ", "was ", "were ", "is ", "are ", "has ", "have ", "do ", "does ", "had ")


_QUESTION_TAILS = ("나", "니", "까", "냐", "나요", "가요", "까요", "어", "어요", "아", "아요", "지", "죠")


def _ends_as_a_question(draft: Draft) -> bool:
    if not len(draft) or draft.language != "ko":
        return draft.said.lower().startswith(_AUXILIARIES) or draft.said.rstrip().endswith("?")
    last = draft.tokens[-1].text + draft.tails[-1]
    spoken = draft.tokens[-1].form == "verb" and last.endswith(_QUESTION_TAILS)
    return spoken or draft.said.rstrip().endswith("?")


def free(draft: Draft, kind: str, *values: str) -> list[int]:
    return list(draft.find(kind, *values))


def said(draft: Draft, *words: str) -> bool:
    return any(token.text.lower() in words for token in draft.tokens)


def wanted_number(draft: Draft) -> Wanted:
    found = draft.of("wanted")
    return cast(Wanted, found[0].value) if found else Wanted()
