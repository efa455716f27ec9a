"""The detector claude, from an upload through the worker's job to events, over Bedrock's own wire."""

import io

import pytest

from apps.db.models import Event, Video
from apps.videos.analysis.vision import seeing_model
from apps.videos.testing import make_clip
from llm.standin import Fail, Reply

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {
    "start": 3.0, "end": 5.0, "event_type": "theft", "person": "A", "action_ko": "가방에 넣기",
    "description_ko": "한 남성이 물건을 가방에 넣는다.", "description_en": "A man puts goods into his bag.",
    "location": "진열대", "age": 35, "age_confidence": 0.7, "gender": "male", "gender_confidence": 0.9,
    "confidence": 0.8, "box": [0.1, 0.1, 0.2, 0.4],
}  # fmt: skip


@pytest.fixture
def video(alice, as_file, settings):
    settings.USE_BEDROCK = True
    seeing_model.cache_clear()
    file = io.BytesIO()
    make_clip(file, seconds=8, size=(320, 240))
    fields = {"file": as_file(file.getvalue()), "detectors": "claude"}
    response = alice.client.post("/api/videos/", fields, format="multipart")
    assert response.status_code == 201, response.content
    yield Video.objects.get()
    seeing_model.cache_clear()


def test_what_the_model_sees_becomes_events(alice, bedrock_standin, video, run_jobs):
    bedrock_standin.say(Reply(data={"events": [SAID]}))
    assert run_jobs() == ["SUCCESSFUL"]
    event = Event.objects.get()
    assert (event.event_type, event.source, event.age, event.gender) == ("theft", "claude", 35, "male")
    assert event.description == "한 남성이 물건을 가방에 넣는다."
    assert any("image" in block for block in bedrock_standin.requests[0].body["messages"][0]["content"])
    assert alice.get(f"/api/videos/{video.pk}/").json()["status"] == "ready"


def test_a_model_out_of_reach_is_tried_again_and_then_told(alice, bedrock_standin, video, run_jobs):
    denied = Fail(code="AccessDeniedException", status=403, message="arn:aws:secret is not authorized")
    bedrock_standin.say(*[denied] * 20)
    ended = run_jobs()
    assert ended[-1] == "FAILED"
    body = alice.get(f"/api/videos/{video.pk}/").json()
    assert body["status"] == "failed"
    assert "arn:aws" not in body["error"]
