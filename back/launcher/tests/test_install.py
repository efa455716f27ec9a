import subprocess

import pytest

from launcher import install


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One environment, with nothing in it, that every test may spoil."""
    root = tmp_path_factory.mktemp("play head")
    (root / "back").mkdir()
    (root / "requirements.txt").write_text("# nothing\n")
    patch = pytest.MonkeyPatch()
    for name, value in {
        "ROOT": root,
        "VENV": root / ".venv",
        "PYTHON": root / ".venv/bin/python",
        "STATE": root / ".venv/playhead.json",
        "LOG": root / ".venv/pip.log",
    }.items():
        patch.setattr(install, name, value)
    install.install(dev=False)
    yield root
    patch.undo()


def test_is_a_working_environment_with_the_code_on_its_path(made):
    script = "import sys, pip; assert sys.prefix != sys.base_prefix; print(sys.path)"
    told = subprocess.run(
        [made / ".venv/bin/python", "-c", script], capture_output=True, text=True, check=True
    )
    assert str(made / "back") in told.stdout


def test_second_time_nothing_is_done(made, monkeypatch):
    monkeypatch.setattr(install, "run_pip", lambda names: pytest.fail("pip ran again"))
    monkeypatch.setattr(install, "make_venv", lambda: pytest.fail("made again"))
    install.install(dev=False)


def test_changed_requirements_run_pip_and_nothing_more(made, monkeypatch):
    ran = []
    monkeypatch.setattr(install, "run_pip", ran.append)
    monkeypatch.setattr(install, "make_venv", lambda: pytest.fail("made again"))
    (made / "requirements.txt").write_text("# nothing either\n")
    install.install(dev=False)
    install.install(dev=False)
    assert ran == [["requirements.txt"]]


def test_what_the_tests_need_comes_on_top(made, monkeypatch):
    ran = []
    monkeypatch.setattr(install, "run_pip", ran.append)
    (made / "requirements-dev.txt").write_text("# nor here\n")
    install.install(dev=True)
    install.install(dev=True)
    install.install(dev=False)
    assert ran == [["requirements.txt", "requirements-dev.txt"]]


def test_moved_interrupted_or_broken_is_not_trusted(made):
    state = install.read_state()
    assert install.usable(state)
    assert not install.usable({**state, "where": "/elsewhere/.venv"})
    assert not install.usable({**state, "complete": False})
    python = made / ".venv/bin/python"
    target = python.readlink()
    python.unlink()
    assert not install.usable(state)
    python.symlink_to("/nowhere/python3.10")
    assert not install.usable(state)
    python.unlink()
    python.symlink_to(target)


def test_interrupted_pip_leaves_a_mark(made, monkeypatch):
    def interrupted(names):
        raise SystemExit(130)

    monkeypatch.setattr(install, "run_pip", interrupted)
    (made / "requirements.txt").write_text("# changed once more\n")
    with pytest.raises(SystemExit):
        install.install(dev=False)
    assert not install.usable(install.read_state())


def test_pips_own_reason_is_the_one_line(made, monkeypatch):
    (made / "requirements.txt").write_text("--no-index\nno-such-package-of-playhead==1\n")
    install.write_state(installed={}, complete=True)
    with pytest.raises(install.InstallError, match="No matching distribution found for no-such-package"):
        install.install(dev=False)
