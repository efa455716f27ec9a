"""All that a kind of answer needs, and the small things that every kind says: a moment, a line, a person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from apps.api.phrase.reading import Reading
from apps.api.phrase.rich import Rich, cited, fill, join
from apps.api.phrase.sentences import sentence
from apps.api.phrase.stored import clean
from apps.api.phrase.voices import Voice
from apps.api.types import Coverage, EventRow, Evidence, Result, VideoInfo

SPELLED_OUT = 10  # as many events get a line of their own; the rest is counted


@dataclass(frozen=True)
class Telling:
    reading: Reading
    result: Result
    evidence: Evidence
    coverage: Sequence[Coverage]
    videos: Sequence[VideoInfo]
    voice: Voice
    now: datetime
    denied: bool = False  # the question expects a no: "도난은 없었지?"

    @property
    def yes_or_no(self) -> str:
        """Which sentences answer a question whether there was something."""
        return "denial" if self.denied else "existence"

    def say(self, key: str, /, **values: object) -> Rich:
        return fill(sentence(self.voice.code, key), values, self.voice.inflect)

    @property
    def events(self) -> tuple[EventRow, ...]:
        return self.evidence.events

    @property
    def count(self) -> int:
        return max(self.evidence.count, len(self.evidence.events))

    @cached_property
    def _videos(self) -> dict[int, VideoInfo]:
        return {video.id: video for video in self.videos}

    def video(self, video_id: int) -> VideoInfo | None:
        return self._videos.get(video_id)

    @cached_property
    def several_videos(self) -> bool:
        return len(self.videos) > 1 and len(self.reading.videos) != 1

    def video_name(self, video_id: int) -> str:
        """Its name, with the camera where another video in scope has the same name."""
        video = self.video(video_id)
        if video is None:
            return ""
        twins = Counter(other.name for other in self.videos)[video.name] > 1
        return self.quoted(f"{video.name} · {video.camera}" if twins and video.camera else video.name)

    def quoted(self, text: str) -> str:
        return self.voice.quote(clean(text))

    # --- moments -------------------------------------------------------------------------------------

    def local(self, event: EventRow) -> datetime | None:
        """The event's moment on the wall of the place where the camera hangs."""
        video = self.video(event.video_id)
        zone = ZoneInfo(video.timezone if video else "UTC")
        if event.occurred_at is not None:
            return event.occurred_at.astimezone(zone)
        if video is None or video.recorded_at is None:
            return None
        return video.recorded_at.astimezone(zone) + timedelta(seconds=event.timestamp)

    @cached_property
    def says_days(self) -> bool:
        """Whether a clock time alone would be ambiguous: the events told lie on several days."""
        days = {at.date() for event in self.events if (at := self.local(event))}
        return len(days) > 1 or bool(self.reading.clock)

    def today(self, zone: str) -> date:
        return self.now.astimezone(ZoneInfo(zone)).date()

    def clock(self, at: datetime, *, with_day: bool, zone: str) -> str:
        told = self.voice.clock(at)
        if not with_day:
            return told
        return self.say("moment.on_day", day=self.voice.day(at.date(), self.today(zone)), clock=told).text

    def moment(self, event: EventRow) -> Rich:
        """Where to seek to, with the wall clock if that is known, and the video if there are several."""
        offset = cited(self.voice.offset(event.timestamp), event.id)
        at, video = self.local(event), self.video(event.video_id)
        if at is not None and video is not None:
            told = self.clock(at, with_day=self.says_days, zone=video.timezone)
            offset = self.say("moment.with_clock", offset=offset, clock=told)
        if self.several_videos and video is not None:
            return self.say("moment.in_video", video=self.video_name(video.id), moment=offset)
        return offset

    # --- events --------------------------------------------------------------------------------------

    def person(self, event: EventRow) -> str:
        return self.voice.person(event.age, event.gender)

    def event_noun(self, event: EventRow) -> str:
        return self.voice.event(event.event_type)

    def detail(self, event: EventRow, *, person: bool = True) -> Rich:
        """One sentence or two about a single event, with a space before them; empty if nothing is known."""
        place, action = clean(event.location), clean(event.action_detected)
        who = self.person(event) if person else ""
        said: list[Rich] = []
        if place and who:
            said.append(self.say("detail.place_and_person", place=self.voice.quote(place), person=who))
        elif place:
            said.append(self.say("detail.place", place=self.voice.quote(place)))
        elif who:
            said.append(self.say("detail.person", person=who))
        if action:
            said.append(self.say("detail.action", action=self.voice.quote(action)))
        if event.length and self.reading.asks == "how_long":
            said.append(self.say("detail.length", length=self.voice.length(event.length)))
        return join("", [Rich(" ") + part for part in said])

    def line(self, event: EventRow) -> Rich:
        place, action = clean(event.location), clean(event.action_detected)
        known = [
            self.voice.quote(place) if place else "",
            self.person(event),
            self.voice.quote(action) if action else "",
        ]
        told = self.say("line.event", moment=self.moment(event), kind=self.voice.kind(event.event_type))
        about = join(", ", [part for part in known if part])
        return self.say("line.about", event=told, about=about) if about else told

    def lines(self, events: Sequence[EventRow] | None = None, *, count: int | None = None) -> Rich:
        """One line per event, at most SPELLED_OUT; then how many more there are."""
        events = self.events if events is None else events
        total = max(self.count if count is None else count, len(events))
        shown = [Rich("\n- ") + self.line(event) for event in events[:SPELLED_OUT]]
        if rest := total - len(shown):
            shown.append(Rich("\n- ") + self.say("line.rest", count=self.voice.number(rest)))
        return join("", shown)

    def moments(self) -> Rich:
        """The moments alone, in one row, for an answer that is a number."""
        return join(", ", [self.moment(event) for event in self.events])
