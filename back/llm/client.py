"""The interface: text, data, a stream, vectors. Above this room, `Llm` is all there is to know."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from llm import embedding, structured
from llm.accepts import accepts
from llm.binding import Binding, CacheTtl, Reply, Request, Schema
from llm.calling import Tally, over_models
from llm.errors import (
    ConfigurationError,
    ContentFiltered,
    GuardrailIntervened,
    InvalidOutput,
    NoVision,
)
from llm.estimating import estimated
from llm.memory import PROCESS_MEMORY, ModelMemory
from llm.messages import Prompt
from llm.options import LlmOptions
from llm.prices import usage_of
from llm.results import Completion, DataCompletion, EmbeddingKind, Embeddings, Rung, StopReason, Tokens, Usage
from llm.streaming import TextStream
from llm.timing import REAL_TIME, Limits, Timing

Role = Literal["plan", "phrase", "vision"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the bindings' drivers see it: what was asked, and what bounds it."""

    prompt: Prompt
    models: tuple[str, ...]
    max_tokens: int
    temperature: float | None
    read_timeout: float
    limits: Limits
    metadata: Mapping[str, str]
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Llm:
    """Thread-safe; make one per process with `open_llm` and keep it. Connections open with the first call."""

    options: LlmOptions
    binding: Binding
    memory: ModelMemory = PROCESS_MEMORY
    timing: Timing = REAL_TIME

    def complete(
        self,
        prompt: Prompt,
        *,
        role: Role,
        max_tokens: int | None = None,
        temperature: float | None = None,
        deadline: float | None = None,
        cancel: threading.Event | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Completion:
        """A text; `truncated` if it was cut. `deadline` is in seconds, for all tries together."""
        call = self._call(prompt, role, max_tokens, temperature, deadline, cancel, metadata)
        model, reply = self._send(call)
        usage = call.tally.lost + self.usage(model, reply.tokens)
        self.refuse_blocked(reply.stop_reason, text=reply.text, model=model, usage=usage)
        if not reply.text.strip() and not reply.stop_reason.truncated:
            raise InvalidOutput(f"no text ({reply.stop_reason})", model=model, usage=usage)
        return Completion(
            text=reply.text,
            stop_reason=reply.stop_reason,
            usage=usage,
            model=model,
            latency_ms=call.limits.elapsed_ms(),
            attempts=call.tally.attempts,
        )

    def data(
        self,
        prompt: Prompt,
        *,
        role: Role,
        schema: Mapping[str, Any],
        name: str,
        description: str = "",
        max_tokens: int | None = None,
        temperature: float | None = None,
        deadline: float | None = None,
        cancel: threading.Event | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> DataCompletion:
        """A JSON value that is valid by the schema. `name` is the tool's or format's on the wire."""
        call = self._call(prompt, role, max_tokens, temperature, deadline, cancel, metadata)
        return structured.ask(self, call, Schema(name=name, schema=schema, description=description))

    def stream(
        self,
        prompt: Prompt,
        *,
        role: Role,
        max_tokens: int | None = None,
        temperature: float | None = None,
        deadline: float | None = None,
        cancel: threading.Event | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> TextStream:
        """TextDelta…, UsageReport, Stop. Nothing is sent before the first event is asked for; closing the
        stream, or leaving its `with` block, closes the connection."""
        return TextStream(self, self._call(prompt, role, max_tokens, temperature, deadline, cancel, metadata))

    def embed(
        self,
        texts: Sequence[str],
        *,
        kind: EmbeddingKind,
        deadline: float | None = None,
        cancel: threading.Event | None = None,
    ) -> Embeddings:
        """Vectors by the one configured embedding model: it is never swapped for another."""
        return embedding.embed(self, texts, kind=kind, limits=self._limits(deadline, cancel))

    def available(self, role: Role) -> tuple[str, ...]:
        """The models of the role that would be asked now; none if each is known not to work."""
        ready, _ = self.memory.choose(self.options.models(role), now=self.timing.clock())
        return tuple(ready)

    def close(self) -> None:
        """Close the connections. The object stays usable: the next call opens new ones."""
        self.binding.close()

    # --- for structured.py and streaming.py ---

    def request(
        self, call: Call, model: str, *, schema: Schema | None = None, rung: Rung | None = None
    ) -> Request:
        """The call as this model accepts it."""
        dropped = self.memory.dropped(model)
        can = accepts(model)
        prompt = call.prompt
        if schema is not None and rung == "text":
            prompt = prompt.with_instruction(structured.instruction(schema))
        cache = self.options.prompt_cache
        caches = (
            cache != "off"
            and can.cache_min_tokens > 0
            and "cache" not in dropped
            and prompt.has_cache_points()
        )
        return Request(
            model=model,
            prompt=prompt,
            max_tokens=call.max_tokens,
            temperature=call.temperature if can.temperature and "temperature" not in dropped else None,
            native_schema=schema if rung == "native" else None,
            forced_tool=schema if rung == "tool" else None,
            cache=cache if caches and cache != "off" else None,
            metadata=call.metadata,
        )

    def estimate(self, call: Call, model: str, *, said: str = "") -> Usage:
        """What a request cost that was broken off after `said`."""
        return self.usage(model, estimated(call.prompt, said=said))

    def usage(self, model: str, tokens: Tokens) -> Usage:
        ttl: CacheTtl = "1h" if self.options.prompt_cache == "1h" else "5m"
        return usage_of(model, tokens, cache_ttl=ttl, own=self.options.prices)

    def refuse_blocked(self, stop: StopReason | None, *, text: str, model: str, usage: Usage) -> None:
        if stop is StopReason.GUARDRAIL:
            raise GuardrailIntervened(text=text, model=model, usage=usage)
        if stop is StopReason.FILTERED:
            raise ContentFiltered(model=model, usage=usage)

    def _send(self, call: Call) -> tuple[str, Reply]:
        return over_models(
            lambda model, timeout: self.binding.complete(self.request(call, model), timeout=timeout),
            models=call.models,
            memory=self.memory,
            limits=call.limits,
            read_timeout=call.read_timeout,
            tally=call.tally,
            estimate=partial(self.estimate, call),
        )

    def _call(
        self,
        prompt: Prompt,
        role: Role,
        max_tokens: int | None,
        temperature: float | None,
        deadline: float | None,
        cancel: threading.Event | None,
        metadata: Mapping[str, str] | None,
    ) -> Call:
        models = self.options.models(role)
        if not models:
            raise ConfigurationError(f"no model is configured for the role {role}")
        if prompt.has_images():
            models = tuple(model for model in models if accepts(model).vision)
            if not models:
                raise NoVision(f"role {role}")
        return Call(
            prompt=prompt,
            models=models,
            max_tokens=max_tokens or self.options.max_tokens,
            temperature=self.options.temperature if temperature is None else temperature,
            read_timeout=self.options.timeout(role),
            limits=self._limits(deadline, cancel),
            metadata=metadata or {},
        )

    def _limits(self, deadline: float | None, cancel: threading.Event | None) -> Limits:
        return Limits.start(
            timing=self.timing,
            seconds=self.options.deadline if deadline is None else deadline,
            max_tries=self.options.max_tries,
            cancel=cancel,
        )
