"""Claude as an engine: a question becomes a plan, and what was found becomes words."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from apps.api.asking.engine import Found, Mistake, Planned, Said
from apps.api.asking.question import Question
from apps.api.bedrock_service import plan_reply
from apps.api.bedrock_service.border import engine_errors, spent_of
from apps.api.bedrock_service.model import language_model
from apps.api.bedrock_service.phrase_prompt import phrase_prompt
from apps.api.bedrock_service.plan_prompt import plan_prompt
from apps.api.types import Engine, Plan, Reason
from config.logging import request_id
from llm import TextDelta
from llm.errors import GuardrailIntervened


@dataclass
class ClaudeEngine:
    """For one question: it remembers what it said, so that a complaint can be answered."""

    name: Engine = "bedrock"
    learns: bool = True
    phrases: bool = True
    _said: list[str] = field(default_factory=list)

    def plan(self, question: Question, *, mistakes: tuple[Mistake, ...], cancel: threading.Event) -> Planned:
        prompt = plan_prompt(
            question,
            mistakes=mistakes,
            handbook=bool(settings.LLM.knowledge_base_id),
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
                    cancel=cancel,
                    metadata=_labels("plan"),
                )
            except GuardrailIntervened as blocked:
                return _blocked(blocked)
        reply = plan_reply.read_reply(done.data, question=question, model=done.model)
        return Planned(reply.plan, spent_of(done.usage), span=reply.span, lookup=reply.lookup)

    def phrase(
        self, question: Question, found: Found, *, complaints: tuple[str, ...], cancel: threading.Event
    ) -> Iterator[str | Said]:
        prompt = phrase_prompt(
            question,
            found,
            said=self._said[-1] if self._said else "",
            complaints=complaints,
            version=settings.PROMPT_VERSION,
        )
        with (
            engine_errors(),
            language_model().stream(
                prompt, role="phrase", cancel=cancel, metadata=_labels("phrase")
            ) as stream,
        ):
            for event in stream:
                if isinstance(event, TextDelta):
                    yield event.text
            done = stream.completion
            assert done is not None  # else the stream would have raised
        self._said.append(done.text)
        yield Said(done.text, done.model, spent_of(done.usage), truncated=done.truncated)


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
