"""The real thing, as somebody at a terminal has it: only the ports and the folder are our own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from launcher.environment import ROOT

from .conftest import free_port

PATIENCE = 60.0


def _as_from_a_terminal() -> None:
    """A shell without job control, as CI has it, starts what it puts behind it deaf to Ctrl-C."""
    for signum in (signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)


class Run:
    def __init__(self, environment, *, through_make=False):
        self.environment = environment
        command = [sys.executable, "-m", "launcher", "up"]
        if through_make:
            makefile = Path(environment["DATA_DIR"]).parent / "Makefile"
            makefile.write_text(f"run:\n\t@exec '{sys.executable}' -m launcher up\n")
            command = ["make", "-f", str(makefile), "run"]
        self.output = Path(environment["DATA_DIR"]).parent / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_as_from_a_terminal,
            )

    def said(self):
        return self.output.read_text()

    def wait_for(self, text, times=1):
        deadline = time.monotonic() + PATIENCE
        while self.said().count(text) < times:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def wait_until_up(self):
        self.wait_for("Playhead is up: http://127.0.0.1:" + self.environment["PORT"])

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", int(self.environment["PORT"]), timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders())
        finally:
            connection.close()

    def members(self):
        """Every process that works for this run, the database included."""
        found = {}
        for process in psutil.process_iter(["name", "cmdline"]):
            try:
                works_here = process.environ().get("PLAYHEAD_RUN") == self.environment["DATA_DIR"]
                keeps_data = process.info["name"] == "postgres" and process.cwd().startswith(
                    self.environment["DATA_DIR"]
                )
                guards = "launcher.embedded.guardian" in process.info["cmdline"] and (
                    self.environment["DATA_DIR"] in process.info["cmdline"]
                )
                if (works_here or keeps_data or guards) and process.status() != psutil.STATUS_ZOMBIE:
                    found[process.pid] = " ".join(process.info["cmdline"])
            except psutil.Error:
                continue
        return found

    def assert_nothing_is_left(self):
        deadline = time.monotonic() + 10
        while left := self.members():
            assert time.monotonic() < deadline, left
            time.sleep(0.05)
        for name in ("PORT", "TEXT2SQL_PORT"):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", int(self.environment[name])))


@pytest.fixture
def environment(bare_environment):
    return bare_environment | {
        "PORT": str(free_port()),
        "TEXT2SQL_PORT": str(free_port()),
        "WEB_CONCURRENCY": "1",
    }


@contextmanager
def running(environment, **options):
    run = Run(environment, **options)
    try:
        yield run
    finally:
        run.end()


def test_it_comes_up_under_a_name_of_its_own_and_is_quiet(environment):
    """As in production: the name that it asks by is one that it answers to."""
    told = {"DEBUG": "false", "ALLOWED_HOSTS": "127.0.0.1", "HTTPS_ONLY": "false"}
    with running(environment | told) as run:
        run.wait_until_up()
        assert run.said().count("DisallowedHost") == 0
        assert len(run.said().splitlines()) < 60


def test_runs_is_killed_heals_and_stops(environment):
    Path(environment["ENV_FILE"]).write_text(
        "USE_BEDROCK=true\nAWS_ENDPOINT_URL_BEDROCK_RUNTIME=http://127.0.0.1:9\n"
    )
    with running(environment, through_make=True) as run:
        run.wait_until_up()
        assert "Sign in as" in run.said()
        status, headers = run.get("/api/health/live/")
        assert status == 200
        assert headers["Server"] == "playhead"

        [web, *_] = [pid for pid, command in run.members().items() if "gunicorn" in command]
        told = psutil.Process(web).environ()
        assert told["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] == "http://127.0.0.1:9"
        assert told["USE_BEDROCK"] == "true"

        with running({**environment, "PORT": str(free_port())}) as second:
            assert second.process.wait(PATIENCE) == 1
            assert second.said().startswith("Playhead already runs here at http://127.0.0.1:")

        psutil.Process(web).kill()
        run.wait_for("web was killed (SIGKILL)")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                assert run.get("/api/health/live/")[0] == 200
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)

        # To make alone, as a program does that does not know about process groups.
        run.process.send_signal(signal.SIGINT)
        run.process.wait(PATIENCE)
        assert "Playhead has stopped." in run.said()
        assert "Traceback" not in run.said()
        run.assert_nothing_is_left()


def test_killed_hard_it_leaves_nothing_and_the_next_run_keeps_the_data(environment):
    with running(environment) as run:
        run.wait_until_up()
        run.process.kill()
        run.process.wait()
        run.assert_nothing_is_left()
    with running(environment) as again:
        again.wait_until_up()
        assert "Migrating" not in again.said()
        os.killpg(again.process.pid, signal.SIGINT)
        os.killpg(again.process.pid, signal.SIGINT)
        assert again.process.wait(PATIENCE) == 0
        again.assert_nothing_is_left()


def test_stopped_while_it_starts(environment):
    with running(environment) as run:
        run.wait_for("Making a PostgreSQL data directory")
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(PATIENCE) == 0
        assert run.said().endswith("Stopped.\n")
        run.assert_nothing_is_left()


@pytest.mark.parametrize("name", ["PORT", "TEXT2SQL_PORT"])
def test_a_port_in_use_is_one_line_and_nothing_starts(environment, name):
    with socket.create_server(("127.0.0.1", int(environment[name]))), running(environment) as run:
        assert run.process.wait(PATIENCE) == 1
        assert run.said().count("\n") == 1
        assert f"port {environment[name]} is in use" in run.said()
        assert f"make run {name}=" in run.said()
        assert run.members() == {}
        assert not Path(environment["DATA_DIR"], "postgres").exists()


def test_manage_has_the_same_database_running_or_not(environment):
    command = [sys.executable, "-m", "launcher", "manage", "shell", "-c"]
    script = (
        "from django.db import connection as c; c.ensure_connection(); print('port', c.settings_dict['PORT'])"
    )
    ports = []
    for _ in range(2):
        done = subprocess.run(
            [*command, script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        ports.append(done.stdout.split("port ")[-1].strip())
    assert ports[0] == ports[1]
