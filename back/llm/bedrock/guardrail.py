"""A guardrail's judgement of a text by itself, without a model."""

import threading
from dataclasses import dataclass
from typing import Literal

from llm.bedrock import clients
from llm.bedrock.errors import mapped_errors
from llm.binding import text_of
from llm.calling import Tally, with_retries
from llm.errors import GuardrailUnavailable
from llm.options import LlmOptions
from llm.timing import REAL_TIME, Limits, Timing


@dataclass(frozen=True, slots=True)
class Judgement:
    intervened: bool
    text: str
    """What may be shown: the text itself if it passed, else masked or replaced by the guardrail's message."""


def apply_guardrail(
    options: LlmOptions,
    *,
    text: str,
    source: Literal["INPUT", "OUTPUT"],
    deadline: float | None = None,
    cancel: threading.Event | None = None,
    timing: Timing = REAL_TIME,
) -> Judgement:
    if not options.guardrail_id:
        raise GuardrailUnavailable("AWS_BEDROCK_GUARDRAIL_ID is not set")

    def send(timeout: float) -> Judgement:
        client = clients.client("bedrock-runtime", options, timeout=timeout)
        with mapped_errors(about="guardrail"):
            answer = client.apply_guardrail(
                guardrailIdentifier=options.guardrail_id,
                guardrailVersion=options.guardrail_version,
                source=source,
                content=[{"text": {"text": text}}],
            )
            if answer.get("action") != "GUARDRAIL_INTERVENED":
                return Judgement(intervened=False, text=text)
            shown = "".join(text_of(part.get("text", "")) for part in answer.get("outputs", []))
            return Judgement(intervened=True, text=shown)

    limits = Limits.start(
        timing=timing,
        seconds=options.deadline if deadline is None else deadline,
        max_tries=options.max_tries,
        cancel=cancel,
    )
    return with_retries(
        send, limits=limits, read_timeout=options.embed_timeout, tally=Tally(), name="guardrail"
    )
