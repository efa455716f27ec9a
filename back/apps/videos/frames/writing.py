"""A video that is written whole or not at all."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import cast
from uuid import uuid4

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

_DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EMFILE}


@contextmanager
def new_video(target: Path, *, container: str, options: dict[str, str]) -> Iterator[OutputContainer]:
    """Under another name until it is finished: `target` appears complete, or, if anything fails, does not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with av.open(str(unfinished), "w", format=container, options=options) as output:
            yield output
        unfinished.replace(target)
    except av.FFmpegError as error:
        if error.errno in _DISK_TROUBLE:  # of this machine, not of the video: nobody shall take it for damage
            raise OSError(error.errno, os.strerror(error.errno), str(target)) from error
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def add_pictures(
    output: OutputContainer, codec: str, *, rate: Fraction, clock: Fraction, options: Mapping[str, str]
) -> VideoStream:
    """PyAV types a new stream by the codec's name, which is known only when it runs."""
    stream = cast(VideoStream, output.add_stream(codec, rate=rate, options=dict(options)))
    stream.codec_context.time_base = clock
    stream.pix_fmt = "yuv420p"
    return stream


def add_sound(output: OutputContainer, codec: str, *, rate: int, layout: str) -> AudioStream:
    return cast(AudioStream, output.add_stream(codec, rate=rate, layout=layout))
