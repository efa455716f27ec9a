"""Puts the analysis of a video into the queue, in the transaction that says so on the row."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.db.models import Analysis, Video
from apps.http.errors import Conflict, InvalidInput, Problem
from apps.videos.analysis.setup import model_is_there


def checked_names(names: Sequence[str] | None) -> list[str]:
    """Those wanted, or the settings' own; in the order of the registry. Raises InvalidInput."""
    # Detectors bring OpenCV with them, which most requests have no use for.
    from apps.videos.detectors import DETECTORS, WITH_MODEL

    wanted = settings.ANALYZE_DETECTORS if names is None else names
    missing = set() if model_is_there() else WITH_MODEL & set(wanted)
    if missing and names is None:
        # Those of the settings are looked with as far as they are there.
        wanted = [name for name in wanted if name not in missing]
        missing = set()
    problems = [
        Problem(
            "unknown_detector", f"There is no detector {name}; there are {', '.join(DETECTORS)}.", "detectors"
        )
        for name in wanted
        if name not in DETECTORS
    ]
    if "claude" in wanted and not settings.USE_BEDROCK:
        problems.append(
            Problem(
                "not_available", "The detector claude needs Bedrock, which is switched off here.", "detectors"
            )
        )
    problems += [
        Problem(
            "not_available",
            f"The detector {name} needs a model (DETECTOR_MODEL), which is not there.",
            "detectors",
        )
        for name in sorted(missing)
    ]
    if not wanted:
        problems.append(Problem("required", "Name at least one detector.", "detectors"))
    if problems:
        raise InvalidInput(problems)
    return [name for name in DETECTORS if name in wanted]


def queue_analysis(
    video: Video, *, detectors: Sequence[str] | None = None, start: float | None = None
) -> Analysis:
    """Goes on where an unfinished analysis by the same detectors stopped, unless a start is given."""
    names = checked_names(detectors)
    if not video.file:
        raise Conflict("This video has no file that could be analysed.", code="no_file")
    if start is not None and video.duration is not None and start >= video.duration:
        raise InvalidInput([Problem("too_late", f"The video lasts {video.duration:g} s.", "from")])
    from apps.videos.analysis.job import analyze_video

    with transaction.atomic():
        # One at a time may say which job the video's analysis is.
        Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        before = Analysis.objects.filter(video=video).first()
        resumable = before is not None and before.detectors == names and before.state != Analysis.State.DONE
        position, memory = 0.0, None
        if start is not None:
            position = start
        elif resumable and before is not None:
            position, memory = Video.objects.get(pk=video.pk).analyzed_until, before.memory
        result = analyze_video.enqueue(video.pk)
        analysis, _ = Analysis.objects.update_or_create(
            video=video,
            defaults={
                "state": Analysis.State.QUEUED,
                "job": result.id,
                "detectors": names,
                "started_from": position,
                "memory": memory,
                "rate": None,
                "error": "",
                "queued_at": timezone.now(),
                "started_at": None,
                "finished_at": None,
            },
        )
        Video.objects.filter(pk=video.pk).update(
            status=Video.Status.UPLOADED, analyzed_until=position, error="", updated_at=timezone.now()
        )
    video.refresh_from_db(fields=["status", "analyzed_until", "error"])
    return analysis
