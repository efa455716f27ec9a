"""A copy that browsers play of a video that they cannot, made in the background."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus, task
from django_tasks.signals import task_finished

from apps.db.models import Video
from apps.jobs.control import GaveUp, Interrupted, stop_requested
from apps.jobs.queue import HEAVY
from apps.videos.playback.facts import facts_of
from apps.videos.storage import derived_prefix, files


def queue_copy(video: Video) -> None:
    # A person waits to see it: before analyses that are in the queue already.
    copy_for_browsers.using(priority=10).enqueue(video.pk)


@task(queue_name=HEAVY)
def copy_for_browsers(video_id: int) -> str:
    from apps.videos.frames import Cancelled, transcode
    from apps.videos.probe import ProbeError

    waiting = Video.objects.filter(pk=video_id, playback=Video.Playback.PENDING)
    video = waiting.first()
    if video is None:
        return "not needed any more"
    looked = time.monotonic()

    def cancelled() -> bool:
        nonlocal looked
        if stop_requested():
            return True
        if time.monotonic() - looked < 1:
            return False
        looked = time.monotonic()
        return not waiting.exists()

    folder = work_folder()
    try:
        with files().open(str(video.file)) as file:
            copy = transcode(file, folder / "copy", probe=facts_of(video), cancelled=cancelled)
        key = f"{derived_prefix(str(video.file))}copy"
        files().keep(key, copy.path, content_type=copy.content_type)
        done: dict[str, Any] = {"playback_file": key, "playback_type": copy.content_type}
        if not waiting.update(playback=Video.Playback.COPY, updated_at=timezone.now(), **done):
            files().delete([key])
    except Cancelled:
        if stop_requested():
            raise Interrupted from None
        return "the video is gone"
    except (ProbeError, FileNotFoundError, MemoryError) as error:
        raise GaveUp(str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return "done"


def work_folder() -> Path:
    """For what is being made; on the disk that has room for videos."""
    parent = settings.DATA_DIR / "work"
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=parent))


@receiver(task_finished, dispatch_uid="no copy for browsers")
def tell_the_video(sender: type, task_result: TaskResult, **kwargs: object) -> None:
    if task_result.status == TaskResultStatus.FAILED and task_result.task.func is copy_for_browsers.func:
        Video.objects.filter(pk=task_result.args[0], playback=Video.Playback.PENDING).update(
            playback=Video.Playback.FAILED, updated_at=timezone.now()
        )
