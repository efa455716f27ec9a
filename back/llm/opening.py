"""From options to a working Llm: picks the binding, and imports only that one's client library."""

from llm.anthropic_api import AnthropicBinding
from llm.binding import Binding
from llm.client import Llm
from llm.memory import PROCESS_MEMORY, ModelMemory
from llm.openai_api import OpenAiBinding
from llm.options import LlmOptions
from llm.timing import REAL_TIME, Timing


def open_llm(options: LlmOptions, *, memory: ModelMemory = PROCESS_MEMORY, timing: Timing = REAL_TIME) -> Llm:
    """Cheap, and opens no connection: safe before a fork."""
    return Llm(options=options, binding=_binding(options), memory=memory, timing=timing)


def _binding(options: LlmOptions) -> Binding:
    match options.provider:
        case "bedrock":
            # boto3 takes 0.15 s and 20 MB to import, and the settings import this room in every process.
            from llm.bedrock.binding import BedrockBinding

            return BedrockBinding(options)
        case "anthropic":
            return AnthropicBinding(options)
        case "openai":
            return OpenAiBinding(options)
