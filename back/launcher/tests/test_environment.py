import os
import stat
from pathlib import Path

import pytest

from launcher.environment import RunError, read_plan, use_database


def dotenv(environment, text):
    Path(environment["ENV_FILE"]).write_text(text)


@pytest.fixture(autouse=True)
def _environment_is_put_back():
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_defaults_are_a_developers(plain_environment):
    plan = read_plan()
    told = plan.environment
    assert plan.needs_postgres
    assert plan.address == "http://127.0.0.1:8088"
    assert told["DEBUG"] == "true"
    assert told["TEXT2SQL_URL"] == "http://127.0.0.1:8089"
    assert told["THROTTLE_USER"] == ""
    assert told["DATA_DIR"] == str(Path(plain_environment["DATA_DIR"]).resolve())


def test_dotenv_reaches_the_processes_and_the_environment_wins(plain_environment, monkeypatch):
    monkeypatch.setenv("AWS_BEDROCK_REGION", "from-environment")
    dotenv(
        plain_environment,
        'USE_BEDROCK=true\nAWS_BEDROCK_REGION=from-file\nPORT=9999\nQUOTED="two words # kept"\n'
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME='http://127.0.0.1:1'\nexport OTHER=x\n",
    )
    plan = read_plan()
    assert plan.port == 9999
    assert plan.environment["USE_BEDROCK"] == "true"
    assert plan.environment["AWS_BEDROCK_REGION"] == "from-environment"
    assert plan.environment["QUOTED"] == "two words # kept"
    assert plan.environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] == "http://127.0.0.1:1"
    assert plan.environment["OTHER"] == "x"


def test_given_settings_stay_as_given(plain_environment):
    dotenv(plain_environment, "DEBUG=false\nTHROTTLE_USER=5/min\nTEXT2SQL_URL=http://elsewhere:1\n")
    told = read_plan().environment
    assert (told["DEBUG"], told["THROTTLE_USER"], told["TEXT2SQL_URL"]) == (
        "false",
        "5/min",
        "http://elsewhere:1",
    )


def test_given_database_means_no_server_of_ours_but_a_reader_on_it(plain_environment):
    dotenv(plain_environment, "DATABASE_URL=postgresql://me:pw@db.example:5433/mine?sslmode=require\n")
    plan = read_plan()
    assert not plan.needs_postgres
    reader = plan.environment["READER_DATABASE_URL"]
    assert reader.startswith("postgresql://playhead_reader:")
    assert reader.endswith("@db.example:5433/mine?sslmode=require")
    assert read_plan().environment["READER_DATABASE_URL"] == reader


def test_secrets_are_made_once_and_are_private(plain_environment):
    key = read_plan().environment["SECRET_KEY"]
    assert len(key) >= 48
    assert read_plan().environment["SECRET_KEY"] == key
    path = Path(plain_environment["DATA_DIR"], "secret_key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_empty_values_of_a_copied_example_count_as_unset(plain_environment):
    dotenv(plain_environment, "SECRET_KEY=\nDATABASE_URL=\nREADER_DATABASE_URL=\nPORT=\nTEXT2SQL_URL=\n")
    plan = read_plan()
    assert plan.needs_postgres
    assert plan.port == 8088
    assert plan.environment["SECRET_KEY"]
    use_database(plan, {"DATABASE_URL": "postgresql://a", "READER_DATABASE_URL": "postgresql://b"})
    assert plan.environment["DATABASE_URL"] == "postgresql://a"
    assert plan.environment["READER_DATABASE_URL"] == "postgresql://b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PORT=eighty", "PORT is 'eighty'"),
        ("PORT=0", "PORT is '0'"),
        ("TEXT2SQL_PORT=70000", "TEXT2SQL_PORT is '70000'"),
        ("PORT=8089", "both 8089"),
        ("DATA_DIR=/proc/nowhere", "cannot be used"),
    ],
)
def test_a_wrong_value_is_one_line(plain_environment, monkeypatch, text, message):
    monkeypatch.delenv(text.split("=")[0], raising=False)
    dotenv(plain_environment, text)
    with pytest.raises(RunError, match=message) as caught:
        read_plan()
    assert "\n" not in str(caught.value)


def test_dotenv_that_is_no_text_is_one_line(plain_environment):
    Path(plain_environment["ENV_FILE"]).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunError, match="cannot be read"):
        read_plan()


def test_a_network_address_is_answered_by_any_name(plain_environment, monkeypatch):
    monkeypatch.setenv("HOST", "0.0.0.0")
    plan = read_plan()
    assert plan.environment["ALLOWED_HOSTS"] == "*"
    assert plan.address == "http://127.0.0.1:8088"
