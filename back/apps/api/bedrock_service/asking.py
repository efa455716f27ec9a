"""Claude as an engine: a question becomes a plan, and what was found becomes words."""

import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from apps.api.asking import similar
from apps.api.asking.engine import EngineFailed, Found, Mistake, Planned, Said, Spent
from apps.api.asking.question import Question
from apps.api.bedrock_service import plan_reply
from apps.api.bedrock_service.border import engine_errors, spent_of
from apps.api.bedrock_service.model import language_model
from apps.api.bedrock_service.phrase_prompt import phrase_prompt
from apps.api.bedrock_service.plan_prompt import plan_prompt
from apps.api.types import Engine, Plan, Reason
from config.logging import request_id
from llm import Completion, Prompt, TextDelta, TextStream
from llm.errors import Cancelled, GuardrailIntervened, LlmError


@dataclass
class ClaudeEngine:
    """For one question: it remembers what it said, so that a complaint can be answered, and when it began.

    All tries for the SQL together have one LLM_DEADLINE, all tries for the words another.
    """

    name: Engine = "bedrock"
    learns: bool = True
    phrases: bool = True
    _said: list[str] = field(default_factory=list)
    _ends: dict[str, float] = field(default_factory=dict)
    _broken_off: Spent = field(default_factory=Spent)
    _speaking: TextStream | None = None

    @property
    def unsettled(self) -> Spent:
        if self._speaking is None:
            return self._broken_off
        return self._broken_off + spent_of(self._speaking.usage)

    def plan(self, question: Question, *, mistakes: tuple[Mistake, ...], cancel: threading.Event) -> Planned:
        by_meaning = similar.available()
        prompt = plan_prompt(
            question,
            mistakes=mistakes,
            handbook=bool(settings.LLM.knowledge_base_id),
            by_meaning=by_meaning,
            version=settings.PROMPT_VERSION,
        )
        with engine_errors():
            try:
                done = language_model().data(
                    prompt,
                    role="plan",
                    schema=plan_reply.SCHEMA,
                    name=plan_reply.NAME,
                    description=plan_reply.DESCRIPTION,
                    deadline=self._left("plan"),
                    cancel=cancel,
                    metadata=_labels("plan"),
                )
            except GuardrailIntervened as blocked:
                return _blocked(blocked)
            except Cancelled as cancelled:
                self._broken_off += spent_of(cancelled.usage)
                raise
        reply = plan_reply.read_reply(done.data, question=question, model=done.model)
        return Planned(
            reply.plan,
            spent_of(done.usage),
            span=reply.span,
            lookup=reply.lookup,
            meaning=reply.meaning if by_meaning else "",
        )

    def phrase(
        self,
        question: Question,
        found: Found,
        *,
        complaints: tuple[str, ...],
        cancel: threading.Event,
        live: bool,
    ) -> Iterator[str | Said]:
        prompt = phrase_prompt(
            question,
            found,
            said=self._said[-1] if self._said else "",
            complaints=complaints,
            version=settings.PROMPT_VERSION,
        )
        with engine_errors():
            done = (yield from self._streamed(prompt, cancel)) if live else self._whole(prompt, cancel)
        self._said.append(done.text)
        yield Said(done.text, done.model, spent_of(done.usage), truncated=done.truncated)

    def _streamed(self, prompt: Prompt, cancel: threading.Event) -> Generator[str, None, Completion]:
        with language_model().stream(prompt, **self._phrasing(cancel)) as stream:
            self._speaking = stream
            try:
                for event in stream:
                    if isinstance(event, TextDelta):
                        yield event.text
            except LlmError as error:
                if not isinstance(error, Cancelled):
                    self._speaking = None  # the failure says what it cost
                raise
            done = stream.completion
            assert done is not None  # else the stream would have raised
        self._speaking = None
        return done

    def _whole(self, prompt: Prompt, cancel: threading.Event) -> Completion:
        """Nobody looks on: fewer messages to take apart, and a try that breaks off may be made again."""
        try:
            return language_model().complete(prompt, **self._phrasing(cancel))
        except Cancelled as cancelled:
            self._broken_off += spent_of(cancelled.usage)
            raise

    def _phrasing(self, cancel: threading.Event) -> dict[str, Any]:
        return {
            "role": "phrase",
            "deadline": self._left("phrase"),
            "cancel": cancel,
            "metadata": _labels("phrase"),
        }

    def _left(self, role: str) -> float:
        """Seconds. A model that is slow but works is no reason to leave it alone for the next question."""
        now = time.monotonic()
        left = self._ends.setdefault(role, now + settings.LLM.deadline) - now
        if left <= 0:
            raise EngineFailed("deadline_exceeded", f"no time is left for another try ({role})")
        return left


def _blocked(blocked: GuardrailIntervened) -> Planned:
    """A refusal, not a failure: what a guardrail holds back is not to be asked elsewhere."""
    reason = Reason("guardrail", blocked.text) if blocked.text.strip() else Reason("unsafe")
    plan = Plan(kind="refusal", reason=reason, engine="bedrock", model=blocked.model)
    return Planned(plan, spent_of(blocked.usage))


def _labels(role: str) -> dict[str, str]:
    """What Bedrock's invocation log can be searched by, and joined to ours."""
    return {
        "product": "playhead",
        "role": role,
        "prompts": settings.PROMPT_VERSION,
        "request_id": request_id.get(),
    }
