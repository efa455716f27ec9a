"""Small real processes under the supervisor."""

import os
import shlex
import signal
import subprocess
import sys
import time

import psutil
import pytest

from launcher import process, supervisor
from launcher.environment import RunError
from launcher.supervisor import Supervisor


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(process, "FIRST_DELAY", 0.02)
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)


def run_until(condition, commands, tmp_path, seconds=15.0):
    watched = Supervisor(commands, environment={**os.environ, "GREETING": "안녕"}, root=tmp_path)
    watched.ready = True
    deadline = time.monotonic() + seconds

    def tick():
        if condition(watched):
            watched.request_stop(signal.SIGTERM)
        assert time.monotonic() < deadline, "waited in vain"

    try:
        watched.run(tick)
    finally:
        watched.stop()
    assert not any(each.is_running() for each in watched.processes)


def test_lines_carry_the_name_and_the_environment_arrives(tmp_path, capsys):
    commands = {
        "one": "sh -c 'echo $GREETING; sleep 60'",
        "two": "sh -c 'printf unfinished; : > told; sleep 60'",
    }
    seen = []

    def condition(_):
        seen.append(capsys.readouterr().out)
        return "안녕" in "".join(seen) and (tmp_path / "told").exists()

    run_until(condition, commands, tmp_path)
    text = "".join(seen) + capsys.readouterr().out
    assert "one      | 안녕" in text
    assert "two      | unfinished" in text


def test_what_dies_is_started_again_ever_more_slowly(tmp_path, capsys):
    commands = {"brief": "sh -c 'echo x >> count; exit 3'", "steady": "sleep 60"}
    run_until(
        lambda _: (tmp_path / "count").exists() and (tmp_path / "count").stat().st_size > 6,
        commands,
        tmp_path,
    )
    said = capsys.readouterr().out
    assert "brief ended with code 3; starting it again in 0.02 s" in said
    assert "starting it again in 0.04 s" in said
    assert "steady ended" not in said


def test_killed_one_is_replaced(tmp_path, capsys):
    pids = []

    def condition(watched):
        [one] = watched.processes
        if one.child and (not pids or pids[-1] != one.child.pid):
            pids.append(one.child.pid)
            if len(pids) == 1:
                os.kill(pids[0], signal.SIGKILL)
        return len(pids) == 2

    run_until(condition, {"one": "sleep 60"}, tmp_path)
    assert "one was killed (SIGKILL)" in capsys.readouterr().out


def test_deaf_process_and_its_children_are_killed(tmp_path, capsys):
    script = "trap '' TERM; sleep 61 & echo $! > draft; mv draft child; while :; do sleep 0.1; done"
    (tmp_path / "deaf.sh").write_text(script)
    run_until(lambda _: (tmp_path / "child").exists(), {"deaf": "sh deaf.sh"}, tmp_path)
    assert "deaf does not end; killing it" in capsys.readouterr().out
    assert gone(int((tmp_path / "child").read_text()))


def test_before_it_ever_was_up_it_is_given_up(tmp_path, capsys):
    watched = Supervisor({"bad": "sh -c 'echo wrong setting; exit 1'"}, environment=os.environ, root=tmp_path)
    with pytest.raises(RunError, match="bad does not start: it ended with code 1, 5 times"):
        watched.run(lambda: None)
    watched.stop()
    assert "wrong setting" in capsys.readouterr().out


def test_much_output_and_no_newline_are_not_kept_in_memory(tmp_path, capsys):
    (tmp_path / "loud.py").write_text(
        "import time; print('x' * 3_000_000, end='', flush=True); time.sleep(60)"
    )
    command = f"{shlex.quote(sys.executable)} loud.py"
    seen = [0]

    def condition(watched):
        seen[0] += len(capsys.readouterr().out)
        return seen[0] > 2_500_000  # the rest waits for more, or for the end

    run_until(condition, {"loud": command}, tmp_path)


def test_killed_supervisor_takes_everything_with_it(tmp_path):
    script = """if True:
        import os, sys
        from pathlib import Path
        from launcher.supervisor import Supervisor
        watched = Supervisor({"one": "sleep 62"}, environment=os.environ, root=Path(sys.argv[1]))
        watched.run(lambda: watched.processes[0].child and print(watched.processes[0].child.pid, flush=True))
    """
    runner = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
    )
    pid = int(runner.stdout.readline())
    runner.kill()
    runner.wait()
    runner.stdout.close()
    assert gone(pid)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that has no room is Linux's own")  # noqa: PTH110
def test_a_log_without_room_stops_nothing(tmp_path):
    script = """if True:
        import os, sys, signal
        from pathlib import Path
        from launcher.supervisor import Supervisor
        place = Path(sys.argv[1])
        full, log = os.dup(1), os.open(place / "log", os.O_WRONLY | os.O_CREAT)
        command = "sh -c 'while :; do echo some words; echo x >> count; sleep 0.01; done'"
        watched = Supervisor({"one": command}, environment=os.environ, root=place)
        watched.ready = True
        def tick():
            count = (place / "count").stat().st_size if (place / "count").exists() else 0
            if count > 40:  # there is room again
                os.dup2(log, watched._printer.output.fileno())
            if "lines are lost" in (place / "log").read_text():
                watched.request_stop(signal.SIGTERM)
        watched.run(tick)
        watched.stop()
    """
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=full,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0
    log = (tmp_path / "log").read_text()
    assert "some words" in log.split("lines are lost")[0]


def gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
