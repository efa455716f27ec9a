"""What the detectors of a video are given: zones, clock, what finds things, and a way to ask Claude."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.db.models import Video
from apps.jobs.control import GaveUp


def setup_of(video: Video, detectors: Iterable[str]) -> Any:
    """Raises GaveUp where the model that a detector needs is not there any more, or cannot be used."""
    from apps.videos.detectors import WITH_MODEL, Setup, zones_from

    see = None
    if settings.USE_BEDROCK:
        from apps.videos.analysis.vision import seeing_model

        see = seeing_model()
    return Setup(
        zones=zones_from(video.zones),
        clock=_clock_of(video),
        finder=_finder() if WITH_MODEL & set(detectors) else None,
        loiter_seconds=float(settings.LOITER_SECONDS),
        crowd_size=settings.CROWD_SIZE,
        see=see,
        vision_budget_usd=settings.VISION_BUDGET_USD,
        video_name=video.name,
    )


def model_is_there() -> bool:
    """Looks no further than at the names: nothing that is heavy is loaded for it."""
    model = Path(settings.DETECTOR_MODEL)
    return model.is_file() and model.with_suffix(".json").is_file()


def _finder() -> Any:
    from apps.videos.detectors.objects import DescriptionError
    from apps.videos.detectors.objects.finding import finder_of

    try:
        return finder_of(Path(settings.DETECTOR_MODEL))
    except DescriptionError as error:
        raise GaveUp(f"The model that finds people, vehicles and bags: {error}") from error


def _clock_of(video: Video) -> Callable[[float], datetime | None]:
    begun = video.recorded_at
    if begun is None:
        return lambda seconds: None
    zone = ZoneInfo(video.timezone)
    return lambda seconds: (begun + timedelta(seconds=seconds)).astimezone(zone)
