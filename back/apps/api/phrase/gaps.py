"""Which part of what was asked has not been seen: outside the recording, or not analysed yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.api.phrase.rich import Rich, join
from apps.api.phrase.telling import Telling
from apps.api.types import Coverage, VideoInfo

# Analysis that stops within a second of the end has seen the whole: durations are rounded by containers.
SLACK = 1.0


@dataclass(frozen=True, slots=True)
class Gap:
    video: VideoInfo
    coverage: Coverage

    @property
    def outside(self) -> bool:
        """Nothing of the span lies in the recording."""
        return self.video.duration is not None and self.coverage.from_ >= self.video.duration

    @property
    def unseen(self) -> bool:
        """Nothing of the span has been analysed."""
        return self.coverage.analyzed_until <= self.coverage.from_


def gaps(t: Telling) -> list[Gap]:
    return [
        Gap(video, covered)
        for covered in t.coverage or whole_videos(t.videos)
        if not covered.complete and (video := t.video(covered.video_id))
    ]


def whole_videos(videos: Sequence[VideoInfo]) -> tuple[Coverage, ...]:
    """What is covered when all of each video was asked about."""
    return tuple(
        Coverage(
            video_id=video.id,
            from_=0.0,
            to=video.duration or video.analyzed_until,
            analyzed_until=video.analyzed_until,
            complete=video.status == "ready" and video.analyzed_until + SLACK >= (video.duration or 0.0),
        )
        for video in videos
    )


def analysed(t: Telling, found: Sequence[Gap]) -> Rich:
    """How far each of these videos has been analysed: "25분까지", with names where there are several."""
    told = [
        t.say("coverage.until", until=t.voice.offset(gap.coverage.analyzed_until))
        if gap.coverage.analyzed_until > 0
        else t.say("coverage.not_begun")
        for gap in found[:3]
    ]
    if len(t.videos) > 1:
        told = [
            t.say("coverage.of_video", video=t.video_name(gap.video.id), until=each)
            for gap, each in zip(found, told, strict=False)
        ]
    more = len(found) - len(told)
    return join(", ", told) + (t.say("coverage.more", count=more) if more > 0 else Rich())


def note(t: Telling) -> Rich:
    """Said after a figure or a list that rests on less than what was asked for."""
    found = gaps(t)
    if not found:
        return Rich()
    inside = [gap for gap in found if not gap.outside]
    cut = [
        gap
        for gap in inside
        if gap.coverage.analyzed_until + SLACK < min(gap.coverage.to, gap.video.duration or gap.coverage.to)
    ]
    if cut:
        return t.say("coverage.note", analysed=analysed(t, cut))
    beyond = found[0].video.duration
    return t.say("coverage.note_ends", length=t.voice.length(beyond)) if beyond else Rich()
