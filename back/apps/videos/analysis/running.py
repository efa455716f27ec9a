"""Analyses a video from where it stands to its end; the same for the worker and for the shell."""

import logging
import time
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from apps.db.models import Analysis, Video
from apps.jobs.control import GaveUp, Interrupted, stop_requested
from apps.videos.analysis.setup import setup_of
from apps.videos.analysis.windows import Superseded, store_window
from apps.videos.storage import files

logger = logging.getLogger(__name__)

# How often the database is asked whether the video is still there and the job still ours.
LOOK_SECONDS = 1.0


class _Watch:
    """Says whether to go on, often and cheaply."""

    def __init__(self, video_id: int, job: UUID) -> None:
        self._video_id, self._job = video_id, job
        self._looked = time.monotonic()
        self.superseded = False

    def __call__(self) -> bool:
        if stop_requested():
            return True
        if not self.superseded and time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            self.superseded = not Analysis.objects.filter(pk=self._video_id, job=self._job).exists()
        return self.superseded


def run_analysis(video_id: int, job: UUID, *, progress: Callable[[float], None] | None = None) -> str:
    """→ how it ended, in a word. Raises Interrupted, GaveUp, or what may work another time."""
    from apps.videos.detectors import AnalysisOptions, analyse, build
    from apps.videos.frames import Cancelled
    from apps.videos.probe import ProbeError

    mine = Analysis.objects.filter(pk=video_id, job=job)
    analysis = mine.select_related("video").first()
    if analysis is None:
        return "superseded"
    video = analysis.video
    mine.update(state=Analysis.State.RUNNING, started_at=timezone.now(), error="", updated_at=timezone.now())
    Video.objects.filter(pk=video_id).update(
        status=Video.Status.ANALYZING, error="", updated_at=timezone.now()
    )
    watch = _Watch(video_id, job)
    begun, position = time.monotonic(), video.analyzed_until
    try:
        detectors = build(analysis.detectors, setup_of(video, analysis.detectors))
        with files().open(str(video.file)) as file:
            for result in analyse(
                file,
                detectors,
                duration=video.duration or 0.0,
                start=position,
                state=analysis.memory,
                options=AnalysisOptions(decoder_threads=settings.ANALYZE_THREADS),
                cancelled=watch,
            ):
                rate = (result.end - position) / max(time.monotonic() - begun, 0.001)
                store_window(video_id, job, result, rate=round(rate, 2))
                for note in result.notes:
                    logger.info("video %s: %s", video_id, note)
                if progress:
                    progress(result.end)
    except (Cancelled, Superseded):
        if stop_requested() and not watch.superseded:
            raise Interrupted from None
        return "superseded"
    except (ProbeError, ValueError) as error:
        raise GaveUp(str(error)) from error
    except FileNotFoundError as error:
        raise GaveUp("The file of the video is not there any more.") from error
    except MemoryError as error:
        raise GaveUp("Analysing this video takes more memory than a worker may use.") from error
    if mine.update(
        state=Analysis.State.DONE, memory=None, finished_at=timezone.now(), updated_at=timezone.now()
    ):
        Video.objects.filter(pk=video_id).update(
            status=Video.Status.READY, analyzed_until=video.duration or 0.0, updated_at=timezone.now()
        )
    return "done"


def fail_analysis(job: UUID, words: str) -> None:
    mine = Analysis.objects.filter(job=job)
    for video_id in mine.values_list("pk", flat=True):
        Video.objects.filter(pk=video_id).update(
            status=Video.Status.FAILED, error=words, updated_at=timezone.now()
        )
    mine.update(
        state=Analysis.State.FAILED, error=words, finished_at=timezone.now(), updated_at=timezone.now()
    )
