import pytest

from apps.videos.checks import claude_needs_bedrock, detectors_are_known


@pytest.mark.parametrize(
    ("names", "bedrock", "ids"),
    [
        (["motion", "people"], False, []),
        (["motion", "claude"], True, []),
        (["claude"], False, ["playhead.E010"]),
        (["oracle"], True, ["playhead.E011"]),
        ([], True, ["playhead.E011"]),
    ],
)
def test_detectors_that_would_refuse_every_upload(settings, names, bedrock, ids):
    settings.ANALYZE_DETECTORS, settings.USE_BEDROCK = names, bedrock
    assert [error.id for error in claude_needs_bedrock(None) + detectors_are_known(None)] == ids
