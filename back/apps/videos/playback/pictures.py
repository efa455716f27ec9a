"""Thumbnails and clips: made when first asked for, kept beside the video's file until it goes."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from rest_framework import exceptions

from apps.db.models import Event, Video
from apps.videos.files import derived_prefix, files
from apps.videos.playback.copying import work_folder
from apps.videos.playback.facts import facts_of
from apps.videos.playback.sending import Sendable

# The first second is often black, or a camera's logo.
COVER_SHARE = 0.1
COVER_LATEST = 10.0


class NoFile(exceptions.NotFound):
    default_detail = "This video has no file."
    default_code = "no_file"


def thumbnail_of(video: Video, *, seconds: float | None, size: int) -> Sendable:
    at = seconds
    if at is None:
        at = min((video.duration or 0.0) * COVER_SHARE, COVER_LATEST)

    def make(folder: Path) -> tuple[Path, str]:
        from apps.videos.frames import thumbnail

        with files().open(str(video.file)) as file:
            # Any picture will do as a cover; at a moment that was asked for, it has to be that one.
            made = thumbnail(file, seconds=at, max_side=size, exact=seconds is not None)
        path = folder / "thumbnail.jpg"
        path.write_bytes(made.jpeg)
        return path, "image/jpeg"

    name = f"t{round(at * 1000)}-{size}-{'exact' if seconds is not None else 'near'}.jpg"
    return _kept(video, name, "image/jpeg", make, filename=f"{video.name} {at:g}s.jpg")


def clip_of(event: Event) -> Sendable:
    video = event.video
    start = max(0.0, event.timestamp - settings.CLIP_MARGIN_SECONDS)
    last = min(event.end_timestamp or event.timestamp, event.timestamp + settings.CLIP_MOST_SECONDS)
    end = last + settings.CLIP_MARGIN_SECONDS

    def make(folder: Path) -> tuple[Path, str]:
        from apps.videos.frames import cut_clip

        with files().open(str(video.file)) as file:
            clip = cut_clip(file, folder / "clip", probe=facts_of(video), start=start, end=end)
        return clip.path, clip.content_type

    from apps.videos.frames.encoders import browser_encoder

    encoder = browser_encoder()
    name = f"c{round(start * 1000)}-{round(end * 1000)}.{encoder.extension}"
    return _kept(video, name, encoder.content_type, make, filename=f"{video.name} {event.timestamp:g}s.mp4")


def _kept(
    video: Video,
    name: str,
    content_type: str,
    make: Callable[[Path], tuple[Path, str]],
    *,
    filename: str,
) -> Sendable:
    if not video.file:
        raise NoFile
    key = f"{derived_prefix(str(video.file))}{name}"
    try:
        files().size(key)
    except FileNotFoundError:
        _make(video, key, make)
    etag = hashlib.sha256(key.encode()).hexdigest()[:32]
    return Sendable(key, content_type, f'"{etag}"', video.created_at, filename)


def _make(video: Video, key: str, make: Callable[[Path], tuple[Path, str]]) -> None:
    from apps.videos.frames import NoPicture
    from apps.videos.probe import ProbeError

    folder = work_folder()
    try:
        path, content_type = make(folder)
        files().keep(key, path, content_type=content_type)
    except (NoPicture, ProbeError):
        raise exceptions.NotFound(
            "There is no picture at that moment of the video.", code="no_picture"
        ) from None
    except FileNotFoundError:
        raise NoFile("The file of this video is not there any more.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # Deleted meanwhile: what was made for it would stay for ever.
    if not Video.objects.filter(pk=video.pk, file=str(video.file)).exists():
        files().delete([key])
        raise NoFile
