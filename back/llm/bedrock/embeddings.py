"""Embedding models on InvokeModel: each family has a body and an answer of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm.accepts import bare_id
from llm.bedrock.errors import mapped_errors
from llm.errors import BadRequest, ConfigurationError
from llm.results import EmbeddingKind, Tokens

Body = dict[str, Any]


def _titan_v1(texts: Sequence[str], kind: EmbeddingKind, dimensions: int | None) -> Body:
    return {"inputText": texts[0]}


def _titan_v2(texts: Sequence[str], kind: EmbeddingKind, dimensions: int | None) -> Body:
    return {"inputText": texts[0], "dimensions": dimensions or 1024, "normalize": True}


COHERE_V3_CHARACTERS = 2048
"""Longer texts are refused, whatever `truncate` says."""


def _cohere_v3(texts: Sequence[str], kind: EmbeddingKind, dimensions: int | None) -> Body:
    return {
        "texts": [text[:COHERE_V3_CHARACTERS] for text in texts],
        "input_type": f"search_{kind}",
        "truncate": "END",
    }


def _cohere_v4(texts: Sequence[str], kind: EmbeddingKind, dimensions: int | None) -> Body:
    return {
        "texts": list(texts),
        "input_type": f"search_{kind}",
        "truncate": "RIGHT",
        "output_dimension": dimensions or 1536,
        "embedding_types": ["float"],
    }


def _nova(texts: Sequence[str], kind: EmbeddingKind, dimensions: int | None) -> Body:
    return {
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": {
            "embeddingPurpose": "TEXT_RETRIEVAL" if kind == "query" else "GENERIC_INDEX",
            "embeddingDimension": dimensions or 1024,
            "text": {"truncationMode": "END", "value": texts[0]},
        },
    }


def _vectors_of_titan(answer: Mapping[str, Any]) -> list[list[float]]:
    return [answer["embedding"]]


def _vectors_of_cohere(answer: Mapping[str, Any]) -> list[list[float]]:
    found: Any = answer["embeddings"]
    return list(found["float"] if isinstance(found, Mapping) else found)


def _vectors_of_nova(answer: Mapping[str, Any]) -> list[list[float]]:
    return [one["embedding"] for one in answer["embeddings"]]


@dataclass(frozen=True, slots=True)
class Family:
    body: Callable[[Sequence[str], EmbeddingKind, int | None], Body]
    vectors: Callable[[Mapping[str, Any]], list[list[float]]]
    batch: int
    dimensions: tuple[int, ...]


FAMILIES: Mapping[str, Family] = {
    "amazon.titan-embed-text-v1": Family(_titan_v1, _vectors_of_titan, 1, (1536,)),
    "amazon.titan-embed-text-v2": Family(_titan_v2, _vectors_of_titan, 1, (1024, 512, 256)),
    "cohere.embed-multilingual-v3": Family(_cohere_v3, _vectors_of_cohere, 96, (1024,)),
    "cohere.embed-english-v3": Family(_cohere_v3, _vectors_of_cohere, 96, (1024,)),
    "cohere.embed-v4": Family(_cohere_v4, _vectors_of_cohere, 96, (1536, 1024, 512, 256)),
    "amazon.nova-2-multimodal-embeddings-v1": Family(_nova, _vectors_of_nova, 1, (1024, 3072, 384, 256)),
}


def _family(model: str) -> Family:
    try:
        return FAMILIES[bare_id(model)]
    except KeyError:
        known = ", ".join(FAMILIES)
        raise ConfigurationError(f"{model} is no embedding model known here; known are {known}") from None


def batch_size(model: str) -> int:
    return _family(model).batch


def embed(
    client: Any, model: str, texts: Sequence[str], *, kind: EmbeddingKind, dimensions: int | None
) -> tuple[list[list[float]], Tokens]:
    family = _family(model)
    if dimensions is not None and dimensions not in family.dimensions:
        offered = ", ".join(map(str, family.dimensions))
        raise ConfigurationError(f"LLM_EMBEDDING_DIMENSIONS={dimensions}: {model} offers {offered}")
    body = json.dumps(family.body(texts, kind, dimensions))
    with mapped_errors(model):
        response = client.invoke_model(
            modelId=model, body=body, contentType="application/json", accept="application/json"
        )
        raw = response["body"].read()
    try:
        answer = json.loads(raw)
        vectors = [[float(x) for x in vector] for vector in family.vectors(answer)]
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"unexpected answer of the embedding model: {raw[:200]!r}", model=model) from error
    if len(vectors) != len(texts):
        raise BadRequest(f"{len(vectors)} vectors for {len(texts)} texts", model=model)
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    counted = answer.get("inputTextTokenCount") or headers.get("x-amzn-bedrock-input-token-count") or 0
    return vectors, Tokens(input=int(counted))
