"""Secrets as files: never beside the variable itself, and one clear line where they cannot be read."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secret_files import MOST_BYTES, SECRETS, read_secret_files


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_stands_for_the_variable(tmp_path, name):
    file = tmp_path / "a secret"
    file.write_text("hunter2\n")
    environ = {f"{name}_FILE": str(file), "OTHER_FILE": "stays"}
    read_secret_files(environ)
    assert environ == {name: "hunter2", "OTHER_FILE": "stays"}


def test_both_is_one_too_many(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        read_secret_files({"SECRET_KEY": "a", "SECRET_KEY_FILE": str(tmp_path)})


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe\x00", b"x" * (MOST_BYTES + 1)])
def test_what_cannot_be_read_is_told_without_the_secret(tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ImproperlyConfigured) as raised:
        read_secret_files({"DATABASE_URL_FILE": str(file)})
    assert str(raised.value).startswith("DATABASE_URL_FILE: ")
    assert "xxx" not in str(raised.value)


def test_an_empty_name_counts_as_not_given():
    environ = {"SECRET_KEY_FILE": "", "SECRET_KEY": "kept"}
    read_secret_files(environ)
    assert environ == {"SECRET_KEY": "kept"}
