"""Answers that are events: one is a sentence, several are a timeline."""

from collections import Counter

from apps.api.phrase import describe
from apps.api.phrase.rich import Rich, join
from apps.api.phrase.stored import clean
from apps.api.phrase.telling import Telling
from apps.api.types import EventRow


def existence(t: Telling) -> Rich:
    return _one_or_many(t, t.yes_or_no)


def listed(t: Telling) -> Rich:
    return _one_or_many(t, "list")


def when(t: Telling) -> Rich:
    return _one_or_many(t, "when")


def _one_or_many(t: Telling, kind: str) -> Rich:
    if t.count == 1:
        event = t.events[0]
        return t.say(f"{kind}.one", event=t.event_noun(event), moment=t.moment(event), detail=t.detail(event))
    return _head(t, f"{kind}.many") + t.lines()


def _head(t: Telling, key: str) -> Rich:
    return t.say(key, scope=describe.scope(t), what=describe.what(t), count=t.voice.number(t.count))


def where(t: Telling) -> Rich:
    if t.count > 1:
        return _head(t, "where.many") + t.lines()
    event = t.events[0]
    known = {"event": t.event_noun(event), "moment": t.moment(event)}
    video = t.video(event.video_id)
    if t.reading.asks in ("camera", "video") and video and (video.camera or video.name):
        camera = t.quoted(video.camera or video.name)
        return t.say("where.one_camera", camera=camera, detail=t.detail(event), **known)
    if place := clean(event.location):
        return t.say("where.one", place=t.voice.quote(place), **known)
    return t.say("where.unknown", **known)


def who(t: Telling) -> Rich:
    if t.count > 1:
        return _head(t, "who.many") + t.lines()
    event = t.events[0]
    known = {"event": t.event_noun(event), "moment": t.moment(event)}
    if person := t.person(event):
        return t.say("who.one", person=person, **known)
    return t.say("who.unknown", **known)


def ordered(t: Telling) -> Rich:
    """The first, the last, the nth, or the first or last few."""
    key = t.reading.intent
    if t.count > 1:
        return _head(t, f"order.{key}_many") + t.lines()
    event = t.events[0]
    nth = t.voice.ordinal(t.reading.nth or 1)
    if key == "nth" and t.reading.order == "time_desc":
        key = "nth_from_end"
    noun, moment, detail = t.event_noun(event), t.moment(event), t.detail(event)
    return t.say(f"order.{key}", event=noun, moment=moment, detail=detail, nth=nth)


def extreme(t: Telling) -> Rich:
    of, end = t.reading.extreme.get("of"), t.reading.extreme.get("end", "most")
    event = t.events[0]
    measured = {"duration": event.length, "age": event.age, "confidence": event.confidence}.get(str(of))
    if measured is None:
        return listed(t)
    told = {
        "length": t.voice.length(event.length) if event.length is not None else None,
        "percent": t.voice.number(100 * event.confidence),
        "person": t.person(event) or None,
        "age": t.voice.age(event.age) if event.age is not None else None,
    }
    if t.count > 1:
        return t.say(f"extreme.ties_{of}_{end}", count=t.voice.number(t.count), **told) + t.lines()
    noun, moment, detail = t.event_noun(event), t.moment(event), t.detail(event, person=of != "age")
    return t.say(f"extreme.{of}_{end}", event=noun, moment=moment, detail=detail, **told)


def sequence(t: Telling) -> Rich:
    within = t.reading.sequence.get("within")
    sides = sides_of(t)
    if not sides:
        return listed(t)
    event = t.events[0]
    if within is not None:
        sides["within"] = t.voice.length(within)
        if t.count == 1:
            return t.say("sequence.one", moment=t.moment(event), detail=t.detail(event), **sides)
    key = "sequence.after" if within is None else "sequence.many"
    return t.say(key, count=t.voice.number(t.count), **sides) + t.lines()


def absence(t: Telling) -> Rich:
    sides = sides_of(t)
    if not sides:
        return listed(t)
    if t.count == 1:
        event = t.events[0]
        return t.say("absence.one", moment=t.moment(event), detail=t.detail(event), **sides)
    return t.say("absence.many", count=t.voice.number(t.count), **sides) + t.lines()


def sides_of(t: Telling) -> dict[str, object]:
    first, then = t.reading.sequence.get("first"), t.reading.sequence.get("then")
    if first is None or then is None:
        return {}
    return {
        "first": describe.what(t, first),
        "then": describe.what(t, then),
        "first_one": describe.what(t, first, several=False),
        "then_one": describe.what(t, then, several=False),
    }


def path(t: Telling) -> Rich:
    tracks = t.reading.filters.get("tracks") or []
    named = {"track": t.quoted(tracks[0])} if len(tracks) == 1 else {}
    key = "track_" if named else ""
    if t.count == 1:
        event = t.events[0]
        return t.say(f"path.{key}one", moment=t.moment(event), detail=t.detail(event), **named)
    return t.say(f"path.{key}many", count=t.voice.number(t.count), **named) + t.lines()


def summary(t: Telling) -> Rich:
    """How many of each type, then the ones that deserve a look; all of them where they are few."""
    scope, count = describe.scope(t), t.voice.number(t.count)
    if t.count == 1:
        return t.say("summary.one", scope=scope, count=count, line=t.line(t.events[0]))
    what = describe.what(t)
    if not t.evidence.whole:
        return t.say("summary.many_plain", scope=scope, what=what, count=count) + t.lines()
    tallies = Counter(event.event_type for event in t.events).most_common()
    told = join(", ", [t.voice.tally(code, n) for code, n in tallies])
    head = t.say("summary.many", scope=scope, what=what, count=count, tallies=told)
    if t.count <= 10:
        return head + t.lines()
    notable = _notable(t)
    return head + t.say("summary.notable") + t.lines(notable, count=len(notable)) if notable else head


def _notable(t: Telling) -> list[EventRow]:
    return [event for event in t.events if event.severity > 0]
