"""Opens somebody else's video: from bytes already at hand, in the container that its first bytes show."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from apps.videos.probe.errors import ProbeError
from apps.videos.probe.facts import ProbeLimits
from apps.videos.probe.formats import HEAD_BYTES, sniff

Source = str | Path | BinaryIO

KNOWN_CODECS = frozenset(
    {
        *("h264", "hevc", "av1", "vp8", "vp9", "theora"),
        *("mpeg1video", "mpeg2video", "mpeg4", "mjpeg", "h263", "h263p", "h263i", "flv1"),
        *("msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "vc1"),
        *("prores", "dnxhd", "dvvideo"),
    }
)


def _refuse(url: str, _flags: int, _options: dict[str, str]) -> Any:
    raise PermissionError(f"a video may not open other files: {url[:80]!r}")


@contextmanager
def source_file(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            yield file
    else:
        yield source


@contextmanager
def open_video(source: Source, *, max_pixels: int = ProbeLimits().max_pixels) -> Iterator[InputContainer]:
    """Raises ProbeError for a container that is not on the list, or that does not open as what it claims."""
    with source_file(source) as file:
        file.seek(0)
        head = file.read(HEAD_BYTES)
        if not head:
            raise ProbeError("empty", "The file is empty.")
        name = sniff(head)
        if name is None:
            raise ProbeError(
                "not_a_video",
                "This is not a video file. "
                "MP4, MOV, MKV, WebM, AVI, MPEG-TS, MPEG-PS, FLV, WMV and OGV are taken.",
            )
        file.seek(0)
        try:
            container = av.open(
                file,
                "r",
                format=name,
                # max_pixels also holds for pictures whose size changes in mid-stream.
                options={"max_pixels": str(max_pixels), "protocol_whitelist": "none"},
                metadata_errors="replace",
                io_open=_refuse,
            )
        except (av.FFmpegError, ValueError, OverflowError) as error:
            raise ProbeError("unreadable", "The file begins like a video but cannot be opened.") from error
        with container:
            try:
                yield container
            except av.FFmpegError as error:
                raise ProbeError("unreadable", "The file is damaged: it cannot be read on.") from error


def video_stream(container: InputContainer) -> VideoStream:
    """The first stream of moving pictures; cover art does not count."""
    for stream in container.streams.video:
        if Disposition.attached_pic not in stream.disposition:
            name = codec_name(stream)
            if name not in KNOWN_CODECS:
                raise ProbeError("unsupported_codec", f"Pictures in the format {name} are not supported.")
            return stream
    raise ProbeError("no_video_stream", "The file has no moving pictures in it.")


def codec_name(stream: Stream) -> str:
    """The format's name; a decoder may be called otherwise (libdav1d for av1)."""
    return str(stream.codec_context.codec.canonical_name) if stream.codec_context else "unknown"
