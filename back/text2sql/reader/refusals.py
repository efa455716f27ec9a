"""When the honest reply is no answer: not recorded, no clock, nothing to go by, not understood."""

import re

from text2sql.query import Filters, Intent, Query
from text2sql.reader.draft import Draft
from text2sql.videos import Video
from text2sql.words.hangul import is_hangul

SURE_ENOUGH = 0.6
LONGEST = 400  # characters that one question may have; the reading of more is not worth its time
_ABOUT_NOTHING = (Intent.EXISTENCE, Intent.WHEN, Intent.WHERE, Intent.LIST, Intent.WHO, Intent.ATTRIBUTE)


def refuse(*, draft: Draft, query: Query, videos: tuple[Video, ...]) -> str | None:
    if not any(char.isalnum() for char in draft.said):
        return "clarify:empty"
    if "clarify:too_long" in draft.refusals:
        return "clarify:too_long"
    if _foreign(draft):
        return "unsupported_language"
    if draft.refusals:
        return draft.refusals[0]
    unrecorded = _unrecorded(draft) or _to_come(draft)
    if unrecorded:
        return f"not_recorded:{unrecorded}"
    if not videos:
        return "no_videos"
    if _about_the_video(draft, query):
        return "about_video"
    if "points_nowhere" in draft.notes and (_points_at_one(draft) or not _says_enough(query)):
        return "clarify:too_vague"
    if _doubts_the_answer(draft):
        return "clarify:not_understood"
    if query.certainty < SURE_ENOUGH:
        return "not_recorded:other" if _asks_for_the_unknown(draft) else "clarify:not_understood"
    if _vague(draft, query):
        return "clarify:too_vague"
    return _clock(query, videos)


def _foreign(draft: Draft) -> bool:
    letters = [char for char in draft.said if char.isalpha()]
    strange = sum(not (char.isascii() or is_hangul(char)) for char in letters)
    if strange and strange * 3 > len(letters):
        return True
    words = [at for at, t in enumerate(draft.tokens) if t.text.isascii() and t.text.isalpha()]
    guessed = {at for at in words if draft.tokens[at].corrected_from}
    unknown = {at for at in words if draft.tokens[at].form == "unknown" and not draft.tokens[at].senses}
    # entre is no misspelt enter where nothing around it is English
    known = any(not guessed.issuperset(range(fact.start, fact.end)) for fact in draft.facts)
    return len(words) >= 4 and bool(unknown) and len(unknown | guessed) * 2 > len(words) and not known


def _unrecorded(draft: Draft) -> str | None:
    for at, token in enumerate(draft.tokens):
        if not token.has("unrecorded") or draft.taken[at]:
            continue
        if _other_sense(draft, at) or _is_a_measure(draft, at) or _is_seen(draft, at):
            continue
        return token.value("unrecorded")
    return None


def _is_a_measure(draft: Draft, at: int) -> bool:
    """여성 비율은 얼마야, 평균 나이가 얼마야: how much of what is named, and no price."""
    named = draft.says("ask", "ratio", "average", "how_long", "how_old", "events", "persons", "sum")
    return draft.tokens[at].text.startswith("얼마") and (named or draft.says("confidence"))


def _is_seen(draft: Draft, at: int) -> bool:
    """카메라별로 몇 건씩 잡혔어: caught on camera, not by the police."""
    counted = draft.says("ask", "how_many", "events", "persons") or draft.says("unit", "events")
    return draft.tokens[at].text.startswith("잡혔") and (draft.says("dim", "camera") or counted)


def _asks_for_the_unknown(draft: Draft) -> bool:
    """Which bus did he take, 무슨 노선 탔어: something that nobody has a word for here is not recorded."""
    if not draft.of("type", "group", "gender", "age", "track", "word"):
        return False
    for at in range(len(draft) - 1):
        thing = draft.tokens[at + 1]
        asked = draft.tokens[at].text.lower() in _WHICH and not draft.tokens[at].has("ref")
        unknown = thing.form == "unknown" and not thing.senses and len(thing.text) > 1
        if asked and unknown and thing.text.lower() not in _MAYBE_DESCRIBED:
            return True
    return False


_MAYBE_DESCRIBED = ("color", "colour", "색", "색깔", "색상")
_WHICH = ("which", "what", "무슨", "어느", "어떤")


def _doubts_the_answer(draft: Draft) -> bool:
    """확실해?, are you sure?: of the answer before, not of how sure an event is."""
    own = [fact for fact in draft.facts if fact.end]
    words = {token.text.lower() for token in draft.tokens}
    return (
        bool(own)
        and all(f.kind == "confidence" for f in own)
        and ("you" in words or draft.tokens[0].text.startswith("확실해"))
    )


def _to_come(draft: Draft) -> str | None:
    """내일도 도난이 일어날까: nothing that is still to come is recorded."""
    return "future" if any(fact.value.name == "tomorrow" for fact in draft.of("day")) else None


def _other_sense(draft: Draft, at: int) -> bool:
    """will, cause, say and their like stand in many a good question."""
    token = draft.tokens[at]
    word = token.text.lower()
    if word in ("소리", "shout"):
        return any(draft.ever(i, "thing") for i in (at, at + 1))
    if word in (
        "caused",
        "causes",
        "cause",
        "called",
        "call",
        "race",
        "cold",
        "won",
        "cheap",
        "trial",
        "face",
        "얼굴",
        "돈",
        "신고하다",
        "신고해",
        "키",
        "update",
        "remove",
        "removed",
        "거리",
        "값",
    ):
        return bool(draft.of("type", "word", "group")) and not draft.says("ask", "what", "who")
    return bool(token.has("unrecorded", "write") and any(fact.start <= at < fact.end for fact in draft.facts))


_OF_A_VIDEO = (
    "recorded",
    "녹화",
    "촬영",
    "길이",
    "analysed",
    "analyzed",
    "분석",
    "filmed",
    "length",
    "재생 시간",
    "duration",
)


_BEGINS_OR_ENDS = re.compile(
    r"^(?:when|what time) (?:does|did|do|is|was) (?:the|this) (?:video|recording|footage|clip|tape|film)"
    r" (?:start|begin|end|stop|finish|over)"
    r"|(?:영상|비디오|녹화|촬영)\S{0,3} (?:언제|몇 ?시(?:에|부터|까지)?) ?(?:시작|끝|종료|녹화|촬영|찍)",
    re.IGNORECASE,
)


def _about_the_video(draft: Draft, query: Query) -> bool:
    """How long is it, when was it recorded, how many cameras are there: nothing about events."""
    if (
        query.sequence
        or any(f.value != "every" for f in draft.of("group"))
        or draft.of("type", "gender", "age", "place", "word", "track", "offset", "clock", "day")
    ):
        return False
    if _BEGINS_OR_ENDS.search(draft.said):
        return True
    for at in range(len(draft)):
        if not (draft.ever(at, "dim", "camera", "video") or draft.ever(at, "everywhere")):
            continue
        if draft.ever(at + 1, "ask", "events", "vehicles", "how_long") or draft.ever(
            at - 1, "ask", "how_many"
        ):
            return True
        if any(token.text.lower() in _OF_A_VIDEO for token in draft.tokens) or draft.says("ask", "how_long"):
            return True
        if draft.says("ask", "what") and draft.says("func", "exist") and draft.ever(at - 1, "ask", "what"):
            return True
    return False


_ONE_OF = ("person", "time", "place", "later", "earlier")


def _points_at_one(draft: Draft) -> bool:
    """그 사람 나갔어?, 그 시간에 나간 차: whichever it is, it is not all of them."""
    return any(
        draft.tokens[at].has("ref", *_ONE_OF) and not draft.tokens[at].text.isascii()
        for at in draft.places_of("ref")
    )


def _says_enough(query: Query) -> bool:
    return bool(
        query.filters.types
        or query.filters.severities
        or query.filters.words
        or query.filters.tracks
        or query.inherited
    )


def _vague(draft: Draft, query: Query) -> bool:
    """Nothing at all says which events are meant."""
    said = (
        bool(query.filters)
        or bool(query.excluded)
        or query.offset
        or query.clock
        or query.sequence
        or query.person_of
    )
    if said or query.intent not in _ABOUT_NOTHING:
        return bool(query.intent is Intent.WHO and query.filters == Filters() and not said)
    return not (draft.of("group", "video") or draft.says("ask", "happened", "summary") or draft.says("whole"))


def _clock(query: Query, videos: tuple[Video, ...]) -> str | None:
    by_clock = query.clock is not None or query.part_clock is not None or query.group_by in ("hour", "date")
    if not by_clock:
        return None
    in_scope = [video for video in videos if not query.videos or video.id in query.videos]
    if in_scope and all(video.recorded_at is None for video in in_scope):
        return "no_wall_clock"
    return None
