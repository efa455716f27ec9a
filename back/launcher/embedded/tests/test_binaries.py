import os
import stat
import tempfile
from pathlib import Path

import pytest

from launcher.embedded import EmbeddedError, binaries
from launcher.embedded.identity import Identity, setup_identity

USER = setup_identity()


@pytest.fixture
def closed_install(data_dir, monkeypatch):
    """The wheel below a folder that only its owner may enter."""
    real = binaries._installed_prefix()
    link = data_dir.parent / real.name
    link.symlink_to(real)
    monkeypatch.setattr(binaries, "_installed_prefix", lambda: link)
    return link


@pytest.fixture
def place(monkeypatch):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder, "copies")
        monkeypatch.setattr(binaries, "COPY_PLACES", (place,))
        yield place


def test_own_user_runs_the_wheel_where_it_is(closed_install, place):
    assert binaries.usable_binaries(None).prefix == closed_install
    assert not place.exists()


def test_another_user_gets_one_private_copy(closed_install, place):
    if USER is None:
        pytest.skip("only root can start a server as somebody else")
    first = binaries.usable_binaries(USER)
    assert place in first.prefix.parents
    assert first.major >= 18
    assert binaries.usable_binaries(USER) == first
    assert len(list(place.iterdir())) == 1
    for folder, _, files in os.walk(place):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            assert path.stat().st_uid == 0
            assert stat.S_IMODE(path.stat().st_mode) & 0o022 == 0


def test_a_place_that_belongs_to_somebody_else_is_not_trusted(closed_install, place):
    if USER is None:
        pytest.skip("only root can start a server as somebody else")
    place.mkdir()
    os.chown(place, USER.uid, USER.gid)
    with pytest.raises(EmbeddedError, match="cannot reach"):
        binaries.usable_binaries(USER)
    assert not list(place.iterdir())


def test_no_binaries_for_this_machine_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(binaries, "_installed_prefix", lambda: tmp_path)
    with pytest.raises(EmbeddedError, match="set DATABASE_URL"):
        binaries.usable_binaries(Identity(os.getuid(), os.getgid()) if USER is None else None)
