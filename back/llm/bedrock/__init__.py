"""Amazon Bedrock by boto3: Converse, ConverseStream, embeddings, knowledge bases, guardrails."""

from llm.bedrock.guardrail import Judgement, apply_guardrail
from llm.bedrock.knowledge import Passage, retrieve

__all__ = ["Judgement", "Passage", "apply_guardrail", "retrieve"]
