import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from llm import Llm, LlmOptions, open_llm
from llm.memory import ModelMemory
from llm.standin.fixtures import _standin_of_the_run, bedrock_standin
from llm.timing import Timing

__all__ = ["_standin_of_the_run", "bedrock_standin"]

HAIKU = "global.anthropic.claude-haiku-4-5-20251001-v1:0"


def cases(name: str) -> list[dict[str, Any]]:
    path = Path(__file__).with_name("cases") / f"{name}.toml"
    loaded: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["case"]
    return loaded


@dataclass
class FakeTime:
    """Waiting takes no time, but moves the clock."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)
    dice: float = 1.0
    on_wait: Callable[[], None] = lambda: None

    def wait(self, seconds: float, cancel: threading.Event | None) -> None:
        self.waits.append(seconds)
        self.now += seconds
        self.on_wait()

    def timing(self) -> Timing:
        return Timing(clock=lambda: self.now, wait=self.wait, dice=lambda: self.dice)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def make_llm(time: FakeTime) -> Callable[..., Llm]:
    def make(**options: Any) -> Llm:
        options.setdefault("bedrock_models", (HAIKU,))
        options.setdefault("bedrock_embedding_model", "cohere.embed-multilingual-v3")
        return open_llm(LlmOptions(**options), memory=ModelMemory(), timing=time.timing())

    return make
