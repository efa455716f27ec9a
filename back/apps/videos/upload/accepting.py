"""From stored bytes to a video: looked at, compared with what is there already, and taken, or refused."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO
from unicodedata import normalize

from django.conf import settings
from django.db import connection, transaction
from rest_framework import exceptions

from apps.db.models import Upload, Video
from apps.db.models.video import EARLIEST, LATEST
from apps.db.shared.release import release_connection
from apps.http.errors import Conflict, InvalidInput, Problem
from apps.videos.analysis.queueing import queue_analysis
from apps.videos.catalog.cameras import zones_of_camera
from apps.videos.playback.copying import queue_copy
from apps.videos.storage import files
from apps.videos.upload.fields import UploadFields

if TYPE_CHECKING:
    from apps.videos.probe import VideoProbe

logger = logging.getLogger(__name__)

CHUNK = 1024 * 1024


def accept(upload: Upload, *, fields: UploadFields, filename: str = "", sha256: str = "") -> Video:
    """The bytes are stored under the upload's key. Raises InvalidInput or Conflict; then nothing is kept."""
    try:
        release_connection()
        with files().open(upload.key) as file:
            facts = _looked_at(file)
            if upload.length not in (None, facts.size):
                detail = f"{facts.size} bytes arrived, {upload.length} were announced."
                raise InvalidInput([Problem("wrong_size", detail, "file")])
            sha256 = sha256 or digest(file)
        if fields.sha256 and fields.sha256 != sha256:
            detail = f"The file that arrived has another digest: {sha256}."
            raise InvalidInput([Problem("checksum_mismatch", detail, "sha256")])
        with transaction.atomic():
            if not fields.allow_duplicate:
                _refuse_twice(upload.owner_id, sha256)
            video = _create(upload, facts=facts, fields=fields, filename=filename, sha256=sha256)
            _conclude(upload, video)
    except (InvalidInput, Conflict) as error:
        refuse(upload, error)
        raise
    logger.info("video %s: %s bytes taken", video.pk, facts.size)
    return video


def _looked_at(file: BinaryIO) -> VideoProbe:
    # Decoders are loaded by the first upload, not at the start of every process.
    from apps.videos.probe import ProbeError, ProbeLimits, probe

    limits = ProbeLimits(max_duration=settings.VIDEO_MAX_HOURS * 3600.0)
    try:
        return probe(file, limits=limits)
    except ProbeError as error:
        raise InvalidInput([Problem(error.code, error.detail, "file")]) from None


def digest(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()


def _refuse_twice(owner_id: int | None, sha256: str) -> None:
    with connection.cursor() as cursor:
        # Two uploads of the same file at once: the second one waits here for the first, and sees it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{owner_id}:{sha256}"])
    known = Video.objects.filter(owner_id=owner_id, sha256=sha256).order_by("id").first()
    if known is not None:
        raise Conflict(
            f"This file is already here as video {known.pk} (“{known.name}”). "
            "Send allow_duplicate=true to take it a second time.",
            code="duplicate",
        )


def _create(upload: Upload, *, facts: VideoProbe, fields: UploadFields, filename: str, sha256: str) -> Video:
    from apps.videos.frames import content_type, is_browser_playable

    width, height = facts.shown_size
    playable = is_browser_playable(facts)
    recorded_at = fields.recorded_at or facts.created_at
    if recorded_at is not None and not EARLIEST <= recorded_at <= LATEST:
        recorded_at = None
    video = Video.objects.create(
        owner_id=upload.owner_id,
        name=fields.name or normalize("NFC", PurePath(filename).stem)[:200].strip() or "video",
        camera=fields.camera,
        site=fields.site,
        zones=zones_of_camera(upload.owner_id, camera=fields.camera, site=fields.site),
        timezone=fields.timezone,
        recorded_at=recorded_at,
        duration=facts.duration,
        file=upload.key,
        size=facts.size,
        sha256=sha256,
        width=width,
        height=height,
        fps=facts.fps,
        media=media_of(facts),
        content_type=content_type(facts) if playable else _TYPES.get(facts.container, "video/x-unknown"),
        playback=Video.Playback.DIRECT if playable else Video.Playback.PENDING,
    )
    if not playable:
        queue_copy(video)
    if settings.ANALYZE_ON_UPLOAD if fields.analyze is None else fields.analyze:
        queue_analysis(video, detectors=fields.detectors)
    return video


_TYPES = {
    "mov": "video/mp4", "matroska": "video/x-matroska", "avi": "video/x-msvideo", "flv": "video/x-flv",
    "asf": "video/x-ms-asf", "ogg": "video/ogg", "mpeg": "video/mpeg", "mpegts": "video/mp2t",
}  # fmt: skip


def media_of(facts: VideoProbe) -> dict[str, Any]:
    return asdict(facts) | {"created_at": facts.created_at and facts.created_at.isoformat()}


def _conclude(upload: Upload, video: Video) -> None:
    if upload.kind == Upload.Kind.FORM:
        upload.delete()
        return
    upload.state, upload.video = Upload.State.ACCEPTED, video
    upload.save(update_fields=["state", "video"])


def refuse(upload: Upload, error: exceptions.APIException) -> None:
    if isinstance(error, InvalidInput):
        problem = {"code": error.problems[0].code, "detail": error.problems[0].detail}
    else:
        problem = {"code": str(error.get_codes()), "detail": str(error.detail)}
    if upload.kind == Upload.Kind.FORM:
        drop(upload)
        return
    # Before the bytes: if their removal fails, housekeeping does it when the row expires.
    upload.state, upload.problem = Upload.State.REFUSED, problem
    upload.save(update_fields=["state", "problem"])
    files().discard(upload.key)


def drop(upload: Upload) -> None:
    """Bytes first: as long as they may be there, the row is."""
    # A commit whose answer was lost: the video is there after all.
    if not Video.objects.filter(file=upload.key).exists():
        files().discard(upload.key)
    Upload.objects.filter(pk=upload.pk).delete()
