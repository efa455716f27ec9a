"""Language models behind one small interface, free of Django: text, data by a schema, streams, vectors.

docs/llm.md shows it at work.
"""

from llm import errors
from llm.client import Llm
from llm.messages import CachePoint, Image, Message, Prompt, Text
from llm.opening import open_llm
from llm.options import LlmOptions, env_sample, from_env
from llm.results import (
    Completion,
    DataCompletion,
    Embeddings,
    Stop,
    StopReason,
    StreamEvent,
    TextDelta,
    Usage,
    UsageReport,
)
from llm.streaming import TextStream

__all__ = [
    "CachePoint",
    "Completion",
    "DataCompletion",
    "Embeddings",
    "Image",
    "Llm",
    "LlmOptions",
    "Message",
    "Prompt",
    "Stop",
    "StopReason",
    "StreamEvent",
    "Text",
    "TextDelta",
    "TextStream",
    "Usage",
    "UsageReport",
    "env_sample",
    "errors",
    "from_env",
    "open_llm",
]
