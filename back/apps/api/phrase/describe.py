"""How an answer names what was looked for: which events, of whom, where, in which span, in which video."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.api.phrase.reading import moment
from apps.api.phrase.rich import Rich, join
from apps.api.phrase.sentences import has_sentence
from apps.api.phrase.telling import Telling
from apps.api.types import VideoInfo
from semantics import VOCABULARY

MOST_TYPES_NAMED = 4
_GROUPS = {group.types: group.code for group in reversed(VOCABULARY.event_groups)}


def what(t: Telling, filters: Mapping[str, Any] | None = None, *, several: bool = True) -> Rich:
    """The events looked for, as a noun: "‘계산대’에서 감지된 20대 남성의 도난 이벤트"."""
    filters = t.reading.filters if filters is None else filters
    parts = {
        "types": nouns(t, filters, several=several),
        "people": people(t, filters),
        "place": places(t, filters),
        "words": t.voice.all_of([t.quoted(word["said"]) for word in filters.get("words") or ()]),
        "tracks": t.voice.any_of([t.quoted(track) for track in filters.get("tracks") or ()]),
        "confidence": confidence(t, filters.get("confidence") or {}),
        "duration": lasting(t, filters.get("duration") or {}),
        "person_of": _person_of(t) if filters is t.reading.filters else Rich(),
        "excluded": excluded(t) if filters is t.reading.filters else Rich(),
    }
    told = Rich() + parts.pop("types")
    # Each language says in its own table whether these stand before or after the noun.
    for name in ("tracks", "words", "people", "place", "confidence", "duration", "person_of", "excluded"):
        if parts[name]:
            told = t.say(f"what.{name}", events=told, it=parts[name])
    return told


def nouns(t: Telling, filters: Mapping[str, Any], *, several: bool) -> Rich:
    types = tuple(code for code in filters.get("types") or () if _known(code))
    group = filters.get("group") or _GROUPS.get(frozenset(types) if types else _of_severities(filters))
    if not types and not group:
        told = (
            {event.event_type for event in t.events} if t.evidence.whole and not t.reading.filters else set()
        )
        types = tuple(told) if len(told) == 1 else ()
        if not types and t.reading.guessed and not t.count:
            return t.say("group.matching")
    if types and (len(types) == 1 or not group) and len(types) <= MOST_TYPES_NAMED:
        return _types(t, types, several=several)
    key = f"group.{group or ('these' if types else 'every')}{'' if several else '_one'}"
    return t.say(key if has_sentence(t.voice.code, key) else f"group.every{'' if several else '_one'}")


def _types(t: Telling, types: Sequence[str], *, several: bool) -> Rich:
    kinds = [t.voice.event(code, several=several) for code in types]
    if len(kinds) == 1:
        return Rich(kinds[0])
    return t.say(
        "what.types", events=t.voice.any_of(kinds), kinds=t.voice.any_of([t.voice.kind(c) for c in types])
    )


def _known(code: str) -> bool:
    return any(code == known.code for known in VOCABULARY.event_types)


def _of_severities(filters: Mapping[str, Any]) -> frozenset[str]:
    wanted = set(filters.get("severities") or ())
    return frozenset(
        event_type.code for event_type in VOCABULARY.event_types if event_type.severity in wanted
    )


def people(t: Telling, filters: Mapping[str, Any]) -> Rich:
    ages = [age for span in filters.get("ages") or () if (age := ages_of(t, span))]
    genders = [t.voice.gender(code, several=True) for code in filters.get("genders") or ()]
    if ages and genders:
        return t.say("people.age_and_gender", ages=t.voice.any_of(ages), genders=t.voice.any_of(genders))
    if ages:
        return t.say("people.age", ages=t.voice.any_of(ages))
    return t.voice.any_of(genders)


def ages_of(t: Telling, span: Mapping[str, Any]) -> Rich:
    low, high = span.get("from"), span.get("to")
    if low is None and high is None:
        return Rich()
    if low is None:
        return t.say("age.to", to=high)
    if high is None:
        return t.say("age.from", low=low)
    if low % 10 == 0 and high == low + 9 and low:
        return t.say("age.decade", decade=t.voice.decade(low))
    return t.say("age.exactly", age=low) if low == high else t.say("age.between", low=low, to=high)


def places(t: Telling, filters: Mapping[str, Any]) -> Rich:
    return t.voice.any_of(
        [t.quoted(place["said"]) for place in filters.get("places") or () if place.get("said")]
    )


def confidence(t: Telling, bounds: Mapping[str, Any]) -> Rich:
    low, high = bounds.get("from"), bounds.get("to")
    share = {"low": t.voice.number(100 * (low or 0)), "to": t.voice.number(100 * (high or 0))}
    if low is not None and high is not None:
        return t.say("confidence.between", **share)
    if low is not None:
        return t.say("confidence.from" if bounds.get("from_inclusive", True) else "confidence.over", **share)
    if high is not None:
        return t.say("confidence.to" if bounds.get("to_inclusive", True) else "confidence.under", **share)
    return Rich()


def lasting(t: Telling, bounds: Mapping[str, Any]) -> Rich:
    low, high = bounds.get("from"), bounds.get("to")
    ends = {"low": t.voice.length(low or 0), "to": t.voice.length(high or 0)}
    if low is not None and high is not None:
        return t.say("lasting.between", **ends)
    if low is not None:
        return t.say("lasting.from", **ends)
    return t.say("lasting.to", **ends) if high is not None else Rich()


def _person_of(t: Telling) -> Rich:
    return what(t, t.reading.person_of) if t.reading.person_of else Rich()


def excluded(t: Telling) -> Rich:
    without = t.reading.excluded
    parts: list[Rich | str] = []
    if types := [code for code in without.get("types") or () if _known(code)]:
        parts.append(t.voice.all_of([t.voice.event(code, several=True) for code in types]))
    parts += [people(t, without), places(t, without)]
    parts += [t.quoted(word["said"]) for word in without.get("words") or ()]
    return t.voice.all_of([part for part in parts if part])


# --- where and when it was looked for --------------------------------------------------------------------


def scope(t: Telling) -> Rich:
    """The span and the videos chosen, with the space that joins it to the sentence; empty for everything."""
    during, chosen = span(t), [t.video_name(i) for i in t.reading.videos if t.video(i)]
    named = t.voice.all_of(chosen) if len(t.videos) > 1 and 1 <= len(chosen) <= 3 else Rich()
    if during and named:
        return t.say("scope.both", span=during, videos=named)
    if during:
        return t.say("scope.span", span=during)
    return t.say("scope.videos", videos=named) if named else Rich()


def span(t: Telling) -> Rich:
    return span_of(t, t.reading.offset or {}, t.reading.clock or {})


def span_of(t: Telling, offset: Mapping[str, Any], clock: Mapping[str, Any]) -> Rich:
    return join(", ", [part for part in (offset_span(t, offset), clock_span(t, clock)) if part])


def offset_span(t: Telling, asked: Mapping[str, Any]) -> Rich:
    anchored = asked.get("from") is None and asked.get("to") is None
    if anchored and asked.get("anchor") == "end" and asked.get("anchor_from") is not None:
        told = t.say("span.last", length=t.voice.length(asked["anchor_from"]))
    elif anchored:
        return t.say("span.said", said=t.quoted(asked["said"])) if asked.get("said") else Rich()
    else:
        low, high = asked.get("from"), asked.get("to")
        told = _between(
            t,
            None if low is None else t.voice.offset(low),
            None if high is None else t.voice.offset(high),
        )
    return t.say("span.outside", span=told) if asked.get("negated") else told


def clock_span(t: Telling, asked: Mapping[str, Any]) -> Rich:
    windows = asked.get("windows") or []
    ends = {(window.get("from"), window.get("to")) for window in windows}
    if len(ends) != 1:
        return t.say("span.said", said=t.quoted(asked["said"])) if asked.get("said") else Rich()
    chosen = windows[0].get("video_ids") or [video.id for video in t.videos]
    video = next((v for v in t.videos if v.recorded_at and v.id in chosen), None)
    first, last = next(iter(ends))
    low, high = moment(first), moment(last)
    told = whole_days(t, low, high, video) if not windows[0].get("to_inclusive", True) else Rich()
    if not told:
        told = _between(t, *clock_ends(t, low, high, video))
    return t.say("span.outside", span=told) if asked.get("negated") else told


def whole_days(t: Telling, low: datetime | None, high: datetime | None, video: VideoInfo | None) -> Rich:
    """ "어제", "3월 2일부터 3월 8일까지" for a span from midnight to midnight; empty for any other."""
    if low is None or high is None or low >= high or video is None:
        return Rich()
    zone = ZoneInfo(video.timezone)
    first, end = low.astimezone(zone), high.astimezone(zone)
    if first.time() != time() or end.time() != time():
        return Rich()
    today = t.today(video.timezone)
    last = end.date() - timedelta(days=1)
    if first.date() == last:
        near = abs((today - last).days) <= 1
        return t.say("span.day" if near else "span.on_day", day=t.voice.day(last, today))
    return t.say("span.between", low=t.voice.day(first.date(), today), high=t.voice.day(last, today))


def clock_ends(
    t: Telling, low: datetime | None, high: datetime | None, video: VideoInfo | None
) -> tuple[str | None, str | None]:
    """Both ends as a person says them: the day once, if they lie on the same."""
    zone = video.timezone if video else "UTC"
    local = [at.astimezone(ZoneInfo(zone)) if at else None for at in (low, high)]
    same_day = bool(local[0] and local[1] and local[0].date() == local[1].date())
    first = t.clock(local[0], with_day=True, zone=zone) if local[0] else None
    second = t.clock(local[1], with_day=not same_day, zone=zone) if local[1] else None
    return first, second


def _between(t: Telling, low: str | None, high: str | None) -> Rich:
    if low is not None and high is not None:
        return t.say("span.between", low=low, high=high) if low != high else t.say("span.at", at=low)
    if low is not None:
        return t.say("span.from", low=low)
    return t.say("span.to", high=high) if high is not None else Rich()
