"""What the detectors of a video are given: its zones, and a way to ask Claude what a picture shows."""

from typing import Any

from django.conf import settings

from apps.db.models import Video


def setup_of(video: Video) -> Any:
    from apps.videos.detectors import Setup, zones_from

    see = None
    if settings.USE_BEDROCK:
        from apps.videos.analysis.vision import seeing_model

        see = seeing_model()
    return Setup(
        zones=zones_from(video.zones),
        loiter_seconds=float(settings.LOITER_SECONDS),
        crowd_size=settings.CROWD_SIZE,
        see=see,
        vision_budget_usd=settings.VISION_BUDGET_USD,
        video_name=video.name,
    )
