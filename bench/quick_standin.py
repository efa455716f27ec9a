"""The Bedrock stand-in with a memory: each question is thought about once, so that what is timed is its
client. Prints its address; writes each request that it had not seen to a file, for the plain calls."""

import json
import re
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "back"))

from llm.standin import Standin
from llm.standin.answers import usage
from llm.standin.mind import mind
from llm.standin.script import Answer, Recorded, Reply

_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.S)


def main() -> None:
    delay, seen = float(sys.argv[1]), Path(sys.argv[2])
    known: dict[tuple[str, str, bool], Answer | None] = {}

    def quickly(request: Recorded) -> Answer | None:
        of_plan = "outputConfig" in request.body or "toolConfig" in request.body
        key = (request.operation, question_of(request), of_plan)
        if key not in known:
            answer = mind(request)
            if isinstance(answer, Reply):
                answer = replace(answer, delay=delay, pause=0.0, usage=usage(answer, request.body))
            known[key] = answer
            line = {"question": json.loads(key[1]), "operation": key[0], "model": request.target}
            with seen.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line | {"body": request.body}) + "\n")
        return known[key]

    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    with Standin(mind=quickly) as standin:
        Path(sys.argv[3]).write_text(standin.url)
        done.wait()


def question_of(request: Recorded) -> str:
    texts = (block.get("text", "") for block in request.body["messages"][-1]["content"])
    return _QUESTION.findall("\n".join(texts))[-1]


if __name__ == "__main__":
    main()
