"""The longest, the youngest, the most certain."""

from text2sql.query import Extreme, Intent
from text2sql.reader.asking import Asked, free, wanted_number
from text2sql.reader.draft import Draft

_DIRECT = {
    "longest": ("duration", "most"),
    "shortest": ("duration", "least"),
    "oldest": ("age", "most"),
    "youngest": ("age", "least"),
}


_WITH_SUPERLATIVE = {
    "long": ("duration", "most"),
    "short": ("duration", "least"),
    "old": ("age", "most"),
    "young": ("age", "least"),
    "sure": ("confidence", "most"),
    "unsure": ("confidence", "least"),
}


_HIGHEST = ("maximum", "max", "highest", "최대", "최고")


def extreme(draft: Draft) -> Asked | None:
    for at in free(draft, "attr"):
        value = next((v for v in _DIRECT if draft.has(at, "attr", v)), None)
        if value:
            found = _DIRECT[value]
            return _as_extreme(draft, found)
        value = next((v for v in _WITH_SUPERLATIVE if draft.has(at, "attr", v)), None)
        if value and (
            _superlative(draft, at)
            or draft.tokens[at].text.lower().startswith(("highest", "lowest", "surest"))
            or (draft.ever(at - 1, "unit", "nth") and not draft.tokens[at].text.isascii())  # 두 번째로 긴
        ):
            of, end = _WITH_SUPERLATIVE[value]
            if _least(draft, at):
                end = "least" if end == "most" else "most"
            if draft.tokens[at].text.lower().startswith("lowest"):
                end = "least"
            return _as_extreme(draft, (of, end))
    if free(draft, "ask", "how_old") and any(token.text.lower() in _HIGHEST for token in draft.tokens):
        return _as_extreme(draft, ("age", "most"))
    confidence = free(draft, "confidence")
    if confidence and draft.says("sup"):
        low = draft.says("level", "low") or draft.says("sup", "least")
        return _as_extreme(draft, ("confidence", "least" if low else "most"))
    for at in range(len(draft)):  # 가장 어린애
        if (
            draft.ever(at, "sup", "most")
            and draft.ever(at + 1, "age", "child")
            and draft.tokens[at + 1].text.startswith("어린")
        ):
            return _as_extreme(draft, ("age", "least"))
    return None


def _as_extreme(draft: Draft, found: tuple[str, str]) -> Asked:
    wanted = wanted_number(draft)
    extreme = Extreme(found[0], found[1])  # type: ignore[arg-type]
    return Asked(Intent.EXTREME, extreme=extreme, limit=wanted.limit, nth=wanted.nth)


def _superlative(draft: Draft, at: int) -> bool:
    near = range(max(0, at - 3), min(len(draft), at + 2))
    return any(draft.ever(i, "sup") for i in near)


def _least(draft: Draft, at: int) -> bool:
    return any(
        draft.ever(i, "sup", "least") and draft.tokens[i].text.lower() == "least"
        for i in range(max(0, at - 2), at)
    )
