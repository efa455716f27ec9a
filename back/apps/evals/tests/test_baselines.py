"""What the offline engine has reached it keeps: sets with a baseline are asked whole, as a person asks."""

import os
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.api.asking.offline import forget_connections as forget_offline_connections
from apps.evals import baseline
from apps.evals.question_sets import available, load

KEPT = [name for name in available() if "text2sql" in baseline.read(load(name).baseline)]


@pytest.fixture(scope="module")
def offline_engine():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "text2sql.app:app",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    environment = os.environ | {"PYTHONPATH": str(settings.BASE_DIR / "back")}
    with subprocess.Popen(command, env=environment) as server:
        try:
            _wait_for(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            forget_offline_connections()
            server.terminate()


def _wait_for(server: subprocess.Popen, port: int) -> None:
    for _ in range(300):
        assert server.poll() is None, "the offline engine did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the offline engine does not listen after 30 seconds")


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.django_db(transaction=True)
def test_accuracy_never_falls(name, offline_engine, settings):
    settings.TEXT2SQL_URL = offline_engine
    call_command("evaluate", name)
