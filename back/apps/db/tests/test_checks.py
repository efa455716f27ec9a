"""Dangerous combinations of settings have a number."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from config.env import ROOT, SCHEME

GOOD = {
    "DEBUG": False,
    "AUTH_REQUIRED": True,
    "HTTPS_ONLY": True,
    "TRUSTED_PROXIES": 1,
    "READER_DATABASE_URL": "postgres://reader:x@h/d",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"AUTH_REQUIRED": False}, ["playhead.W001"]),
        ({"AUTH_REQUIRED": False, "DEBUG": True}, []),
        ({"READER_DATABASE_URL": ""}, ["playhead.W002"]),
        ({"READER_DATABASE_URL": "postgres://{owner}:x@h/d"}, ["playhead.E001"]),
        ({"TRUSTED_PROXIES": 0}, ["playhead.W003"]),
        ({"TRUSTED_PROXIES": 0, "HTTPS_ONLY": False}, ["playhead.W005"]),
    ],
)
def test_dangerous_combinations_have_a_number(settings, changed, expected):
    for name, value in (GOOD | changed).items():
        owner = settings.DATABASES["default"]["USER"]
        setattr(settings, name, value.replace("{owner}", owner) if isinstance(value, str) else value)
    found = run_checks(tags=["security"], include_deployment_checks=True)
    assert [message.id for message in found if message.id.startswith("playhead.")] == expected


def test_the_shell_says_it_too(tmp_path):
    clean = {name: value for name, value in os.environ.items() if name not in SCHEME}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"],
        env=clean
        | {
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "DATABASE_URL": "postgres://u:p@h:5432/d",
            "ALLOWED_HOSTS": "x.example",
            "TRUSTED_PROXIES": "1",
            "READER_DATABASE_URL": "postgres://u:x@h/d",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "playhead.E001" in done.stderr
    assert "W00" not in done.stderr
