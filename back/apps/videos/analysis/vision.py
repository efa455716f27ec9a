"""The one model that looks at pictures, made once per process."""

import os
from functools import cache
from typing import Any

from llm import from_env, open_llm


@cache
def seeing_model() -> Any:
    from apps.videos.detectors.claude.seeing import see_with

    return see_with(open_llm(from_env(os.environ)))
