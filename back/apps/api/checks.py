"""Settings of asking that would fail with the first question."""

from django.conf import settings
from django.core import checks
from django.core.checks import register

from apps.api.asking.budget import has_budget
from apps.api.prompts.templates import versions
from llm.prices import price_of


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


@register()
def budgets_must_know_their_prices(app_configs, **kwargs):
    if not settings.USE_BEDROCK:
        return []
    asked = (*settings.LLM.models("plan"), *settings.LLM.models("phrase")) if has_budget() else ()
    models = dict.fromkeys((*asked, *settings.LLM.models("embed")))  # embedding always has a budget
    unpriced = [model for model in models if price_of(model, settings.LLM.prices) is None]
    if not unpriced:
        return []
    return [
        checks.Warning(
            f"A daily budget has to hold, and no price is known for {', '.join(unpriced)}.",
            hint="Say it in LLM_PRICES. Until then its calls count as those of the dearest model of "
            "llm/prices.toml, so the budget may end sooner than it should.",
            id="playhead.W004",
        )
    ]
