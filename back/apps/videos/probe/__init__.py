"""Is this file a video, and what are its facts? Asked of a process of its own with nothing to gain there."""

from apps.videos.probe.errors import ProbeError, ProbeErrorCode
from apps.videos.probe.facts import ProbeLimits, VideoProbe
from apps.videos.probe.opening import Source, open_video, video_stream
from apps.videos.probe.process import probe

__all__ = [
    "ProbeError",
    "ProbeErrorCode",
    "ProbeLimits",
    "Source",
    "VideoProbe",
    "open_video",
    "probe",
    "video_stream",
]
