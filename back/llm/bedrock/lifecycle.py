"""How long a model will be served, as far as the account may ask."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from llm.accepts import accepts, foundation_id, vendor
from llm.bedrock import clients
from llm.bedrock.errors import mapped_errors
from llm.errors import LlmError
from llm.options import LlmOptions

TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Lifecycle:
    status: str
    """active, legacy, or unknown where the account may not ask (bedrock:GetFoundationModel)."""
    ends: date | None


def lifecycle(options: LlmOptions, model: str) -> Lifecycle:
    known_end = accepts(model).ends
    if not vendor(model):
        return Lifecycle("unknown", known_end)
    try:
        client = clients.client("bedrock", options, timeout=TIMEOUT)
        with mapped_errors(model):
            answer: dict[str, Any] = client.get_foundation_model(modelIdentifier=foundation_id(model))
    except LlmError:
        return Lifecycle("unknown", known_end)
    told = answer.get("modelDetails", {}).get("modelLifecycle", {})
    end = told.get("endOfLifeTime")
    return Lifecycle(
        status=str(told.get("status", "unknown")).lower(),
        ends=end.date() if isinstance(end, datetime) else known_end,
    )
