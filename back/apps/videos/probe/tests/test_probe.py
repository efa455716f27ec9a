import io
import random
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import av
import numpy as np
import pytest

from apps.videos.probe import ProbeError, ProbeLimits, probe
from apps.videos.probe.process import _IMPORT_PATH
from apps.videos.probe.reading import read_probe
from apps.videos.testing import make_clip


def clip(**kwargs) -> bytes:
    buffer = io.BytesIO()
    make_clip(buffer, **kwargs)
    return buffer.getvalue()


def refused(data: bytes, *, limits: ProbeLimits | None = None, sandbox: bool = False) -> str:
    """Most cases are judged in this process, which is quicker; the sandboxed way has its own tests below."""
    judge = probe if sandbox else read_probe
    with pytest.raises(ProbeError) as caught:
        judge(io.BytesIO(data), limits=limits or ProbeLimits())
    assert caught.value.detail == str(caught.value)
    return caught.value.code


def facts(data: bytes):
    return read_probe(io.BytesIO(data), limits=ProbeLimits())


# --- what is taken ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("container", "codec", "fps"),
    [
        ("mp4", "libx264", 10),
        ("mov", "libx264", 10),
        ("matroska", "libx264", 10),
        ("webm", "libvpx", 10),
        ("avi", "mpeg4", 10),
        ("mpegts", "libx264", 10),
        ("mpeg", "mpeg2video", 25),
        ("flv", "flv", 10),
        ("asf", "wmv2", 10),
    ],
)
def test_every_container_on_the_list_is_read(container, codec, fps):
    found = facts(clip(container=container, codec=codec, fps=fps))
    assert (found.width, found.height, found.fps) == (160, 120, pytest.approx(fps))
    assert found.duration == pytest.approx(2.0, abs=0.1)


def test_what_a_phone_writes_is_read_in_the_sandbox(tmp_path):
    path = tmp_path / "clip.mp4"
    make_clip(path, audio=True, rotation=90, metadata={"creation_time": "2026-03-02T05:00:00Z"})
    found = probe(path)
    assert (found.container, found.video_codec, found.audio_codec) == ("mov", "h264", "aac")
    assert (found.rotation, found.shown_size) == (90, (120, 160))
    assert found.created_at == datetime(2026, 3, 2, 5, tzinfo=UTC)
    assert found.size == path.stat().st_size


def test_a_file_without_descriptor_is_read_through_a_socket_and_only_in_part():
    class Counting(io.BytesIO):
        read_bytes = 0

        def read(self, size=-1):
            data = super().read(size)
            Counting.read_bytes += len(data)
            return data

    data = clip(
        seconds=40, size=(64, 48), codec_options={"g": "10", "qp": "0", "preset": "ultrafast"}, draw=noise
    )
    assert probe(Counting(data)).duration == pytest.approx(40.0, abs=0.2)
    assert Counting.read_bytes < len(data) / 2


def noise(picture, seconds):
    picture[:] = np.random.default_rng(int(seconds * 100)).integers(0, 255, picture.shape, dtype="uint8")


def test_a_single_picture_is_a_short_video():
    assert facts(clip(seconds=0.1)).duration == pytest.approx(0.1)


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_negative_timestamps_count_from_the_first_shown_moment(container):
    data = clip(container=container, first_moment=-1.0, options={"avoid_negative_ts": "disabled"})
    assert 0.9 <= facts(data).duration <= 2.1


def test_a_stream_that_starts_late_lasts_as_long_as_it_shows():
    assert facts(clip(container="mpegts", first_moment=500.0)).duration == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-02T05:00:00Z", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("1904-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("2200-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_only_a_plausible_creation_time_counts(written, read):
    assert facts(clip(metadata={"creation_time": written}, container="matroska")).created_at == read


def test_tomorrow_is_within_what_a_wrong_time_zone_explains():
    now = datetime(2026, 3, 2, tzinfo=UTC)
    data = clip(metadata={"creation_time": (now + timedelta(hours=12)).isoformat()}, container="matroska")
    assert read_probe(io.BytesIO(data), limits=ProbeLimits(), now=now).created_at is not None
    assert read_probe(io.BytesIO(data), limits=ProbeLimits(), now=now - timedelta(days=2)).created_at is None


# --- what is refused ----------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 60000, 60000, 8, 6, 0, 0, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"just some text, renamed to .mp4\n" * 50, "not_a_video"),
        (b"<!DOCTYPE html><video src='x'></video>", "not_a_video"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n", "not_a_video"),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://169.254.169.254/latest/meta-data/\n", "not_a_video"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "not_a_video"),
        (b"<?xml version='1.0'?><MPD><BaseURL>file:///etc/</BaseURL></MPD>", "not_a_video"),
        (PNG + b"\0" * 1000, "not_a_video"),
        (b"GIF89a" + b"\0" * 1000, "not_a_video"),
        (b"RIFF\x00\x10\x00\x00WAVEfmt " + b"\0" * 1000, "not_a_video"),
        (b"\0\0\0\x1cftypavif" + b"\0" * 1000, "not_a_video"),
        (b"\0\0\0\x1cftypisom" + b"\xff" * 1000, "unreadable"),
        (b"\x1aE\xdf\xa3" + b"\xa5" * 4000, "unreadable"),
        (b"G" * 2000, "unreadable"),
        (b"\0" * 4096, "not_a_video"),
    ],
)
def test_what_is_no_video_is_told_so(data, code):
    assert refused(data) == code
    if data:
        assert refused(data, sandbox=data[:2] == b"#E") == code


def test_a_playlist_inside_a_known_container_opens_nothing():
    """A QuickTime reference movie names another file; the picture track has no bytes of its own."""
    data = bytearray(clip(container="mov"))
    at = data.index(b"url \x00\x00\x00\x01")
    data[at : at + 8] = b"url \x00\x00\x00\x00"
    found = facts(bytes(data))
    assert found.video_codec == "h264"  # read from the file itself, whatever the reference says


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}, {"movflags": "frag_keyframe+empty_moov"}])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_an_mp4_that_was_cut_off(options, kept, tmp_path):
    make_clip(tmp_path / "clip.mp4", seconds=4, options=options, draw=noise)
    data = (tmp_path / "clip.mp4").read_bytes()
    assert refused(data[: int(len(data) * kept)]) == "truncated"


@pytest.mark.parametrize(("container", "codec"), [("matroska", "libx264"), ("avi", "mpeg4")])
def test_another_container_that_was_cut_off(container, codec):
    data = clip(seconds=4, container=container, codec=codec, draw=noise)
    assert refused(data[: len(data) // 2]) == "truncated"


def test_sound_alone():
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=48000, layout="mono")
        for start in range(0, 48000, 1024):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            silence.sample_rate, silence.pts = 48000, start
            output.mux(sound.encode(silence))
        output.mux(sound.encode())
    assert refused(buffer.getvalue()) == "no_video_stream"


def test_a_codec_that_is_no_video_codec():
    """A PNG inside a video container: a few bytes that unpack to gigabytes."""
    assert refused(clip(container="mov", codec="png", pixel_format="rgb24")) == "unsupported_codec"


def test_sixty_thousand_pixels_square():
    data = bytearray(clip(container="mov", codec="mjpeg", pixel_format="yuvj420p"))
    sizes = struct.pack(">HH", 120, 160)
    big = struct.pack(">HH", 60000, 60000)
    assert data.count(sizes) >= 20  # every JPEG's own header
    data = data.replace(sizes, big).replace(struct.pack(">HH", 160, 120), big)
    assert refused(bytes(data)) in ("too_large_picture", "unreadable")
    assert refused(bytes(data), sandbox=True) in ("too_large_picture", "unreadable")


def test_a_picture_beyond_the_limit():
    assert refused(clip(size=(320, 240)), limits=ProbeLimits(max_pixels=160 * 120)) in (
        "too_large_picture",
        "unreadable",
    )
    assert refused(clip(size=(320, 240)), limits=ProbeLimits(max_side=200)) == "too_large_picture"


def test_longer_than_is_taken():
    assert refused(clip(seconds=5), limits=ProbeLimits(max_duration=4.0)) == "too_long"


def test_seconds_that_claim_a_thousand_hours():
    """Matroska states its length in the header, in a float that nothing else depends on."""
    data = bytearray(clip(container="matroska"))
    at = data.index(b"\x44\x89\x88")  # Duration, eight bytes, in milliseconds
    data[at + 3 : at + 11] = struct.pack(">d", 3_600_000_000.0)
    assert refused(bytes(data)) == "implausible_duration"


def test_an_mp4_whose_pictures_claim_to_stand_for_hours():
    """FFmpeg itself gives up such an index after the first picture: what is left is a short video."""
    data = bytearray(clip(codec="mpeg4"))
    at = data.index(b"stts") + 8
    assert struct.unpack_from(">II", data, at) == (1, 20)
    struct.pack_into(">I", data, at + 8, 0x7FFFFFFF)
    assert facts(bytes(data)).duration == pytest.approx(2.0)


def test_zero_frames_per_second():
    data = bytearray(clip(container="avi", codec="mpeg4"))
    at = data.index(b"avih") + 8
    struct.pack_into("<I", data, at, 0)  # microseconds per frame
    scale = data.index(b"strh") + 8 + 20
    struct.pack_into("<II", data, scale, 0, 0)
    found = facts(bytes(data))
    assert (found.fps, found.duration) == (25.0, pytest.approx(0.8))


# --- the sandbox --------------------------------------------------------------------------------------


def test_too_slow_is_ended():
    assert refused(clip(), limits=ProbeLimits(wall_seconds=0.01), sandbox=True) == "timed_out"


def test_too_much_memory_is_ended():
    data = clip(size=(3840, 2160), seconds=0.2)
    # Enough for the libraries, not for decoding pictures of that size.
    assert refused(data, limits=ProbeLimits(memory_bytes=64 * 1024**2), sandbox=True) == "unreadable"


def test_the_sandbox_opens_nothing(tmp_path):
    """After shut_in there is no way to a file, a socket, a pipe or a process."""
    script = """
import os, socket, sys
from apps.videos.probe.child import shut_in, warm_up
from apps.videos.probe.facts import ProbeLimits
warm_up(); shut_in(ProbeLimits())
for attempt in (lambda: open('/etc/passwd'), socket.socket, os.pipe, lambda: open(sys.argv[1], 'w'),
                lambda: os.open('/etc/hosts', os.O_RDONLY)):
    try:
        attempt()
    except OSError:
        continue
    sys.exit('opened')
print(sorted(os.environ))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "written")],
        env={"PYTHONPATH": _IMPORT_PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_cannot_start_is_our_fault(monkeypatch):
    monkeypatch.setattr("apps.videos.probe.process.sys.executable", "/bin/false")
    with pytest.raises(RuntimeError):
        probe(io.BytesIO(clip()))


# --- damage of every kind -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"container": "matroska"},
        {"container": "mpegts"},
        {"container": "avi", "codec": "mpeg4"},
        {"options": {"movflags": "frag_keyframe+empty_moov"}},
    ],
)
def test_damaged_files_are_read_or_refused_and_nothing_else(kind):
    """Bytes changed by dice that fall the same in each run; mostly at the start, where the structure is."""
    whole, dice = clip(seconds=1.5, **kind), random.Random(7)
    outcomes = set()
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 5, 40))):
            data[dice.randrange(min(len(data), dice.choice((300, 10**6))))] = dice.randrange(256)
        try:
            outcomes.add(facts(bytes(data)).video_codec)
        except ProbeError as error:
            outcomes.add(error.code)
    assert len(outcomes) > 1
