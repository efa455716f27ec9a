"""Pictures and pieces of a video: thumbnails, clips, and the whole in a form that browsers play."""

from apps.videos.frames.clip import Clip, cut_clip, transcode
from apps.videos.frames.errors import Cancelled, NoPicture
from apps.videos.frames.playable import content_type, is_browser_playable
from apps.videos.frames.thumbnail import Thumbnail, thumbnail

__all__ = [
    "Cancelled",
    "Clip",
    "NoPicture",
    "Thumbnail",
    "content_type",
    "cut_clip",
    "is_browser_playable",
    "thumbnail",
    "transcode",
]
