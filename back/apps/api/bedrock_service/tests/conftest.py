"""Claude is the stand-in on the wire, the offline engine the real service on a port of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from apps.api.asking import pipeline
from apps.api.asking.breaker import BREAKERS
from apps.api.asking.pipeline import Answer, Asked
from apps.db.access import EVERYBODY, Actor
from apps.db.models import Video
from llm.options import LlmOptions
from llm.standin import Standin
from llm.standin.fixtures import *  # noqa: F403

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
SECOND_MODEL = "anthropic.claude-sonnet-4-6"


@pytest.fixture(autouse=True)
def claude(settings, bedrock_standin: Standin) -> Iterator[Standin]:
    """USE_BEDROCK with one model and no patience; nothing remembered of the test before."""
    settings.USE_BEDROCK = True
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.LLM = LlmOptions(bedrock_models=(MODEL,), region="us-east-1", max_tries=1, deadline=10.0)
    for breaker in BREAKERS.values():
        breaker.reset()
    yield bedrock_standin
    for breaker in BREAKERS.values():
        breaker.reset()


@pytest.fixture
def llm_options(settings):
    def change(**options: Any) -> None:
        settings.LLM = replace(settings.LLM, **options)

    return change


@pytest.fixture
def offline(settings, text2sql_url: str) -> str:
    """The offline service is there, for what Claude leaves undone."""
    settings.TEXT2SQL_URL = text2sql_url
    return text2sql_url


@pytest.fixture
def nobody_offline(settings) -> None:
    settings.TEXT2SQL_URL = "http://127.0.0.1:9"


@pytest.fixture
def shop(make_video, make_event) -> Video:
    """Twenty minutes with two thefts and a fight, analysed to its end."""
    video = make_video(
        name="매장 CCTV",
        recorded_at="2031-05-06T14:00:00+09:00",
        timezone="Asia/Seoul",
        analyzed_until=1200.0,
    )
    people = {"track_id": "P1", "age": 34, "gender": "male", "confidence": 0.97}
    make_event(video, 750.0, "theft", location="주류 코너", description="술을 가방에 넣음", **people)
    make_event(video, 820.5, "theft", location="화장품 코너", gender="female", track_id="P2")
    make_event(video, 300.0, "fight", location="계산대")
    return video


@dataclass
class Told:
    """What came of a question: the reply, and the steps on the way."""

    reply: dict[str, Any]
    steps: list[Any] = field(default_factory=list)


@pytest.fixture
def ask(transactional_db):
    def ask_it(prompt: str, *, actor: Actor = EVERYBODY, cancel=None, live=True, **asked: Any) -> Told:
        steps = list(pipeline.ask(Asked(prompt, actor, **asked), cancel=cancel, live=live))
        assert isinstance(steps[-1], Answer)
        return Told(steps[-1].reply, steps[:-1])

    return ask_it


def plan(sql: str = "", **fields: Any) -> dict[str, Any]:
    """A model's reply to a question."""
    return {"reading": "as asked", "kind": "answer", "sql": sql, "evidence_sql": ""} | fields
