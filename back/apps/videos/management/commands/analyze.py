import shutil
import time
import uuid

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.db.models import Analysis, Video
from apps.http.errors import Conflict, InvalidInput
from apps.jobs.control import GaveUp
from apps.videos.analysis.queueing import queue_analysis
from apps.videos.analysis.running import fail_analysis, run_analysis


class Command(BaseCommand):
    help = "Analyses one video here and now, with a progress bar; started again, it goes on where it stopped."

    def add_arguments(self, parser):
        parser.add_argument("video", type=int, help="the video's id")
        parser.add_argument("--detectors", help="with commas between (default: ANALYZE_DETECTORS)")
        parser.add_argument("--from", dest="start", type=float, help="the second to begin at")

    def handle(self, *args, **options):
        video = Video.objects.filter(pk=options["video"]).first()
        if video is None:
            raise CommandError(f"There is no video {options['video']}.")
        names = [name for name in (options["detectors"] or "").split(",") if name] or None
        try:
            queue_analysis(video, detectors=names, start=options["start"])
        except InvalidInput as error:
            raise CommandError(error.problems[0].detail) from None
        except Conflict as error:
            raise CommandError(str(error.detail)) from None
        # The queued job finds that another has taken its place, and ends.
        job = uuid.uuid4()
        Analysis.objects.filter(pk=video.pk).update(job=job)
        begun = time.monotonic()
        try:
            run_analysis(video.pk, job, progress=lambda seconds: self._bar(seconds, video.duration or 0.0))
        except GaveUp as error:
            fail_analysis(job, str(error))
            raise CommandError(str(error)) from None
        except BaseException:
            self._stopped(video, job)
            raise
        count = video.events.count()
        self.stderr.write("")
        self.stdout.write(
            f"{count} events; {time.monotonic() - begun:.1f} s for {video.duration:g} s of video"
        )

    def _stopped(self, video: Video, job: uuid.UUID) -> None:
        if Analysis.objects.filter(pk=video.pk, job=job).update(
            state=Analysis.State.CANCELLED, finished_at=timezone.now()
        ):
            Video.objects.filter(pk=video.pk).update(status=Video.Status.UPLOADED)

    def _bar(self, seconds: float, duration: float) -> None:
        share = min(1.0, seconds / duration) if duration else 1.0
        width = max(10, min(60, shutil.get_terminal_size().columns - 30))
        filled = "#" * round(share * width)
        self.stderr.write(f"\r[{filled:<{width}}] {share:4.0%} {seconds:8.0f} s", ending="")
        self.stderr.flush()
