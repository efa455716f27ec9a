"""Sentences about a question, in its own language: how it was understood, why it is not answered."""

from text2sql.query import AgeRange, Bounds, Filters, Intent, Language, OffsetSpan, Query
from text2sql.semantics_rows import GENDERS, GROUPS, TYPES
from text2sql.videos import Video

_INTENTS = {
    Intent.COUNT_EVENTS: ("건수", "how many"),
    Intent.COUNT_PERSONS: ("사람 수", "how many people"),
    Intent.COUNT_VEHICLES: ("차량 수", "how many vehicles"),
    Intent.FIRST: ("첫 번째", "the first"),
    Intent.LAST: ("마지막", "the last"),
    Intent.RATIO: ("비율", "percentage"),
    Intent.TOTAL: ("지속 시간 합계", "total duration"),
    Intent.COMPARISON: ("비교", "compared"),
    Intent.SEQUENCE: ("직후에 일어난 일", "what followed"),
    Intent.ABSENCE: ("그런 일이 없었던 사람", "persons without it"),
    Intent.PATH: ("행동 순서", "in order"),
}
_MEASURES = {
    "age": ("나이", "age"),
    "duration": ("지속 시간", "duration"),
    "confidence": ("신뢰도", "confidence"),
    "gender": ("성별", "gender"),
}
_GROUPS = {
    "type": ("유형별", "by type"),
    "place": ("장소별", "by place"),
    "gender": ("성별", "by gender"),
    "age_decade": ("연령대별", "by age decade"),
    "minute": ("분별", "by minute"),
    "hour": ("시간대별", "by hour"),
    "date": ("날짜별", "by day"),
    "camera": ("카메라별", "by camera"),
    "video": ("영상별", "by video"),
    "site": ("지점별", "by site"),
    "severity": ("심각도별", "by severity"),
    "track": ("사람별", "by person"),
}


def understood(query: Query, videos: tuple[Video, ...]) -> str:
    """ "10:00–15:00, 도난, 매장 CCTV"."""
    lang = query.language
    parts = [_offset(query.offset, lang) if query.offset else "", query.clock.said if query.clock else ""]
    if query.sequence:
        parts.append(
            " → ".join(
                filter(None, (_filters(query.sequence.first, lang), _filters(query.sequence.then, lang)))
            )
        )
    parts.append(_filters(query.filters, lang))
    if query.compare:
        parts.append(" / ".join(side.said for side in query.compare.sides))
    of_which = [_filters(query.part, lang)] if query.part else []
    of_which += [_offset(query.part_offset, lang)] if query.part_offset else []
    of_which += [query.part_clock.said] if query.part_clock else []
    if of_which:
        parts.append(("그중 " if lang == "ko" else "of which ") + " ".join(of_which))
    if query.excluded:
        left_out = _filters(query.excluded, lang)
        parts.append(f"{left_out} 제외" if lang == "ko" else f"not {left_out}")
    parts.append(_intent(query))
    names = [video.name or video.camera for video in videos if video.id in query.videos]
    if names:
        parts.append(" · ".join(names[:3]) + (" …" if len(names) > 3 else ""))
    said = ", ".join(part for part in parts if part)
    return said or ("전체 이벤트" if lang == "ko" else "all events")


def _one(pair: tuple[str, str], lang: Language) -> str:
    return pair[0] if lang == "ko" else pair[1]


def _intent(query: Query) -> str:
    lang = query.language
    if query.intent is Intent.EXTREME and query.extreme:
        most = query.extreme.end == "most"
        what = _one(_MEASURES[query.extreme.of], lang)
        nth = query.nth if query.nth and query.nth > 1 else None
        if lang == "ko":
            return f"{what} {'최대' if most else '최소'}{f' {nth}번째' if nth else ''}"
        return f"{f'number {nth} by ' if nth else ''}{'greatest' if most else 'least'} {what}"
    if query.intent is Intent.NTH:
        if query.order == "time_desc":
            return f"뒤에서 {query.nth}번째" if lang == "ko" else f"number {query.nth} from the end"
        return f"{query.nth}번째" if lang == "ko" else f"number {query.nth}"
    if query.intent is Intent.AVERAGE and query.measure:
        return f"평균 {_MEASURES[query.measure][0]}" if lang == "ko" else f"average {query.measure}"
    if query.intent is Intent.ATTRIBUTE and query.measure:
        return _one(_MEASURES[query.measure], lang)
    if query.group_by:
        by = _one(_GROUPS[query.group_by], lang)
        if query.intent is Intent.MOST_FREQUENT:
            fewest = query.order == "fewest"
            return (
                f"{by} {'최소' if fewest else '최다'}"
                if lang == "ko"
                else f"{'fewest' if fewest else 'most'} {by}"
            )
        return by
    said = _one(_INTENTS[query.intent], lang) if query.intent in _INTENTS else ""
    if said and query.limit and query.limit > 1:
        return f"{said} {query.limit}{'건' if lang == 'ko' else ''}"
    return said


def _filters(of: Filters, lang: Language) -> str:
    words: list[str] = []
    if of.group:
        group = GROUPS[of.group].words
        words.append((group.ko if lang == "ko" else group.en)[0])
    elif of.severities:
        words.append(f"{'심각도' if lang == 'ko' else 'severity'} {','.join(map(str, of.severities))}")
    if of.types and not (of.group and GROUPS[of.group].severity is None):
        words.append("/".join(_type(code, lang) for code in of.types))
    words += [place.said for place in of.places]
    words += [_age(ages) for ages in of.ages]
    words += [_gender(code, lang) for code in of.genders]
    words += [word.said for word in of.words]
    words += list(of.tracks)
    for bounds, unit in ((of.confidence, "%"), (of.duration, "s")):
        if bounds:
            words.append(bounds.said or _bounds(bounds, unit))
    return " ".join(words)


def _type(code: str, lang: Language) -> str:
    words = TYPES[code].words
    return (words.ko if lang == "ko" else words.en)[0]


def _gender(code: str, lang: Language) -> str:
    words = GENDERS[code].words
    names = words.ko if lang == "ko" else words.en
    return names[0] if names else code


def _age(ages: AgeRange) -> str:
    return ages.said or f"{_end(ages.from_)}–{_end(ages.to)}"


def _bounds(bounds: Bounds, unit: str) -> str:
    return f"{_end(bounds.from_)}–{_end(bounds.to)}{unit}"


def _end(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _offset(span: OffsetSpan, lang: Language) -> str:
    if span.from_ is None and span.to is None:
        return span.said
    start = _mmss(span.from_) if span.from_ is not None else ""
    end = _mmss(span.to) if span.to is not None else ""
    said = f"{start}–{end}"
    return f"{said} 제외" if span.negated and lang == "ko" else said


def _mmss(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes:02}:{whole % 60:02}"


# --- reasons ------------------------------------------------------------------------------------------

_NOT_RECORDED = {
    "name": ("이름", "names"),
    "identity": ("신원", "people's identity"),
    "price": ("가격이나 금액", "prices or amounts"),
    "weather": ("날씨", "the weather"),
    "sound": ("말이나 소리", "speech or sound"),
    "reason": ("이유", "reasons"),
    "feeling": ("감정", "feelings"),
    "plate": ("차량 번호", "licence plates"),
    "outcome": ("이후의 처리", "what came of it"),
    "future": ("앞으로의 일", "the future"),
    "body": ("키나 몸무게", "height or weight"),
    "speed": ("속도나 거리", "speeds or distances"),
    "other": ("그것", "that"),
}
_REASONS = {
    "empty": (
        "질문이 비어 있습니다. 무엇을 찾을지 적어 주세요.",
        "The question is empty. What should I look for?",
    ),
    "too_long": (
        "한 번에 한 가지만 짧게 물어봐 주세요.",
        "That is too long for one question. Please ask one thing at a time.",
    ),
    "too_vague": (
        "무엇을 말씀하시는지 알 수 없습니다. 어떤 일이나 시간, 장소를 알려 주세요.",
        "I cannot tell what this is about. Please name an event, a time or a place.",
    ),
    "not_understood": (
        "질문을 확실히 이해하지 못했습니다. 다르게 말씀해 주시겠어요?",
        "I am not sure that I understood the question. Could you put it differently?",
    ),
    "which_one": ("어느 것을 말씀하시는지 알려 주세요.", "Which one do you mean?"),
    "average_of_what": (
        "무엇의 평균인지 알려 주세요: 나이, 지속 시간, 신뢰도.",
        "The average of what: age, duration or confidence?",
    ),
    "no_wall_clock": (
        "이 영상에는 촬영 시각이 없어 시계 시간으로는 찾을 수 없습니다.",
        "This video has no recording time, so it cannot be searched by the clock.",
    ),
    "unsupported_language": (
        "한국어와 영어 질문만 이해합니다.",
        "Only questions in Korean or English are understood.",
    ),
    "contradiction": ("시간이나 조건이 서로 어긋납니다.", "The times or conditions contradict each other."),
    "impossible_time": ("있을 수 없는 시각이나 날짜입니다.", "There is no such time or date."),
    "impossible_confidence": (
        "신뢰도는 0%에서 100% 사이입니다.",
        "Confidence lies between 0 and 100 per cent.",
    ),
    "negative_number": ("음수는 쓸 수 없습니다.", "A negative number makes no sense here."),
    "unknown_video": ("그런 영상이나 카메라가 없습니다.", "There is no such video or camera."),
    "about_video": (
        "영상 자체의 정보(길이, 촬영 시각, 카메라 수)는 영상 목록에서 볼 수 있습니다.",
        "The list of videos says how long they are, when they were recorded and by which cameras.",
    ),
    "no_videos": ("볼 수 있는 영상이 없습니다.", "There are no videos to look at."),
    "not_a_question": ("영상에 관한 질문이 아닙니다.", "This is not a question about the footage."),
}


def reason_text(code: str, lang: Language, *, not_understood: tuple[str, ...] = ()) -> str:
    if code.startswith("not_recorded:"):
        what = code.split(":", 1)[1]
        if what in _NOT_RECORDED:
            ko, en = _NOT_RECORDED[what]
            return (
                f"{ko}에 관한 것은 기록되어 있지 않습니다."
                if lang == "ko"
                else f"The records say nothing about {en}."
            )
        code = "not_a_question"
    text = _one(_REASONS[code], lang)
    if code == "not_understood" and not_understood:
        words = ", ".join(f"“{word[:40]}”" for word in not_understood[:3])
        return f"{words}: {text}"
    return text
