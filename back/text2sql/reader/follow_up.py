"""Questions that lean on the one before: "그 중에 여자는?", "what about fire?", "그 사람 언제 나갔어?"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from text2sql.query import OffsetSpan
from text2sql.reader.draft import Draft, Fact

# What a follow-up names replaces the like.
_ALIKE = {
    "type": "what",
    "group": "what",
    "word": "word",
    "gender": "gender",
    "age": "age",
    "place": "place",
    "offset": "time",
    "clock": "time",
    "day": "time",
    "video": "video",
    "track": "track",
    "confidence": "confidence",
    "duration": "duration",
    "person_of": "track",
    "events": "what",
}
_NAMES = {
    "what": "types",
    "word": "words",
    "gender": "genders",
    "age": "ages",
    "place": "places",
    "time": "offset",
    "video": "videos",
    "track": "tracks",
    "confidence": "confidence",
    "duration": "duration",
}
_OWN = ("type", "group", "word", "track")
_TOPIC = re.compile(r"[은는도]요?[\s?？]*$")
_ASKS_BY_ITSELF = ("happened", "summary", "path")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The question before, as it was read, and what its answer rested on."""

    facts: tuple[Fact, ...]
    intent: str
    asks: str
    evidence: tuple[Mapping[str, Any], ...]
    plain: bool  # its events are those that its facts select, no order or extreme on top


def points_back(draft: Draft) -> bool:
    return any(_points(draft, at) for at in range(len(draft)))


def _points(draft: Draft, at: int) -> bool:
    token = draft.tokens[at]
    if not draft.has(at, "ref"):
        return False
    word = token.text.lower()
    if token.has("ref", "about"):
        return word != "also" and all(draft.ever(i, "func", "polite") for i in range(at))
    if word in (
        "there",
        "then",
        "next",
        "it",
        "that",
        "this",
        "these",
        "those",
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
        "him",
        "them",
        "another",
    ):
        return _real_pronoun(draft, at, word)
    return True


def _real_pronoun(draft: Draft, at: int, word: str) -> bool:
    if word == "there":  # "was there", "there were" say nothing
        return not any(draft.ever(i, "func", "exist") or draft.ever(i, "ask") for i in (at - 1, at + 1)) or (
            at == len(draft) - 1 and not draft.ever(at - 1, "func", "exist")
        )
    if word == "that" and at and draft.ever(at + 1, "func", "happen"):
        return False  # the second thing that happened
    if word in ("that", "this", "these", "those"):
        following = at + 1 < len(draft) and not draft.tokens[at + 1].has("func")
        if (
            following
            and draft.facts
            and any(f.start == at + 1 and f.kind in ("type", "group") for f in draft.facts)
        ):
            return True
        return at == len(draft) - 1 or (draft.ever(at - 1, "func") and not following)
    if word == "then":
        return at in (0, len(draft) - 1)
    if word in ("his", "her", "their") and any(
        draft.ever(at + 1, kind) for kind in ("decade", "early", "number")
    ):
        return False  # in his forties
    if word in ("their", "they", "them", "his", "her", "he", "she", "him"):
        return not draft.of("type", "group", "gender", "age", "word") or word in (
            "he",
            "she",
            "him",
            "his",
            "her",
        )
    if word == "it":
        return not draft.of("type", "group", "word")
    return not draft.of("type")


def leans(draft: Draft) -> bool:
    """Too short to stand alone, once there is a question before it."""
    own = draft.of(*_OWN)
    if _only_polite(draft):  # 고마워
        return False
    if own and (_names_another(draft) or _narrows(draft)):
        return True
    if draft.says("ask", *_ASKS_BY_ITSELF):
        return False
    if own:
        # "폭행은?", "나간 사람은?" is "what about assault?": a topic and not a word more.
        return _TOPIC.search(draft.said) is not None and _nothing_but(draft, *_SOMEBODY)
    content = draft.of("gender", "age", "place", "offset", "clock", "day", "video", "confidence")
    weight = sum(not token.has("func") for token in draft.tokens)
    open_ = sum(not taken and not t.has("func") for t, taken in zip(draft.tokens, draft.taken, strict=True))
    return not content or weight <= len(content) + 3 or not open_


def _only_polite(draft: Draft) -> bool:
    return bool(len(draft)) and all(
        token.has("func", "polite") and not token.has("ref") and not token.has("ask")
        for token in draft.tokens
    )


_SOMEBODY = ("person", "personish", "vehicle", "ride")


def _nothing_but(draft: Draft, *kinds: str) -> bool:
    """Beside what and who was seen."""
    named = {at for fact in draft.of(*_OWN, "gender", "age") for at in range(fact.start, fact.end)}
    return all(
        at in named or (draft.ever(at, "func", "polite") and not draft.ever(at, "ask"))
        or any(draft.ever(at, kind) for kind in kinds)
        for at in range(len(draft))
    )  # fmt: skip


_ONLY = ("only", "just", "instead")
_WITHIN_IT = ("func", "whole", "person", "personish", "vehicle", "ride")


def _narrows(draft: Draft) -> bool:
    """심각한 것만, 도난만 보여줘, just the serious ones: of what the question before was about."""
    if draft.language == "ko":
        only = any(_says_only(draft, at) for at in range(len(draft)))
    else:
        words = [token.text.lower() for token in draft.tokens]
        only = bool({words[0], words[-1]} & set(_ONLY)) or (words[0] == "the" and words[-1] == "ones")
    named = {at for fact in draft.of(*_OWN, "gender", "age") for at in range(fact.start, fact.end)}
    return only and all(
        at in named or draft.ever(at, "ask", "list") or any(draft.ever(at, kind) for kind in _WITHIN_IT)
        or draft.ever(at, "josa", "only") or draft.tokens[at].text in ("것만", "거만", "것", "거")
        for at in range(len(draft))
    )  # fmt: skip


def _says_only(draft: Draft, at: int) -> bool:
    tail = draft.tails[at]
    return (
        (tail.endswith("만") and tail not in ("지만", "다만"))
        or draft.ever(at, "josa", "only")
        or draft.tokens[at].text in ("만", "것만", "거만")
    )


_TOPIC_ENDS = ("은", "는", "도", "은요", "는요", "도요")


def _names_another(draft: Draft) -> bool:
    """폭행은?: one more kind, asked of the same scope as the one before."""
    own = draft.of(*_OWN)
    if len(own) != 1 or own[0].kind not in ("type", "word") or own[0].negated:
        return False
    said = draft.tails[own[0].end - 1] in _TOPIC_ENDS and draft.tokens[own[0].start].form == "word"
    rest = draft.tokens[own[0].end :]
    return (
        said
        and own[0].start == 0
        and all(t.has("func") or t.has("ask", "events", "persons", "how_many") for t in rest)
    )


def inherit(draft: Draft, earlier: Earlier) -> tuple[str, ...]:
    """Takes over what the question does not name itself; returns the names of those fields."""
    refs = {draft.value(at, "ref") for at in range(len(draft)) if _points(draft, at)}
    for at in range(len(draft)):
        if draft.has(at, "ref"):
            draft.take(at, at + 1)
    if "person" in refs and (
        draft.of("type", "group") or draft.says("ask", "path", "happened") or refs & {"later", "earlier"}
    ):
        return _same_person(draft, earlier, refs)
    if "person" in refs and not draft.of(*_OWN) and _all_of_it(draft):
        return _same_person(draft, earlier, refs)
    if "person" in refs and draft.says("ask", "how_old", "gender") and len(_tracks(earlier)) == 1:
        return _same_person(draft, earlier, refs)
    if refs & {"later", "earlier"}:
        if earlier.evidence:
            return _around_then(draft, earlier, refs)
        draft.refusals.append("clarify:which_one")
    _bare_minutes(draft, earlier)
    if earlier.intent in _OF_TWO_SIDES:
        return _of_what_was_found(draft, earlier)
    named = {_ALIKE[fact.kind] for fact in draft.facts if fact.kind in _ALIKE}
    taken: dict[str, None] = {}
    if (
        "time" in refs
        and "time" not in named
        and not any(_ALIKE.get(f.kind) == "time" for f in earlier.facts)
    ):
        span = _then(earlier)
        if span:
            draft.facts.append(Fact("offset", 0, 0, span))
            named |= {"time"}
            taken["offset"] = None
            if draft.says("ask", "happened", "who", "persons") or "others" in draft.notes:
                named |= {"what", "gender", "age", "word"} | ({"place"} if "place" not in refs else set())
    if "place" in refs and not draft.of(*_OWN):
        if draft.says("ask", "happened", "who"):
            named |= {"what", "gender", "age", "word"}
            draft.notes.discard("others")
        if not draft.says("ask", "where") and not any(f.kind == "place" for f in earlier.facts):
            draft.doubt("which_place", 0.5)
    if any(draft.tokens[at].text.replace(" ", "") in _WHOLE_VIDEO for at in range(len(draft))):
        named |= {"time"}
    of_it = bool(refs & {"it", "person"}) or draft.says("ask", "how_long", "how_old", "gender")
    ranked = draft.of("wanted") or any(t.has("order") and not t.has("func") for t in draft.tokens)
    if of_it and not earlier.plain and "what" not in named and not ranked:
        ids = tuple(int(e["id"]) for e in earlier.evidence if "id" in e)
        if ids:
            draft.facts.append(Fact("events", 0, 0, ids))
            return ("event_ids",)
        draft.refusals.append("clarify:which_one")
    others = "others" in draft.notes and "what" not in named
    if others and (not earlier.plain or any(f.kind in _OF_SOMEBODY for f in earlier.facts)):
        draft.doubt("other_than_what", 0.5)  # another person, another kind, another time?
    for fact in earlier.facts:
        like = _ALIKE.get(fact.kind)
        if others and fact.kind in ("type", "group"):  # "anything else there?"
            draft.facts.append(Fact(fact.kind, 0, 0, fact.value, not fact.negated))
            continue
        if like and like not in named:
            draft.facts.append(Fact(fact.kind, 0, 0, fact.value, fact.negated))
            taken[_NAMES[like]] = None
    return tuple(taken)


_OF_TWO_SIDES = ("sequence", "absence")


def _of_what_was_found(draft: Draft, earlier: Earlier) -> tuple[str, ...]:
    """훔치고 나간 사람? 몇 명이야?: two kinds of events were named, so only what was found is sure."""
    ids = tuple(int(e["id"]) for e in earlier.evidence if "id" in e)
    if not ids or draft.of(*_OWN):
        draft.doubt("follow_up_of_a_sequence", 0.5)
    draft.facts.append(Fact("events", 0, 0, ids))
    return ("event_ids",)


def _bare_minutes(draft: Draft, earlier: Earlier) -> None:
    """between 5 and 10 minutes? what about 10 to 15?: minutes again."""
    before = next((fact.value for fact in earlier.facts if fact.kind == "offset"), None)
    if before is None or draft.of("offset", "clock", "age"):
        return
    for at in range(len(draft) - 2):
        low, high = draft.number(at), draft.number(at + 2)
        joined = draft.has(at + 1, "rel", "to", "until") or (
            draft.has(at + 1, "conj", "and") and draft.has(at - 1, "rel", "between")
        )
        if low is None or high is None or not joined or draft.has(at + 3, "unit") or not low < high:
            continue
        start = at - 1 if draft.has(at - 1, "rel", "between", "from") else at
        span = OffsetSpan(60.0 * low, 60.0 * high, said=draft.words(start, at + 3))
        draft.add("offset", start, at + 3, span)
        return


_ALL_OF_IT = re.compile(
    r"한 ?(?:거|것|짓|일)|관련|(?:나온|나오는|찍힌|등장\S*) ?(?:장면|거|것|영상)|전부|모두|모든|싹"
    r"|다 (?:보여|알려)"
    r"|\b(?:everything|all|every|the rest)\b|\bevents? (?:of|with|by|involving)\b",
    re.IGNORECASE,
)
_OF_ONE_THING = ("when", "where", "how_old", "gender", "how_long", "events", "persons", "how_many")


def _all_of_it(draft: Draft) -> bool:
    """그 사람이 한 거 전부, all events of that person: not only those of the answer before."""
    if "others" in draft.notes:
        return True
    return bool(_ALL_OF_IT.search(draft.said)) and not draft.says("ask", *_OF_ONE_THING)


_WHOLE_VIDEO = ("전체영상", "전체", "in total", "overall")
_OF_SOMEBODY = ("gender", "age", "word")


def _same_person(draft: Draft, earlier: Earlier, refs: set[str]) -> tuple[str, ...]:
    tracks = _tracks(earlier)
    if "others" in draft.notes:  # did that woman do anything else?
        kinds = [fact for fact in earlier.facts if fact.kind in ("type", "group")]
        draft.facts += [replace(fact, start=0, end=0, negated=not fact.negated) for fact in kinds]
    videos = sorted({int(e["video_id"]) for e in earlier.evidence if e.get("video_id") is not None})
    if tracks and len(tracks) <= 20:
        for track in tracks:
            draft.facts.append(Fact("track", 0, 0, track))
        if videos:
            draft.facts.append(Fact("only_videos", 0, 0, tuple(videos)))
        if refs & {"later", "earlier"}:
            _around_then(draft, earlier, refs)
        return ("tracks", "videos")
    if earlier.plain and not refs & {"later", "earlier"}:
        draft.facts.append(Fact("person_of", 0, 0, tuple(earlier.facts)))
        return ("tracks",)
    draft.refusals.append("clarify:which_one")
    return ()


def _tracks(earlier: Earlier) -> list[str]:
    return sorted({str(e["track_id"]) for e in earlier.evidence if e.get("track_id")})


def _around_then(draft: Draft, earlier: Earlier, refs: set[str]) -> tuple[str, ...]:
    times = [float(e["timestamp"]) for e in earlier.evidence if e.get("timestamp") is not None]
    if not times:
        return ()
    span = (
        OffsetSpan(from_=max(times), from_inclusive=False)
        if "later" in refs
        else OffsetSpan(to=min(times), to_inclusive=False)
    )
    draft.facts.append(Fact("offset", 0, 0, span))
    videos = sorted({int(e["video_id"]) for e in earlier.evidence if e.get("video_id") is not None})
    if videos:
        draft.facts.append(Fact("only_videos", 0, 0, tuple(videos)))
    if not draft.of(*_OWN) and not draft.says("ask", "happened", "path", "summary"):
        if earlier.plain and any(_ALIKE.get(fact.kind) == "time" for fact in earlier.facts):
            draft.doubt("after_which", 0.5)  # after the span asked for, or after what was found in it?
        kept = [f for f in earlier.facts if f.kind in ("type", "group", "gender", "age", "word", "place")]
        named = {fact.kind for fact in draft.facts}
        draft.facts += [Fact(f.kind, 0, 0, f.value, f.negated) for f in kept if f.kind not in named]
    return ("offset", "videos")


def _then(earlier: Earlier) -> OffsetSpan | None:
    times = [float(e["timestamp"]) for e in earlier.evidence if e.get("timestamp") is not None]
    if not times:
        return None
    return OffsetSpan(max(0.0, min(times) - 60.0), max(times) + 60.0)
