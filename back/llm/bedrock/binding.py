"""llm.binding.Binding for Amazon Bedrock."""

from collections.abc import Generator, Sequence
from contextlib import closing

from llm.bedrock import clients, embeddings
from llm.bedrock.errors import mapped_errors
from llm.bedrock.wire import from_converse, stop_reason, to_converse, tokens
from llm.binding import RawEvent, Reply, Request, text_of
from llm.options import LlmOptions
from llm.results import EmbeddingKind, TextDelta, Tokens


class BedrockBinding:
    provider = "bedrock"

    def __init__(self, options: LlmOptions) -> None:
        self._options = options

    def complete(self, request: Request, *, timeout: float) -> Reply:
        arguments = to_converse(request, self._options, streaming=False)
        client = clients.client("bedrock-runtime", self._options, timeout=timeout)
        with mapped_errors(request.model, features=request.features()):
            return from_converse(client.converse(**arguments))

    def stream(self, request: Request, *, timeout: float) -> Generator[RawEvent, None, None]:
        arguments = to_converse(request, self._options, streaming=True)
        client = clients.client("bedrock-runtime", self._options, timeout=timeout)
        with (
            mapped_errors(request.model, features=request.features()),
            closing(client.converse_stream(**arguments)["stream"]) as events,
        ):
            # To its very end: what it cost comes after messageStop.
            for event in events:
                if "contentBlockDelta" in event:
                    if text := event["contentBlockDelta"]["delta"].get("text"):
                        yield TextDelta(text_of(text))
                elif "messageStop" in event:
                    yield stop_reason(event["messageStop"]["stopReason"])
                elif "metadata" in event:
                    yield tokens(event["metadata"].get("usage", {}))

    def embed_batch_size(self, model: str) -> int:
        return embeddings.batch_size(model)

    def embed(
        self, model: str, texts: Sequence[str], *, kind: EmbeddingKind, dimensions: int | None, timeout: float
    ) -> tuple[list[list[float]], Tokens]:
        client = clients.client("bedrock-runtime", self._options, timeout=timeout)
        return embeddings.embed(client, model, texts, kind=kind, dimensions=dimensions)

    def close(self) -> None:
        clients.close_all()
