"""Embeddings without a model: the same text gives the same vector, and texts that share words lie near.

Each pair of neighbouring characters adds to the few coordinates that its hash picks, so Korean needs no
tokeniser.
"""

import hashlib
import math
from typing import Any

from llm.accepts import bare_id


def vector(text: str, dimensions: int) -> list[float]:
    values = [0.0] * dimensions
    folded = f" {' '.join(text.casefold().split())} "
    for pair in (folded[at : at + 2] for at in range(len(folded) - 1)):
        digest = hashlib.blake2b(pair.encode(), digest_size=12).digest()
        for at in range(0, 12, 3):
            index = int.from_bytes(digest[at : at + 2]) % dimensions
            values[index] += 1.0 if digest[at + 2] & 1 else -1.0
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]


def invoke(model: str, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]] | str:
    """Body and headers of InvokeModel's answer, or what is wrong with the request."""
    match bare_id(model):
        case "amazon.titan-embed-text-v1":
            if set(body) != {"inputText"}:
                return "Malformed input request: extraneous key"
            return {"embedding": vector(body["inputText"], 1536), **_count(body["inputText"])}, {}
        case "amazon.titan-embed-text-v2":
            if not isinstance(body.get("inputText"), str) or body.get("dimensions", 1024) not in (
                256,
                512,
                1024,
            ):
                return "Malformed input request: inputText or dimensions"
            return {
                "embedding": vector(body["inputText"], body.get("dimensions", 1024)),
                **_count(body["inputText"]),
            }, {}
        case "cohere.embed-multilingual-v3" | "cohere.embed-english-v3" | "cohere.embed-v4" as name:
            return _cohere(body, newer=name == "cohere.embed-v4")
        case "amazon.nova-2-multimodal-embeddings-v1":
            wanted = body.get("singleEmbeddingParams", {})
            if body.get("taskType") != "SINGLE_EMBEDDING" or "embeddingPurpose" not in wanted:
                return "Malformed input request: taskType or embeddingPurpose"
            text = wanted["text"]["value"]
            found = {
                "embeddingType": "TEXT",
                "embedding": vector(text, wanted.get("embeddingDimension", 3072)),
            }
            return {"embeddings": [found]}, _counted(text)
        case _:
            return "The provided model identifier is invalid."


def _cohere(body: dict[str, Any], *, newer: bool) -> tuple[dict[str, Any], dict[str, str]] | str:
    texts = body.get("texts", [])
    if not 1 <= len(texts) <= 96 or body.get("input_type") not in ("search_document", "search_query"):
        return "Malformed input request: texts or input_type"
    if not newer and any(len(text) > 2048 for text in texts):
        return "Malformed input request: #/texts/0: expected maxLength: 2048"
    vectors = [vector(text, body.get("output_dimension", 1536) if newer else 1024) for text in texts]
    typed = "embedding_types" in body
    answer = {
        "embeddings": {"float": vectors} if typed else vectors,
        "response_type": "embeddings_by_type" if typed else "embeddings_floats",
        "texts": texts,
    }
    return answer, _counted("".join(texts))


def _count(text: str) -> dict[str, int]:
    return {"inputTextTokenCount": max(1, len(text.encode()) // 4)}


def _counted(text: str) -> dict[str, str]:
    return {"x-amzn-bedrock-input-token-count": str(max(1, len(text.encode()) // 4))}
