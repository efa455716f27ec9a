"""What a server holds once it runs."""

import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from launcher.embedded import EmbeddedPostgres, connection_urls
from launcher.embedded.layout import Layout

from .conftest import query, server_process


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Path, dict[str, str]]]:
    folder = Path(tempfile.mkdtemp(prefix="playhead "))
    with EmbeddedPostgres(folder, throwaway=True) as urls:
        yield folder, urls
    assert not folder.exists()


def test_owner_has_what_a_hosted_database_gives_and_no_more(running):
    url = running[1]["DATABASE_URL"]
    rights = "rolsuper, rolbypassrls, rolreplication, rolcreatedb, rolcreaterole"
    assert (
        query(url, f"SELECT ROW({rights})::text FROM pg_roles WHERE rolname = current_user") == "(f,f,f,t,t)"
    )
    assert query(
        url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    ) == ("playhead")


def test_new_databases_have_vector_without_a_superuser(running):
    url = running[1]["DATABASE_URL"]
    assert query(url, "SELECT '[1,2]'::vector <-> '[1,3]'") == 1
    query(url, "CREATE DATABASE another")
    assert query(url.removesuffix("playhead") + "another", "SELECT '[1,2]'::vector <-> '[1,3]'") == 1


def test_owner_can_make_the_reader_and_grant_to_it(running):
    url, reader = running[1]["DATABASE_URL"], running[1]["READER_DATABASE_URL"]
    password = reader.split(":")[2].split("@")[0]
    query(url, "CREATE TABLE thing (id int); INSERT INTO thing VALUES (7)")
    query(
        url,
        f"CREATE ROLE playhead_reader LOGIN PASSWORD '{password}'; GRANT SELECT ON thing TO playhead_reader",
    )
    assert query(reader, "SELECT id FROM thing") == 7
    query(url, "DROP TABLE thing; DROP ROLE playhead_reader")


def test_a_password_is_always_asked_for(running):
    url = running[1]["DATABASE_URL"]
    address = url.partition("@")[2]
    for user in ("postgres", "playhead", "playhead:wrong"):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            query(f"postgresql://{user}@{address}", "SELECT 1")


def test_listens_on_loopback_alone(running):
    listening = [
        connection.laddr
        for connection in server_process(running[0]).net_connections("all")
        if connection.status == psutil.CONN_LISTEN or connection.family == socket.AF_UNIX
    ]
    assert [address.ip for address in listening] == ["127.0.0.1"]


def test_nothing_is_readable_by_others(running):
    layout = Layout(running[0])
    for path in (layout.root, layout.cluster, *(path for path in layout.root.iterdir() if path.is_file())):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_connection_urls_come_from_the_data_directory_alone(running, tmp_path):
    assert connection_urls(running[0]) == running[1]
    assert connection_urls(tmp_path) == {}
