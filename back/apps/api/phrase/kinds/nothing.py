"""Nothing was found: said together with what was looked for, where, and whether that has been seen at all."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from apps.api.phrase import describe
from apps.api.phrase.gaps import Gap, analysed, gaps
from apps.api.phrase.kinds.events import sides_of
from apps.api.phrase.rich import Rich, join
from apps.api.phrase.telling import Telling


def nothing(t: Telling, *, yes_or_no: bool = False) -> Rich:
    found = gaps(t)
    told = {"scope": describe.scope(t), "what": describe.what(t)}
    if outside := _outside(t, found):
        return outside
    unanalysed = [gap for gap in found if not gap.outside and _short(gap)]
    blind = _without_clock(t)
    if unanalysed:
        far = analysed(t, unanalysed)
        wholly = len(unanalysed) == len(t.coverage or t.videos) and all(gap.unseen for gap in unanalysed)
        key = "nothing.unseen" if wholly else "nothing.partly"
        return t.say(key, analysed=far, **told) + blind
    if yes_or_no:
        return t.say(f"{t.yes_or_no}.none", **told) + blind
    return _plain(t, told) + _ends(t, found) + blind


def _plain(t: Telling, told: dict[str, Rich]) -> Rich:
    intent = t.reading.intent
    if intent in ("sequence", "absence") and (sides := sides_of(t)):
        within = t.reading.sequence.get("within")
        if intent == "absence":
            return t.say("absence.none", scope=told["scope"], **sides)
        if within is None:
            return t.say("sequence.after_none", scope=told["scope"], **sides)
        return t.say("sequence.none", scope=told["scope"], within=t.voice.length(within), **sides)
    if intent == "nth" and t.reading.nth:
        return t.say("order.nth_none", nth=t.voice.ordinal(t.reading.nth), **told)
    return t.say(f"{t.yes_or_no if intent == 'existence' else 'list'}.none", **told)


def _short(gap: Gap) -> bool:
    end = gap.coverage.to if gap.video.duration is None else min(gap.coverage.to, gap.video.duration)
    return gap.coverage.analyzed_until < end


def _outside(t: Telling, found: list[Gap]) -> Rich:
    if t.reading.clock is not None and not t.reading.clock.get("windows"):
        video = next((v for v in t.videos if v.recorded_at and v.duration), None)
        return t.say("nothing.outside_clock", recorded=_recorded(t, video.id) if video else Rich())
    if found and len(found) == len(t.coverage) and all(gap.outside for gap in found):
        longest = max(found, key=lambda gap: gap.video.duration or 0.0).video
        return t.say(
            "nothing.outside", video=t.video_name(longest.id), length=t.voice.length(longest.duration or 0.0)
        )
    return Rich()


def _recorded(t: Telling, video_id: int) -> Rich:
    video = t.video(video_id)
    if video is None or video.recorded_at is None or video.duration is None:
        return Rich()
    start = video.recorded_at.astimezone(ZoneInfo(video.timezone))
    low, high = describe.clock_ends(t, start, start + timedelta(seconds=int(video.duration)), video)
    return t.say("nothing.recorded", video=t.video_name(video.id), low=low, high=high)


def _ends(t: Telling, found: list[Gap]) -> Rich:
    """The span reaches past the end of the one recording that was searched."""
    if len(t.videos) != 1 or not found or found[0].video.duration is None:
        return Rich()
    return t.say("nothing.ends", length=t.voice.length(found[0].video.duration))


def _without_clock(t: Telling) -> Rich:
    if t.reading.clock is None:
        return Rich()
    names = [t.video_name(i) for i in t.reading.without_clock if t.video(i)]
    return t.say("nothing.no_clock", videos=join(", ", names[:3])) if names else Rich()
