"""What runs in a container before and beside the roles themselves. `make containers-test` runs the image."""

import os
import re
import subprocess
import sys
import time

import boto3
import pytest
from moto import mock_aws

from config.env import ROOT
from launcher.container import health, starting
from launcher.container.offsite import copy_finished
from launcher.container.secrets_files import make_secrets
from launcher.container.starting import StartError
from launcher.container.trim import SERVICES, trim


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TMPDIR"}}
    given = bare | {"PYTHONPATH": str(ROOT / "back"), "ENV_FILE": "/dev/null"} | environment
    command = [sys.executable, "-m", "launcher.container", *arguments]
    return subprocess.run(
        command, env=given, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "line"),
    [
        (["web"], {}, "DATABASE_URL is not set"),
        (["web"], {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"}, "SECRET_KEY: must be set"),
        (
            ["worker"],
            {"DATABASE_URL": "sqlite:///x", "SECRET_KEY": "s" * 40},
            "DATABASE_URL: wants postgres://",
        ),
        (
            ["migrate"],
            {"DATABASE_URL_FILE": "/nowhere/url"},
            "DATABASE_URL_FILE: /nowhere/url cannot be read",
        ),
        (["secrets"], {}, "wants one folder"),
        (["offsite", "/backups"], {}, "wants a folder and an address"),
        (["wbe"], {}, "there is no role 'wbe'"),
    ],
)
def test_a_wrong_start_is_one_line(tmp_path, arguments, environment, line):
    done = run(*arguments, DATA_DIR=str(tmp_path / "data"), TMPDIR=str(tmp_path), **environment)
    assert done.returncode == 78
    assert done.stdout == ""
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert line in done.stderr


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = run(
        "web",
        DATA_DIR=str(tmp_path / "file" / "data"),
        TMPDIR=str(tmp_path),
        DATABASE_URL="postgresql://a:b@c/d",
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (78, 1)
    assert "cannot be written" in done.stderr


def test_secrets_are_made_once(tmp_path, capsys):
    make_secrets([str(tmp_path)])
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert len(set(made.values())) == len(made) == 5
    assert made["postgres_owner_password"] in made["database_url"]
    assert all(text not in capsys.readouterr().out for text in made.values())
    make_secrets([str(tmp_path)])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == made
    (tmp_path / "secret_key").unlink()
    with pytest.raises(StartError, match="but not secret_key"):
        make_secrets([str(tmp_path)])


def test_only_finished_backups_go_to_s3_and_only_once(tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "key")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.mp4").write_bytes(b"film")
    (tmp_path / "database-1.dump").write_bytes(b"dump")
    (tmp_path / "database-2.dump.part").write_bytes(b"half")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="kept")
        assert copy_finished(client, tmp_path, "s3://kept/site/") == [
            "site/database-1.dump",
            "site/media/a.mp4",
        ]
        assert copy_finished(client, tmp_path, "s3://kept/site/") == []
        (tmp_path / "database-1.dump").write_bytes(b"a longer dump")
        assert copy_finished(client, tmp_path, "s3://kept/site/") == ["site/database-1.dump"]
        assert client.get_object(Bucket="kept", Key="site/database-1.dump")["Body"].read() == b"a longer dump"


@pytest.mark.parametrize(("age", "code"), [(1, 0), (120, 1), (None, 1)])
def test_a_silent_worker_is_not_healthy(tmp_path, monkeypatch, age, code):
    monkeypatch.setattr(health, "ROLE_FILE", tmp_path / "role")
    (tmp_path / "role").write_text("worker")
    alive = tmp_path / "alive"
    if age is not None:
        alive.touch()
        os.utime(alive, (time.time() - age,) * 2)
    monkeypatch.setenv("WORKER_ALIVE_FILE", str(alive))
    assert health.main() == code


@pytest.mark.parametrize("role", ["web", "text2sql"])
def test_a_service_that_does_not_answer_is_not_healthy(tmp_path, monkeypatch, role):
    monkeypatch.setattr(health, "ROLE_FILE", tmp_path / "role")
    (tmp_path / "role").write_text(role)
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("TEXT2SQL_PORT", "1")
    assert health.main() == 1


def test_a_secret_key_of_development_is_kept(tmp_path):
    first = starting._kept_secret(tmp_path / "secret_key")
    assert len(first) > 40
    assert starting._kept_secret(tmp_path / "secret_key") == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_trimming_keeps_what_the_code_calls(tmp_path):
    """Descriptions of services that nobody calls, tests and pip go; django.test stays, Django imports it."""
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    for name in ("botocore/data/s3", "botocore/data/ec2", "pip", "cv2/data", "django/test", "numpy/tests"):
        (packages / name).mkdir(parents=True)
        (packages / name / "file").write_bytes(b"x" * 10)
    assert trim(tmp_path) == 40
    left = {str(path.relative_to(packages)) for path in packages.rglob("file")}
    assert left == {"botocore/data/s3/file", "django/test/file"}


def test_the_image_knows_every_client_that_the_code_makes():
    made = set()
    for path in (ROOT / "back").rglob("*.py"):
        if "tests" not in path.parts:
            made |= set(re.findall(r'client\(\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert made - SERVICES == set()
    assert {"s3", "bedrock-runtime"} <= made
