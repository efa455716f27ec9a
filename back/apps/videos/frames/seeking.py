"""The picture that is on the screen at a moment, counted in seconds from the video's first picture."""

from collections.abc import Iterator, Sequence
from itertools import islice

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from apps.videos.frames.clock import PictureClock, stream_start
from apps.videos.frames.errors import NoPicture

# Between two keyframes lie seconds, seldom minutes; beyond that many pictures the nearest one will do.
_MOST_PICTURES = 900
_NEAR = 0.5
# MPEG-TS has no index: a seek lands anywhere, and the keyframe before it has to be looked for further ahead.
_LEADS = (0.0, 2.0, 10.0, 60.0)
_MOST_PACKETS_TO_A_KEYFRAME = 5000


def packets_from(
    container: InputContainer, video: VideoStream, seconds: float, *, others: Sequence[Stream] = ()
) -> Iterator[Packet]:
    """Packets from the last keyframe at or before the moment on, with those of `others` that follow it."""
    leads = [lead for lead in _LEADS if lead < seconds]
    for lead in leads:
        if not _seek(container, video, seconds - lead):
            break
        found = _from_first_keyframe(container, video, others)
        packet = next(found, None)
        if packet is not None and _moment(packet) <= seconds + 0.001:
            yield packet
            yield from found
            return
    if leads:
        # Aimed before the start: what is shown first was decoded a little earlier.
        _seek(container, video, -10.0) or _seek(container, video, 0.0)
    yield from _from_first_keyframe(container, video, others)


def _seek(container: InputContainer, video: VideoStream, seconds: float) -> bool:
    try:
        container.seek(int((stream_start(video) + seconds) / (video.time_base or 1)), stream=video)
    except av.FFmpegError:
        return False  # it stands where it stood
    return True


def _from_first_keyframe(
    container: InputContainer, video: VideoStream, others: Sequence[Stream]
) -> Iterator[Packet]:
    packets = container.demux([video, *others])
    for packet in islice(packets, _MOST_PACKETS_TO_A_KEYFRAME):
        if packet.stream is video and packet.is_keyframe and packet.pts is not None:
            yield packet
            yield from packets
            return


def _moment(packet: Packet) -> float:
    stream = packet.stream
    assert isinstance(stream, VideoStream)
    if packet.pts is None or packet.time_base is None:
        return float("inf")
    return float(packet.pts * packet.time_base) - stream_start(stream)


def picture_at(
    container: InputContainer, stream: VideoStream, seconds: float, *, exact: bool = True
) -> tuple[float, VideoFrame]:
    """The picture and its own moment. `exact=False` takes the keyframe before the moment: one picture is
    decoded, not up to hundreds."""
    # Decoding in several threads first fills them all, which costs more than it gains for a single picture.
    stream.thread_type = "AUTO" if exact else "NONE"
    seconds = max(0.0, seconds)
    clock = PictureClock(stream)
    shown: tuple[float, VideoFrame] | None = None
    count = 0
    for packet in packets_from(container, stream, seconds):
        # On the way there, pictures that no other one builds on need not be decoded.
        far = packet.pts is not None and _moment(packet) < seconds - _NEAR
        stream.codec_context.skip_frame = "NONREF" if far else "DEFAULT"
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            count += 1
            moment = clock.seconds(frame)
            if shown is not None and (moment is None or moment > seconds + 0.001):
                return shown
            shown = (moment or 0.0, frame)
            if not exact or count >= _MOST_PICTURES:
                return shown
    if shown is None:
        raise NoPicture(f"no picture at {seconds:g} s")
    return shown
