"""llm.binding.Binding for whatever speaks OpenAI's API; needs the extra `openai`.

OpenAI, Azure (its /openai/v1/ address), Ollama, vLLM, Hugging Face TGI, DeepSeek, Upstage: LLM_BASE_URL and
LLM_API_KEY choose. They differ in what they refuse, which the ladder and the dropped parameters take care of.
"""

import base64
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from llm.binding import RawEvent, Reply, Request, text_of
from llm.errors import NoCredentials, Unavailable
from llm.messages import Block, Image, Text
from llm.options import LlmOptions
from llm.results import EmbeddingKind, StopReason, TextDelta, Tokens
from llm.schemas import enforceable
from llm.sdk import PerProcess, library, mapped_errors
from llm.sdk_cutting import make_cuttable

if TYPE_CHECKING:
    import openai

_STOPS = {
    "stop": StopReason.END,
    "length": StopReason.MAX_TOKENS,
    "tool_calls": StopReason.TOOL,
    "function_call": StopReason.TOOL,
    "content_filter": StopReason.FILTERED,
}
EMBED_BATCH = 64
"""OpenAI takes more, small local servers do not."""
_OWN_HOSTS = ("api.openai.com", ".openai.azure.com", ".services.ai.azure.com")


class OpenAiBinding:
    provider = "openai"

    def __init__(self, options: LlmOptions) -> None:
        self._options = options
        self._sdk = library("openai")
        self._client: PerProcess[openai.OpenAI] = PerProcess(self._make)

    def complete(self, request: Request, *, timeout: float) -> Reply:
        with mapped_errors(self._sdk, request.model, request.features()):
            answer = self._client.get().chat.completions.create(
                **to_chat(request, self._options), timeout=self._timeout(timeout)
            )
            if not isinstance(answer, self._sdk.types.chat.ChatCompletion) or not answer.choices:
                raise Unavailable("unreadable answer: no choice in it", model=request.model)
            choice = answer.choices[0]
            calls = [call for call in choice.message.tool_calls or [] if call.type == "function"]
            return Reply(
                text=text_of(choice.message.content or choice.message.refusal or ""),
                stop_reason=StopReason.FILTERED if choice.message.refusal else _stop(choice.finish_reason),
                tokens=_tokens(answer.usage),
                tool_input=_parsed(calls[0].function.arguments) if calls else None,
            )

    def stream(self, request: Request, *, timeout: float) -> Generator[RawEvent, None, None]:
        with (
            mapped_errors(self._sdk, request.model, request.features()),
            closing(self._open(request, timeout)) as chunks,
        ):
            for chunk in chunks:
                # The chunk with the usage comes last, and has no choices.
                if chunk.usage is not None:
                    yield _tokens(chunk.usage)
                for choice in chunk.choices[:1]:
                    if choice.delta.content:
                        yield TextDelta(text_of(choice.delta.content))
                    if choice.finish_reason:
                        yield _stop(choice.finish_reason)

    def embed_batch_size(self, model: str) -> int:
        return EMBED_BATCH

    def embed(
        self, model: str, texts: Sequence[str], *, kind: EmbeddingKind, dimensions: int | None, timeout: float
    ) -> tuple[list[list[float]], Tokens]:
        wanted: dict[str, Any] = {"dimensions": dimensions} if dimensions else {}
        with mapped_errors(self._sdk, model):
            answer = self._client.get().embeddings.create(
                model=_model_for(model, kind),
                input=list(texts),
                encoding_format="float",
                timeout=self._timeout(timeout),
                **wanted,
            )
            found = sorted(answer.data or [], key=lambda one: one.index)
            vectors = [[float(x) for x in one.embedding] for one in found]
            counted = answer.usage.prompt_tokens if answer.usage else 0
        if len(vectors) != len(texts):
            raise Unavailable(f"{len(vectors)} vectors for {len(texts)} texts", model=model)
        return vectors, Tokens(input=counted)

    def close(self) -> None:
        if (client := self._client.take()) is not None:
            client.close()

    def _open(self, request: Request, timeout: float) -> Any:
        arguments = to_chat(request, self._options)
        return self._client.get().chat.completions.create(
            **arguments, stream=True, stream_options={"include_usage": True}, timeout=self._timeout(timeout)
        )

    def _make(self) -> "openai.OpenAI":
        httpx = library("httpx2")
        key = self._options.api_key or None
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=self._options.pool_size)
        http_client = make_cuttable(self._sdk.DefaultHttpxClient(limits=limits))
        try:
            return self._sdk.OpenAI(  # type: ignore[no-any-return]
                api_key=key or ("none" if _is_local(self._options.base_url) else None),
                base_url=self._options.base_url or None,
                max_retries=0,  # llm.calling owns the retries
                http_client=http_client,
            )
        except self._sdk.OpenAIError as error:
            http_client.close()
            raise NoCredentials(str(error)) from error

    def _timeout(self, timeout: float) -> Any:
        return library("httpx2").Timeout(timeout, connect=min(timeout, self._options.connect_timeout))


def to_chat(request: Request, options: LlmOptions) -> dict[str, Any]:
    # OpenAI's own newer models refuse `max_tokens`; other servers know nothing else.
    limit = "max_completion_tokens" if _is_own(options.base_url) else "max_tokens"
    arguments: dict[str, Any] = {
        "model": request.model,
        limit: request.max_tokens,
        "messages": _messages(request),
    }
    if request.temperature is not None:
        arguments["temperature"] = request.temperature
    if (tool := request.forced_tool) is not None:
        described = {"description": tool.description} if tool.description else {}
        function = {"name": tool.name, **described, "parameters": dict(tool.schema)}
        arguments["tools"] = [{"type": "function", "function": function}]
        arguments["tool_choice"] = {"type": "function", "function": {"name": tool.name}}
    if (native := request.native_schema) is not None:
        schema = enforceable(native.schema)
        described = {"description": native.description} if native.description else {}
        held = {"name": native.name, **described, "schema": schema, "strict": _all_required(schema)}
        arguments["response_format"] = {"type": "json_schema", "json_schema": held}
    if options.extra_fields:
        arguments["extra_body"] = dict(options.extra_fields)
    return arguments


def _messages(request: Request) -> list[dict[str, Any]]:
    system = "\n\n".join(part.text for part in request.prompt.system if isinstance(part, Text) and part.text)
    messages: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
    messages.extend(
        {"role": message.role, "content": _content(message.content)} for message in request.prompt.messages
    )
    return messages


def _content(blocks: Sequence[Block]) -> str | list[dict[str, Any]]:
    """Plain text where it is only text: small servers know no parts."""
    if not any(isinstance(block, Image) for block in blocks):
        return "\n\n".join(block.text for block in blocks if isinstance(block, Text))
    parts: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Image):
            url = f"data:image/{block.format};base64,{base64.b64encode(block.data).decode()}"
            parts.append({"type": "image_url", "image_url": {"url": url}})
        elif isinstance(block, Text):
            parts.append({"type": "text", "text": block.text})
    return parts


def _all_required(schema: Any) -> bool:
    """Strict mode takes no optional properties."""
    if isinstance(schema, list):
        return all(_all_required(item) for item in schema)
    if not isinstance(schema, Mapping):
        return True
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and set(properties) != set(schema.get("required", ())):
        return False
    return all(_all_required(value) for value in schema.values())


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments


def _stop(reason: str | None) -> StopReason:
    """One that is new to us ends the answer like any other."""
    return _STOPS.get(reason or "", StopReason.END)


def _tokens(usage: Any) -> Tokens:
    if usage is None:
        return Tokens()
    details = getattr(usage, "prompt_tokens_details", None)
    cached = int(getattr(details, "cached_tokens", None) or 0)
    # Here the cached ones are part of what went in; for us they are not.
    return Tokens(
        input=max(0, int(usage.prompt_tokens or 0) - cached),
        output=int(usage.completion_tokens or 0),
        cache_read=cached,
    )


def _model_for(model: str, kind: EmbeddingKind) -> str:
    """Upstage has a model for each side; configure the one for passages."""
    if kind == "query" and model.endswith("-passage"):
        return model.removesuffix("-passage") + "-query"
    return model


def _is_own(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or "api.openai.com"
    return host.endswith(_OWN_HOSTS)


def _is_local(base_url: str) -> bool:
    """A server of one's own usually wants no key, but the library does."""
    return bool(base_url) and not _is_own(base_url)
