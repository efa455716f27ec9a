"""What was looked at, from the span that a model says its SQL searches."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.api.asking.coverage import Span, coverage_of
from apps.api.types import Plan, VideoInfo

START = datetime(2031, 5, 6, 14, 0, tzinfo=UTC)
PLAN = Plan("answer", sql="SELECT 1", engine="bedrock")


def video(**fields) -> VideoInfo:
    given = {"id": 7, "name": "Lobby", "duration": 1200.0, "recorded_at": START, "analyzed_until": 1200.0}
    return VideoInfo(**(given | fields))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("span", "looked_at"),
    [
        (Span(), (0, 1200, True)),
        (Span(600, 900), (600, 900, True)),
        (Span(from_=600), (600, 1200, True)),
        (Span(1500, 1560), (1500, 1560, False)),  # after the end
        (Span(clock_from=at(5), clock_to=at(10)), (300, 600, True)),
        (Span(clock_from=at(0), clock_to=at(60)), (0, 1200, True)),  # an hour, of which a part was recorded
        (Span(clock_from=at(-600), clock_to=at(840)), (0, 1200, True)),  # that day
        (Span(clock_from=at(-300), clock_to=at(-240)), (0, 0, False)),  # before it began
        (Span(clock_from=at(60), clock_to=at(120)), (3600, 7200, False)),  # after it ended
        (Span(300, 600, clock_from=at(7)), (420, 600, True)),
    ],
)
def test_of_one_video(span, looked_at):
    (found,) = coverage_of(PLAN, [video()], span=span)
    assert (found.from_, found.to, found.complete) == looked_at


def test_what_is_not_analysed_yet_is_not_complete():
    (found,) = coverage_of(PLAN, [video(analyzed_until=800.0)], span=Span(600, 900))
    assert (found.analyzed_until, found.complete) == (800.0, False)
    (found,) = coverage_of(PLAN, [video(analyzed_until=800.0)], span=Span(600, 700))
    assert found.complete


def test_by_the_clock_nothing_is_seen_of_a_video_without_one():
    (found,) = coverage_of(PLAN, [video(recorded_at=None)], span=Span(clock_from=at(0)))
    assert (found.to, found.complete) == (0, False)


def test_only_the_videos_that_the_question_chose():
    videos = [video(id=1), video(id=2), video(id=3)]
    assert [c.video_id for c in coverage_of(PLAN, videos, span=Span(videos=(2,)))] == [2]
    assert len(coverage_of(PLAN, videos, span=Span())) == 3
