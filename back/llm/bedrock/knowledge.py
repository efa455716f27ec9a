"""Passages from a Bedrock knowledge base."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llm.bedrock import clients
from llm.bedrock.errors import mapped_errors
from llm.binding import text_of
from llm.calling import Tally, with_retries
from llm.errors import KnowledgeBaseUnavailable
from llm.options import LlmOptions
from llm.timing import REAL_TIME, Limits, Timing

MAX_QUERY = 1000
"""Characters; the service refuses longer ones."""


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    score: float | None
    source: str
    """Where it stands: an address or an id, empty if the service does not say."""
    metadata: Mapping[str, Any]


def retrieve(
    options: LlmOptions,
    *,
    query: str,
    limit: int = 5,
    metadata_filter: Mapping[str, Any] | None = None,
    deadline: float | None = None,
    cancel: threading.Event | None = None,
    timing: Timing = REAL_TIME,
) -> tuple[Passage, ...]:
    """The nearest passages, best first. `metadata_filter` is the service's RetrievalFilter."""
    if not options.knowledge_base_id:
        raise KnowledgeBaseUnavailable("AWS_BEDROCK_KNOWLEDGE_BASE_ID is not set")
    search: dict[str, Any] = {"numberOfResults": limit}
    if metadata_filter:
        search["filter"] = dict(metadata_filter)

    def send(timeout: float) -> tuple[Passage, ...]:
        client = clients.client("bedrock-agent-runtime", options, timeout=timeout)
        with mapped_errors(about="knowledge_base"):
            answer = client.retrieve(
                knowledgeBaseId=options.knowledge_base_id,
                retrievalQuery={"text": query[:MAX_QUERY]},
                retrievalConfiguration={"vectorSearchConfiguration": search},
            )
            return tuple(_passage(result) for result in answer.get("retrievalResults", []))

    limits = Limits.start(
        timing=timing,
        seconds=options.deadline if deadline is None else deadline,
        max_tries=options.max_tries,
        cancel=cancel,
    )
    return with_retries(
        send, limits=limits, read_timeout=options.embed_timeout, tally=Tally(), name="knowledge base"
    )


def _passage(result: Mapping[str, Any]) -> Passage:
    location = result.get("location", {})
    places = [place for key, place in location.items() if key != "type" and isinstance(place, Mapping)]
    source = next((str(value) for place in places for value in place.values()), "")
    return Passage(
        text=text_of(result.get("content", {}).get("text", "")),
        score=result.get("score"),
        source=source,
        metadata=result.get("metadata", {}),
    )
