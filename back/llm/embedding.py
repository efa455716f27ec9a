"""Vectors for texts, in batches side by side, each with its own tries under one deadline."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from llm.calling import Tally, with_retries
from llm.errors import BadRequest, LlmError
from llm.results import EmbeddingKind, Embeddings, Tokens, Usage
from llm.timing import Limits

if TYPE_CHECKING:
    from llm.client import Llm

AT_ONCE = 8


def embed(llm: "Llm", texts: Sequence[str], *, kind: EmbeddingKind, limits: Limits) -> Embeddings:
    model = llm.options.embedding_model()
    if any(not text.strip() for text in texts):
        raise BadRequest("an empty text has no embedding", model=model)
    size = llm.binding.embed_batch_size(model)
    batches = [texts[start : start + size] for start in range(0, len(texts), size)]
    tallies = [Tally() for _ in batches]

    def embed_batch(batch: Sequence[str], tally: Tally) -> tuple[list[list[float]], Tokens]:
        return with_retries(
            lambda timeout: llm.binding.embed(
                model, batch, kind=kind, dimensions=llm.options.embedding_dimensions, timeout=timeout
            ),
            limits=limits,
            read_timeout=llm.options.timeout("embed"),
            tally=tally,
            name=model,
        )

    if len(batches) <= 1:
        answers = [embed_batch(*pair) for pair in zip(batches, tallies, strict=True)]
    else:
        with ThreadPoolExecutor(min(AT_ONCE, len(batches)), "embed") as pool:
            futures = [pool.submit(embed_batch, *pair) for pair in zip(batches, tallies, strict=True)]
            try:
                answers = [future.result() for future in futures]
            except LlmError:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    vectors = tuple(tuple(vector) for found, _ in answers for vector in found)
    return Embeddings(
        vectors=vectors,
        model=model,
        dimensions=len(vectors[0]) if vectors else 0,
        usage=sum((llm.usage(model, tokens) for _, tokens in answers), Usage()),
        latency_ms=limits.elapsed_ms(),
        attempts=sum(tally.attempts for tally in tallies),
    )
