import pytest

from apps.videos.embeddings import embedding
from llm.options import LlmOptions
from llm.standin.fixtures import *  # noqa: F403

MODEL = "amazon.titan-embed-text-v2:0"


@pytest.fixture
def embeds(settings, bedrock_standin, monkeypatch):
    """The stand-in's vectors: texts that share words lie near."""
    settings.USE_BEDROCK = True
    settings.LLM = LlmOptions(
        bedrock_embedding_model=MODEL, embedding_dimensions=256, region="us-east-1", max_tries=1
    )
    monkeypatch.setattr(embedding, "_next", 0.0)
    return bedrock_standin
