import pytest

from apps.videos.checks import claude_needs_bedrock, detectors_are_known, model_is_right


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


def test_a_model_that_is_not_there_is_told(settings, tmp_path):
    settings.DETECTOR_MODEL = str(tmp_path / "none.onnx")
    settings.ANALYZE_DETECTORS = ["motion"]
    assert model_is_right(None) == []
    settings.ANALYZE_DETECTORS = ["motion", "vehicles"]
    [warning] = model_is_right(None)
    assert warning.id == "playhead.W012"
    assert "cannot be read" in warning.msg
