"""The one model that looks at pictures, made once per process."""

from functools import cache
from typing import Any

from django.conf import settings

from llm import open_llm


@cache
def seeing_model() -> Any:
    from apps.videos.detectors.claude.seeing import see_with

    return see_with(open_llm(settings.LLM))
