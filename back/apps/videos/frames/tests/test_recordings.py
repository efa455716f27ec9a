"""Pictures of twelve codecs with sound of ten: looked into, shown, cut and made to play, with their sound."""

import io

import pytest

from apps.videos.frames import cut_clip, is_browser_playable, thumbnail, transcode
from apps.videos.frames.tests.recordings import (
    CONTAINERS,
    PICTURES,
    SECONDS,
    SIZE,
    TONE,
    combinations,
    decode,
    grey_of,
    recording,
)
from apps.videos.probe import ProbeLimits
from apps.videos.probe.reading import read_probe


def test_the_matrix_has_every_container_and_every_pair_that_somebody_writes():
    found = list(combinations())
    for pictures in PICTURES:
        heard = {sound for shown, sound, _ in found if shown == pictures}
        assert len(heard) >= 7, pictures
    assert len(found) >= 12 * 8
    assert {container for *_, container in found} == set(CONTAINERS)


@pytest.mark.parametrize(("pictures", "sound", "container"), list(combinations()))
def test_a_recording_is_taken_shown_cut_and_made_to_play(pictures, sound, container, tmp_path):
    data = recording(pictures, sound, container)
    source = tmp_path / "source"
    source.write_bytes(data)
    found = read_probe(io.BytesIO(data), limits=ProbeLimits())
    assert found.video_codec == pictures
    assert found.audio_codec in {sound, "mp3" if sound == "mp2" else sound}  # some containers say MPEG audio
    assert (found.width, found.height) == SIZE
    assert found.duration == pytest.approx(SECONDS, abs=0.25)

    shown = thumbnail(source, seconds=1.0)
    assert shown.height == SIZE[1]  # its width follows the shape of the pixels, which H.263 makes 12:11
    assert shown.seconds == pytest.approx(1.0, abs=0.13)

    clip = cut_clip(source, tmp_path / "clip", probe=found, start=0.8, end=1.6)
    cut = decode(str(clip.path))
    lasts = clip.end - clip.start
    assert cut.shown[0][1] == pytest.approx(grey_of(clip.start), abs=12)
    assert cut.shown[-1][0] == pytest.approx(lasts, abs=0.25)
    assert cut.grey_at(lasts - 0.2) == pytest.approx(grey_of(clip.end - 0.2), abs=14)
    assert cut.sound_lasts == pytest.approx(lasts, abs=0.35)
    assert cut.tone == pytest.approx(TONE, rel=0.05)

    made = transcode(source, tmp_path / "made", probe=found)
    after = read_probe(io.BytesIO(made.path.read_bytes()), limits=ProbeLimits())
    assert is_browser_playable(after)
    copy = decode(str(made.path))
    assert copy.shown[-1][0] == pytest.approx(SECONDS, abs=0.2)
    assert copy.sound_lasts == pytest.approx(SECONDS, abs=0.25)
    for moment in (0.2, 1.0, 1.8):
        assert copy.grey_at(moment) == pytest.approx(grey_of(moment), abs=14)
    assert copy.tone == pytest.approx(TONE, rel=0.05)
    assert copy.loudness == pytest.approx(0.28, rel=0.4)
