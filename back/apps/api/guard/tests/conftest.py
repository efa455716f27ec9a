"""Some footage for the SQL of the cases to find: every type, every gender, gaps, ties, three videos."""

import random
from datetime import UTC, datetime

import pytest

from apps.db.models import Event, Video
from semantics import VOCABULARY

_PLACES = ["계산대", "입구", "주류 코너", "checkout", "'1+1' 50% 할인 매대", "화장품 코너", ""]
_ACTIONS = ["가방에 물건을 넣음", "running", "", "칼을 들고 있음"]


@pytest.fixture
def footage(make_video) -> list[int]:
    """The ids of its videos: 1 and 2 with a wall clock, 3 without."""
    dice = random.Random(7)
    starts = [datetime(2026, 3, 2, 5, 0, tzinfo=UTC), datetime(2026, 3, 2, 14, 30, tzinfo=UTC), None]
    videos = [
        make_video(
            pk=n, name=f"video {n}", camera=f"CAM-0{n}", site="강남점", recorded_at=start, duration=1800.0,
            analyzed_until=1800.0,
        )
        for n, start in enumerate(starts, 1)
    ]  # fmt: skip
    Event.objects.bulk_create(_event(dice, dice.choice(videos)) for _ in range(240))
    return [video.pk for video in videos]


def _event(dice: random.Random, video: Video) -> Event:
    start = dice.choice([float(dice.randrange(0, 1700)), dice.random() * 1700])
    return Event(
        video=video,
        timestamp=start,
        end_timestamp=dice.choice([None, start + dice.randrange(1, 90)]),
        event_type=dice.choice(VOCABULARY.event_types).code,
        action_detected=dice.choice(_ACTIONS),
        location=dice.choice(_PLACES),
        age=dice.choice([None, *range(5, 80)]),
        gender=dice.choice(["male", "female", "unknown"]),
        confidence=dice.choice([0.5, 0.75, 0.9, 0.95]),
        track_id=dice.choice([None, *(f"P{n:03d}" for n in range(1, 25))]),
        description=dice.choice(["CAM-01에 찍힌 남자가 가방을 든 채 나간다.", "A woman with a bag.", ""]),
    )
