"""Settings of this room that cannot work together."""

from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.checks import Tags, register


@register(Tags.compatibility)
def claude_needs_bedrock(app_configs, **kwargs):
    if "claude" not in settings.ANALYZE_DETECTORS or settings.USE_BEDROCK:
        return []
    return [
        checks.Error(
            "ANALYZE_DETECTORS names claude while USE_BEDROCK is off: every upload would be refused.",
            hint="Set USE_BEDROCK=true, or take claude out of ANALYZE_DETECTORS.",
            id="playhead.E010",
        )
    ]


@register(Tags.compatibility, deploy=True)
def detectors_are_known(app_configs, **kwargs):
    # OpenCV comes with them: only where somebody asks for the deploy checks.
    from apps.videos.detectors import DETECTORS

    unknown = [name for name in settings.ANALYZE_DETECTORS if name not in DETECTORS]
    if not unknown and settings.ANALYZE_DETECTORS:
        return []
    said = f"{unknown[0]}, which is not there" if unknown else "nothing"
    return [
        checks.Error(
            f"ANALYZE_DETECTORS names {said}: every upload would be refused.",
            hint=f"There are {', '.join(DETECTORS)}. ANALYZE_ON_UPLOAD=false switches the analysis off.",
            id="playhead.E011",
        )
    ]


@register(Tags.compatibility, deploy=True)
def model_is_right(app_configs, **kwargs):
    from apps.videos.detectors import WITH_MODEL
    from apps.videos.detectors.objects import DescriptionError
    from apps.videos.detectors.objects.finding import finder_of

    if not WITH_MODEL & set(settings.ANALYZE_DETECTORS):
        return []
    try:
        finder_of(Path(settings.DETECTOR_MODEL))
    except DescriptionError as error:
        return [
            checks.Warning(
                f"People, vehicles and bags will not be looked for: {error}.",
                hint="`python -m launcher.models` fetches the default model; DETECTOR_MODEL names another.",
                id="playhead.W012",
            )
        ]
    return []
