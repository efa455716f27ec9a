"""The demo's videos get a file to play: drawn from their events once, and kept in DATA_DIR."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django_tasks import task

from apps.db.models import Video
from apps.jobs.queue import HEAVY
from apps.videos.retention.removing import remove_files
from apps.videos.storage import files, new_key

logger = logging.getLogger(__name__)

_SCENE_FIELDS = (
    "timestamp", "end_timestamp", "event_type", "location", "gender", "track_id", "action_detected",
    "description",
)  # fmt: skip


def give_clips(video_ids: list[int], *, progress: Callable[[str], None] | None = None) -> int:
    """→ how many videos got a new file. Those whose clip is still the right one are left alone."""
    given = 0
    for video in Video.objects.filter(pk__in=video_ids).order_by("pk"):
        path = _drawn(video)
        if path is not None and _give(video, path):
            given += 1
            if progress:
                progress(f"video {video.pk} ({video.name}): {path.stat().st_size // 1024} KB")
    return given


def _drawn(video: Video) -> Path | None:
    from apps.videos.demo import demo_clip, scene_of

    if not video.duration:
        return None
    # What the demo brought; what somebody adds later is not worth drawing everything anew.
    events = video.events.filter(source="demo").order_by("timestamp", "id").values(*_SCENE_FIELDS)
    described = {
        name: getattr(video, name)
        for name in ("name", "camera", "site", "duration", "recorded_at", "timezone")
    }
    return demo_clip(scene_of(described, list(events)), folder=settings.DATA_DIR / "demo")


def _give(video: Video, path: Path) -> bool:
    from apps.videos.frames import content_type
    from apps.videos.probe import probe
    from apps.videos.upload.accepting import media_of

    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if video.sha256 == sha256 and _is_there(str(video.file)):
        return False
    facts = probe(path)
    key, old = new_key(), str(video.file)
    sink = files().sink(key)
    sink.write(data)
    sink.finish()
    width, height = facts.shown_size
    # An earlier clip goes; or this one, if somebody was faster.
    with transaction.atomic():
        updated = Video.objects.filter(pk=video.pk, file=old).update(
            file=key,
            size=facts.size,
            sha256=sha256,
            width=width,
            height=height,
            fps=facts.fps,
            media=media_of(facts),
            content_type=content_type(facts),
            playback=Video.Playback.DIRECT,
        )
        superfluous = old if updated else key
        if superfluous:
            remove_files.enqueue(superfluous)
    return bool(updated)


def _is_there(key: str) -> bool:
    try:
        return bool(key) and files().size(key) > 0
    except FileNotFoundError:
        return False


@task(queue_name=HEAVY)
def draw_clips(video_ids: list[int]) -> int:
    return give_clips(video_ids)
