"""The process's one language model, as the settings name it."""

import os
from functools import lru_cache

from django.conf import settings

from llm import Llm, LlmOptions, open_llm


def language_model() -> Llm:
    """Made when first asked for, after the fork; another one when the settings are others."""
    return _opened(os.getpid(), settings.LLM)


@lru_cache(maxsize=4)
def _opened(process: int, options: LlmOptions) -> Llm:
    return open_llm(options)
