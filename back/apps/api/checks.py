"""Settings of asking that would fail with the first question."""

from django.conf import settings
from django.core import checks
from django.core.checks import register

from apps.api.prompts.templates import versions


@register()
def prompts_must_be_there(app_configs, **kwargs):
    if settings.PROMPT_VERSION in versions():
        return []
    return [
        checks.Error(
            f"PROMPT_VERSION is {settings.PROMPT_VERSION!r}, and there are no prompts of that version.",
            hint=f"Choose one of: {', '.join(versions())}.",
            id="playhead.E002",
        )
    ]
