"""What was not understood. A word that carries meaning is never dropped in silence: it costs certainty."""

import re

from text2sql.query import Word
from text2sql.reader.draft import Draft
from text2sql.reader.places import after_preposition
from text2sql.words.hangul import is_hangul, letters

_HARMLESS = frozenset(
    [
        "func",
        "ask",
        "josa",
        "conj",
        "everywhere",
        "whole",
        "dim",
        "hold",
        "within_scope",
        "person",
        "personish",
        "part",
        "rel",
        "by",
        "sup",
        "attr",
        "order",
        "compare",
        "unit",
        "ref",
        "samep",
        "seq",
        "level",
        "lasting",
        "confidence",
        "spread",
        "by_hour",
        "by_minute",
        "by_date",
        "early",
        "vehicle",
        "move",
        "passing",
        "common",
        "video_site",
    ]
)


def read_tracks(draft: Draft) -> None:
    for at in range(len(draft)):
        if draft.has(at, "track"):
            track = draft.value(at, "track")
            if _kind_of(track) in {_kind_of(video.camera.upper()) for video in draft.videos}:
                draft.take(at, at + 1)
                draft.refusals.append("unknown_video")  # PT-04, where the cameras are PT-01 and PT-02
                continue
            draft.add("track", at, at + 1, track)


def _kind_of(name: str) -> str:
    """PT of PT-01; nothing of a name without a number."""
    kind = name.rstrip("0123456789")
    return kind.rstrip("-_ ") if kind != name and len(kind.rstrip("-_ ")) > 1 else name


def left_over(draft: Draft) -> list[str]:
    words: list[str] = []
    for at, token in enumerate(draft.tokens):
        if draft.taken[at]:
            continue
        if token.number is not None or token.has("colon") or token.has("iso_date"):
            if (token.has("ordinal") and token.has("unit")) or draft.ever(at, "order"):
                continue
            if token.text.lower() == "one" and _that_one(draft, at):
                continue
            if token.text.strip() == "한" and _did_it(draft, at):
                continue
            words.append(token.text)
            draft.doubt(f"number:{token.text}", 0.45)
        elif token.text in _HOW_MANY and not token.senses:
            words.append(token.text)  # 두 남자가 싸운
            draft.doubt(f"number:{token.text}", 0.45)
        elif token.form == "unknown" and not token.senses:
            if len(token.text) == 1 and not token.text.isalpha():
                continue
            if stored := deeds(draft, token.text):
                draft.add("word", at, at + 1, Word(token.text, (token.text.lower(), *stored)))
                continue
            if _worn_or_held(draft, at):
                draft.add("word", at, at + 1, Word(token.text, (token.text.lower(),)))
                draft.doubt(f"word:{token.text}", 0.2)
                continue
            if of_one := _deeds_of_one_syllable(draft, at):
                draft.add("word", at, at + 1, Word(token.text, of_one))
                continue
            words.append(token.text)
            draft.doubt(
                f"word:{token.text}", 0.5 if len(token.text) > 1 else 0.35 if _done_to(draft, at) else 0.45
            )
        elif token.has("type") and token.text.isascii() and after_preposition(draft, at):
            words.append(token.text)  # at the entry: a place, and none that is known
            draft.doubt(f"word:{token.text}", 0.45)
        elif token.has("common") and not any(s.kind in _HARMLESS - {"common"} for s in token.senses):
            words.append(token.text)
            draft.doubt(f"word:{token.text}", 0.5)
        elif token.senses and not any(sense.kind in _HARMLESS for sense in token.senses):
            words.append(token.text)
            draft.doubt(f"word:{token.text}", 0.45)
    for token, tail in zip(draft.tokens, draft.tails, strict=True):
        if token.form == "word" and _NUMBER_AS_ENDING.match(tail):
            draft.doubt(f"number:{tail}", 0.45)  # 최근도난세건: no ending, three of them
        if token.corrected_from:
            draft.doubt(f"spelling:{token.corrected_from}", 0.12)
    return words


_NUMBER_AS_ENDING = re.compile(r"[두세네][건번명개대]")
_HOW_MANY = ("두", "세", "네")


def deeds(draft: Draft, word: str) -> tuple[str, ...]:
    """The stored words that a verb of the question is a form of: 가져가 finds 가져감."""
    spelt = letters(word)
    if len(word) < 2 or len(spelt) < 4:
        return ()
    return tuple(stored for key, stored in draft.brought.deeds.items() if key.startswith(spelt))[:20]


def _did_it(draft: Draft, at: int) -> bool:
    """이상한 행동 한 사람: somebody who did it, not one of them"""
    before = at and any(fact.end == at for fact in draft.of("type", "group", "word"))
    return bool(before) and draft.ever(at + 1, "personish")


def _that_one(draft: Draft, at: int) -> bool:
    """the second one, the other one, which one"""
    return any(
        draft.ever(at - 1, kind) for kind in ("ordinal", "order", "neg", "attr", "ask", "ref", "gender")
    )


def _done_to(draft: Draft, at: int) -> bool:
    """차 문을 열다: the thing is known, and few other things are done to it; to a 차 many are."""
    if draft.tokens[at].text in _TRADED:
        return False
    done_to = [fact for fact in draft.of("word") if fact.end == at]
    return any(len(fact.value.said) > 1 or draft.ever(fact.start - 1, "thing") for fact in done_to)


_TRADED = ("산", "사", "샀", "판", "팔", "팔았")


def _deeds_of_one_syllable(draft: Draft, at: int) -> tuple[str, ...]:
    """차 긁은 사람, where 차 긁고 감 is stored: of a verb of one syllable, beside the thing it is done to."""
    word = draft.tokens[at].text
    if len(word) > 1 or not is_hangul(word) or not any(fact.end == at for fact in draft.of("word")):
        return ()
    return tuple(stored for stored in draft.brought.deeds.values() if stored.startswith(word))[:20]


def _worn_or_held(draft: Draft, at: int) -> bool:
    """안전조끼 입은, carrying a ladder: a thing nobody listed may still be in a description."""
    token = draft.tokens[at]
    if token.text.isascii():
        return any(
            draft.ever(i, "hold") and draft.tokens[i].text.lower() not in ("with", "has a", "use")
            for i in range(max(0, at - 3), at)
        )
    return draft.ever(at + 1, "hold") and len(token.text) > 1
