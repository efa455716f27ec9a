"""What the probe found, from the video's row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from apps.db.models import Video

if TYPE_CHECKING:
    from apps.videos.probe import VideoProbe


def facts_of(video: Video) -> VideoProbe:
    from apps.videos.probe import VideoProbe

    facts = dict(video.media)
    created_at = facts.pop("created_at", None)
    return VideoProbe(**facts, created_at=datetime.fromisoformat(created_at) if created_at else None)
