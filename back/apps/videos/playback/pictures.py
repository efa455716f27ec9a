"""Thumbnails and clips: made when first asked for, kept beside the video's file until it goes.

Kept is only what there can be a bounded number of: covers, and the moments of events. A picture of any other
second is made anew each time, or whoever may see a video could fill the disk with them.
"""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from rest_framework import exceptions

from apps.db.models import Event, Video
from apps.http.errors import Unavailable
from apps.videos.playback.copying import work_folder
from apps.videos.playback.facts import facts_of
from apps.videos.playback.sending import Sendable
from apps.videos.storage import derived_prefix, files

# The first second is often black, or a camera's logo.
COVER_SHARE = 0.1
COVER_LATEST = 10.0
SIZES = (160, 320, 640, 1280, 1920)
# Decoding takes a core: more at once only make each other slower, and answers to questions with them.
MOST_AT_ONCE = 2
WAIT_SECONDS = 20.0
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


class NoFile(exceptions.NotFound):
    default_detail = "This video has no file."
    default_code = "no_file"


class NoPictureThere(exceptions.NotFound):
    default_detail = "There is no picture at that moment of the video."
    default_code = "no_picture"


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Unavailable("Too many pictures are being made just now. Try again in a moment.")
    try:
        yield
    finally:
        _turns.release()


def picture_at(video: Video, *, seconds: float, size: int, exact: bool = True) -> bytes:
    """A JPEG of at most this size, in steps."""
    from apps.videos.frames import NoPicture, thumbnail
    from apps.videos.probe import ProbeError

    if not video.file:
        raise NoFile
    try:
        with _turn(), files().open(str(video.file)) as file:
            return thumbnail(file, seconds=seconds, max_side=_step(size), exact=exact).jpeg
    except (NoPicture, ProbeError):
        raise NoPictureThere from None
    except FileNotFoundError:
        raise NoFile("The file of this video is not there any more.") from None


def _step(size: int) -> int:
    return next((step for step in SIZES if step >= size), SIZES[-1])


def cover_of(video: Video, *, size: int) -> Sendable:
    at = min((video.duration or 0.0) * COVER_SHARE, COVER_LATEST)

    def make(folder: Path) -> Path:
        path = folder / "cover.jpg"
        path.write_bytes(picture_at(video, seconds=at, size=size, exact=False))
        return path

    return _kept(video, f"cover-{_step(size)}.jpg", "image/jpeg", make, filename=f"{video.name}.jpg")


def thumbnail_of(event: Event, *, size: int) -> Sendable:
    video, at = event.video, event.timestamp

    def make(folder: Path) -> Path:
        path = folder / "thumbnail.jpg"
        path.write_bytes(picture_at(video, seconds=at, size=size))
        return path

    name = f"t{round(at * 1000)}-{_step(size)}.jpg"
    return _kept(video, name, "image/jpeg", make, filename=f"{video.name} {at:g}s.jpg")


def clip_of(event: Event) -> Sendable:
    video = event.video
    start = max(0.0, event.timestamp - settings.CLIP_MARGIN_SECONDS)
    last = min(event.end_timestamp or event.timestamp, event.timestamp + settings.CLIP_MOST_SECONDS)
    end = last + settings.CLIP_MARGIN_SECONDS

    def make(folder: Path) -> Path:
        from apps.videos.frames import NoPicture, cut_clip
        from apps.videos.probe import ProbeError

        try:
            with _turn(), files().open(str(video.file)) as file:
                return cut_clip(file, folder / "clip", probe=facts_of(video), start=start, end=end).path
        except (NoPicture, ProbeError):
            raise NoPictureThere from None
        except FileNotFoundError:
            raise NoFile("The file of this video is not there any more.") from None

    from apps.videos.frames.encoders import browser_encoder

    encoder = browser_encoder()
    name = f"c{round(start * 1000)}-{round(end * 1000)}.{encoder.extension}"
    return _kept(video, name, encoder.content_type, make, filename=f"{video.name} {event.timestamp:g}s.mp4")


def _kept(
    video: Video,
    name: str,
    content_type: str,
    make: Callable[[Path], Path],
    *,
    filename: str,
) -> Sendable:
    if not video.file:
        raise NoFile
    key = f"{derived_prefix(str(video.file))}{name}"
    try:
        files().size(key)
    except FileNotFoundError:
        _make(video, key, make, content_type)
    etag = hashlib.sha256(key.encode()).hexdigest()[:32]
    return Sendable(key, content_type, f'"{etag}"', video.created_at, filename)


def _make(video: Video, key: str, make: Callable[[Path], Path], content_type: str) -> None:
    folder = work_folder()
    try:
        files().keep(key, make(folder), content_type=content_type)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # Deleted meanwhile: what was made for it would stay for ever.
    if not Video.objects.filter(pk=video.pk, file=str(video.file)).exists():
        files().delete([key])
        raise NoFile
