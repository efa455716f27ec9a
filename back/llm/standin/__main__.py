"""`python -m llm.standin --port 8090`: a Bedrock to work against without AWS."""

import argparse
import signal
import sys
import threading
from dataclasses import replace

from llm.standin.mind import mind
from llm.standin.script import Answer, Recorded, Reply
from llm.standin.server import Standin

SERVICES = ("BEDROCK", "BEDROCK_RUNTIME", "BEDROCK_AGENT_RUNTIME")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m llm.standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer of a model takes")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between the pieces of a stream")
    given = parser.parse_args()

    def slowly(request: Recorded) -> Answer | None:
        answer = mind(request)
        return replace(answer, delay=given.delay, pause=given.pause) if isinstance(answer, Reply) else answer

    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    with Standin(host=given.host, port=given.port, mind=slowly) as standin:
        lines = [f"export AWS_ENDPOINT_URL_{service}={standin.url}" for service in SERVICES]
        lines += ["export AWS_ACCESS_KEY_ID=standin AWS_SECRET_ACCESS_KEY=standin USE_BEDROCK=true"]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        done.wait()


if __name__ == "__main__":
    main()
