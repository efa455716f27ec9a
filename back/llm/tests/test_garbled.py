"""Whatever comes over the wire, what comes out is an answer or one of our errors."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from llm import Llm, LlmOptions, Prompt, errors
from llm.bedrock import apply_guardrail, retrieve
from llm.standin import Raw, Reply, answers, frames

ASK = Prompt.of("언제?")
ODD: list[Any] = [None, 0, -1, "x", "", [], {}, True, 1e99, [None], {"a": 1}, [[]]]
ROUNDS = 60

SPOKEN = answers.converse(Reply(text="hello", reasoning="hm"), {})
USED = answers.converse(Reply(data={"a": 1}), {"toolConfig": {"toolChoice": {"tool": {"name": "p"}}}})
EMBEDDED = {"embeddings": {"float": [[0.1, 0.2]]}}
FOUND = {
    "retrievalResults": [{"content": {"text": "t"}, "score": 0.5, "location": {"s3Location": {"uri": "u"}}}]
}
JUDGED = {"action": "GUARDRAIL_INTERVENED", "outputs": [{"text": "t"}], "assessments": [], "usage": {}}
OPTIONS = LlmOptions(knowledge_base_id="KB12345678", guardrail_id="gr1", max_tries=1)

CALLS: dict[str, tuple[Any, Callable[[Llm], object]]] = {
    "complete": (SPOKEN, lambda llm: llm.complete(ASK, role="plan")),
    "data": (USED, lambda llm: llm.data(ASK, role="plan", schema={"type": "object"}, name="p")),
    "embed": (EMBEDDED, lambda llm: llm.embed(["a"], kind="query")),
    "retrieve": (FOUND, lambda _: retrieve(OPTIONS, query="?")),
    "guardrail": (JUDGED, lambda _: apply_guardrail(OPTIONS, text="?", source="INPUT")),
}


def mutated(value: Any, dice: random.Random) -> Any:
    """The value with one thing in it gone or odd."""
    if dice.random() < 0.25 or not value or not isinstance(value, dict | list):
        return dice.choice(ODD)
    if isinstance(value, list):
        at = dice.randrange(len(value))
        return [mutated(item, dice) if index == at else item for index, item in enumerate(value)]
    key = dice.choice(list(value))
    if dice.random() < 0.3:
        return {name: item for name, item in value.items() if name != key}
    return {**value, key: mutated(value[key], dice)}


@pytest.mark.parametrize("call", CALLS)
def test_garbled_answers(bedrock_standin, make_llm, call):
    dice = random.Random(call)
    body, ask = CALLS[call]
    for _ in range(ROUNDS):
        raw = json.dumps(mutated(body, dice)).encode() if dice.random() < 0.9 else dice.randbytes(30)
        bedrock_standin.forget()
        bedrock_standin.say(Raw(raw), Raw(raw))
        try:
            ask(make_llm(max_tries=1))
        except errors.LlmError as error:
            assert error.code  # noqa: PT017 (either outcome is fine)


def test_garbled_streams(bedrock_standin, make_llm, monkeypatch):
    dice = random.Random("stream")
    whole = frames.event

    def garbled(kind: str, payload: Any) -> bytes:
        return whole(kind, mutated(payload, dice) if dice.random() < 0.3 else payload)

    monkeypatch.setattr(frames, "event", garbled)
    for _ in range(ROUNDS):
        bedrock_standin.forget()
        bedrock_standin.say(Reply(text="hello hello hello", reasoning="hm"))
        try:
            list(make_llm(max_tries=1, phrase_timeout=2).stream(ASK, role="phrase"))
        except errors.LlmError as error:
            assert error.code  # noqa: PT017
