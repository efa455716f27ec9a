"""llm.binding.Binding for Anthropic's own Messages API; needs the extra `anthropic`."""

import base64
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from llm.binding import CacheTtl, RawEvent, Reply, Request, text_of
from llm.errors import ConfigurationError, NoCredentials, Unavailable
from llm.messages import Block, CachePoint, Image
from llm.options import LlmOptions
from llm.results import EmbeddingKind, StopReason, TextDelta, Tokens
from llm.schemas import enforceable
from llm.sdk import PerProcess, library, mapped_errors
from llm.sdk_cutting import make_cuttable

if TYPE_CHECKING:
    import anthropic

_STOPS = {
    "end_turn": StopReason.END,
    "pause_turn": StopReason.END,
    "tool_use": StopReason.TOOL,
    "max_tokens": StopReason.MAX_TOKENS,
    "stop_sequence": StopReason.STOP_SEQUENCE,
    "refusal": StopReason.FILTERED,
    "model_context_window_exceeded": StopReason.CONTEXT_FULL,
}


class AnthropicBinding:
    provider = "anthropic"

    def __init__(self, options: LlmOptions) -> None:
        self._options = options
        self._sdk = library("anthropic")
        self._client: PerProcess[anthropic.Anthropic] = PerProcess(self._make)

    def complete(self, request: Request, *, timeout: float) -> Reply:
        with mapped_errors(self._sdk, request.model, request.features()):
            message = self._create(request, timeout)
            if not isinstance(message, self._sdk.types.Message) or message.stop_reason is None:
                raise Unavailable("unreadable answer: no message in it", model=request.model)
            return Reply(
                text="".join(text_of(block.text) for block in message.content if block.type == "text"),
                stop_reason=_STOPS.get(message.stop_reason, StopReason.END),
                tokens=_tokens(message.usage),
                tool_input=next((block.input for block in message.content if block.type == "tool_use"), None),
            )

    def stream(self, request: Request, *, timeout: float) -> Generator[RawEvent, None, None]:
        first: Any = None
        last: Any = None
        with (
            mapped_errors(self._sdk, request.model, request.features()),
            closing(self._create(request, timeout, stream=True)) as events,
        ):
            for event in events:
                if event.type == "message_start":
                    first = event.message.usage
                elif event.type == "content_block_delta" and event.delta.type == "text_delta":
                    if event.delta.text:
                        yield TextDelta(text_of(event.delta.text))
                elif event.type == "message_delta":
                    last = event
                elif event.type == "message_stop" and last is not None:
                    # What went in is told at the start, what came out at the end.
                    yield _tokens(first, last.usage)
                    yield _STOPS.get(last.delta.stop_reason or "", StopReason.END)

    def embed_batch_size(self, model: str) -> int:
        raise ConfigurationError(f"Anthropic offers no embeddings, so {model} cannot be used with it")

    def embed(
        self, model: str, texts: Sequence[str], *, kind: EmbeddingKind, dimensions: int | None, timeout: float
    ) -> tuple[list[list[float]], Tokens]:
        raise ConfigurationError(f"Anthropic offers no embeddings, so {model} cannot be used with it")

    def close(self) -> None:
        if (client := self._client.take()) is not None:
            client.close()

    def _make(self) -> "anthropic.Anthropic":
        httpx = library("httpx2")
        return self._sdk.Anthropic(  # type: ignore[no-any-return]
            api_key=self._options.api_key or None,
            base_url=self._options.base_url or None,
            max_retries=0,  # llm.calling owns the retries
            http_client=make_cuttable(
                self._sdk.DefaultHttpxClient(
                    limits=httpx.Limits(
                        max_connections=None, max_keepalive_connections=self._options.pool_size
                    )
                )
            ),
        )

    def _create(self, request: Request, timeout: float, *, stream: bool = False) -> Any:
        httpx = library("httpx2")
        try:
            return self._client.get().messages.create(
                **to_messages(request, self._options),
                stream=stream,
                timeout=httpx.Timeout(timeout, connect=min(timeout, self._options.connect_timeout)),
            )
        except TypeError as error:
            # How the library says that it found no key.
            if "authentication" in str(error):
                raise NoCredentials("LLM_API_KEY and ANTHROPIC_API_KEY are not set") from error
            raise


def to_messages(request: Request, options: LlmOptions) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_tokens,
        "messages": [
            {"role": message.role, "content": _content(message.content, request.cache)}
            for message in request.prompt.messages
        ],
    }
    if system := _content(request.prompt.system, request.cache):
        arguments["system"] = system
    if (tool := request.forced_tool) is not None:
        described = {"description": tool.description} if tool.description else {}
        arguments["tools"] = [{"name": tool.name, **described, "input_schema": dict(tool.schema)}]
        arguments["tool_choice"] = {"type": "tool", "name": tool.name}
    if (native := request.native_schema) is not None:
        schema = {"type": "json_schema", "schema": enforceable(native.schema)}
        arguments["output_config"] = {"format": schema}
    if user := request.metadata.get("user_id"):
        arguments["metadata"] = {"user_id": user[:256]}
    extra = dict(options.extra_fields)
    if request.temperature is not None:
        # No argument of the library any more, but still a field of the API for the models that take it.
        extra["temperature"] = request.temperature
    if extra:
        arguments["extra_body"] = extra
    return arguments


def _content(blocks: Sequence[Block], cache: CacheTtl | None) -> list[dict[str, Any]]:
    """A cache point becomes a mark on the block before it."""
    content: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, CachePoint):
            if content and cache is not None:
                content[-1]["cache_control"] = {
                    "type": "ephemeral",
                    **({"ttl": "1h"} if cache == "1h" else {}),
                }
        elif isinstance(block, Image):
            data = base64.b64encode(block.data).decode()
            source = {"type": "base64", "media_type": f"image/{block.format}", "data": data}
            content.append({"type": "image", "source": source})
        elif block.text:
            content.append({"type": "text", "text": block.text})
    return content


def _tokens(start: Any, end: Any = None) -> Tokens:
    def count(name: str) -> int:
        for usage in (end, start):
            if (value := getattr(usage, name, None)) is not None:
                return int(value)
        return 0

    return Tokens(
        input=count("input_tokens"),
        output=count("output_tokens"),
        cache_read=count("cache_read_input_tokens"),
        cache_write=count("cache_creation_input_tokens"),
    )
