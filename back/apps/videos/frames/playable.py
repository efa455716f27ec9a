"""What every current browser plays as it is."""

from apps.videos.probe import VideoProbe

_EIGHT_BIT = {"yuv420p", "yuvj420p"}
_PLAYS = {
    "mov": ({"h264"}, {"aac", "mp3", None}),
    "matroska": ({"vp8", "vp9", "av1"}, {"opus", "vorbis", None}),
}
# Containers whose packets carry proper times, so that they can be put into another one untouched.
_CARRIES_TIMES = {"mov", "matroska", "mpegts", "flv"}


def is_browser_playable(probe: VideoProbe) -> bool:
    video, audio = _PLAYS.get(probe.container, (set(), set()))
    return probe.video_codec in video and probe.audio_codec in audio and probe.pixel_format in _EIGHT_BIT


def content_type(probe: VideoProbe) -> str:
    return "video/webm" if probe.container == "matroska" else "video/mp4"


def pictures_can_be_copied(probe: VideoProbe) -> bool:
    """H.264 in MKV or MPEG-TS: moved to MP4 in seconds, where encoding would take as long as watching."""
    return (
        probe.video_codec == "h264" and probe.pixel_format in _EIGHT_BIT and probe.container in _CARRIES_TIMES
    )


def sound_can_be_copied(probe: VideoProbe) -> bool:
    """Recorders put G.711 or AC-3 beside their H.264: that is encoded anew, the pictures need not be."""
    return probe.audio_codec in ("aac", "mp3", None)
