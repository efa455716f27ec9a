"""The background job, and what becomes of the video when it is given up."""

from uuid import UUID

from django.dispatch import receiver
from django_tasks import TaskContext, TaskResult, TaskResultStatus, task
from django_tasks.signals import task_finished

from apps.jobs.control import GaveUp
from apps.jobs.queue import HEAVY
from apps.videos.analysis.running import fail_analysis, run_analysis

OURS = "The analysis failed several times by an error of this service, not of the video. Its log says more."


@task(queue_name=HEAVY, takes_context=True)
def analyze_video(context: TaskContext, video_id: int) -> str:
    return run_analysis(video_id, UUID(context.task_result.id))


@receiver(task_finished, dispatch_uid="analysis gave up")
def tell_the_video(sender: type, task_result: TaskResult, **kwargs: object) -> None:
    if task_result.status == TaskResultStatus.FAILED and task_result.task.func is analyze_video.func:
        fail_analysis(UUID(task_result.id), words_of(task_result))


def words_of(task_result: TaskResult) -> str:
    """What a job that gave up said for people; other errors' texts are not for them."""
    error = task_result.errors[-1]
    name = f"{GaveUp.__module__}.{GaveUp.__qualname__}"
    if error.exception_class_path == name:
        return error.traceback.rpartition(f"{name}: ")[2].strip()
    return OURS
