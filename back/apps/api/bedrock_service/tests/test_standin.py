"""`make standin`: demo questions come through our real prompts to sensible, verified answers."""

import pytest

from apps.videos.demo_data import load_demo
from llm.standin.mind import mind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demo(claude, nobody_offline, transactional_db):
    load_demo()
    claude.mind = mind


def test_the_question_of_the_readme(ask):
    reply = ask("10분에서 15분 사이에 도난 사건이 있었나요?", video_id=1).reply
    assert (reply["engine"], reply["verified"], reply["event_id"]) == ("bedrock", True, 42)
    assert reply["response"].startswith("네, 12분 30초")
    assert [c["event_id"] for c in reply["citations"]] == [42, 55]
    assert reply["coverage"] == {"from": 600.0, "to": 900.0, "analyzed_until": 1200.0, "complete": True}


@pytest.mark.parametrize(
    ("prompt", "video", "says"),
    [
        ("도난 몇 건이야?", 1, "6건"),
        ("How many thefts were there?", 1, "6"),
        ("유형별 건수 알려줘", 3, "입장: 7"),
        ("납치가 있었나요?", 1, "없습니다"),
        ("도둑 이름이 뭐야?", 1, "기록되어 있지 않"),
        ("그거 언제야?", 1, "?"),
    ],
)
def test_other_questions(ask, prompt, video, says):
    reply = ask(prompt, video_id=video).reply
    assert (reply["engine"], reply["verified"], reply["fallback_reason"]) == ("bedrock", True, None)
    assert says in reply["response"]


def test_a_follow_up(ask):
    first = ask("도난 있었어?", video_id=1).reply
    reply = ask("그 중에 여자는?", video_id=1, conversation_id=first["conversation_id"]).reply
    assert {event["gender"] for event in reply["events"]} == {"female"}
    assert {event["event_type"] for event in reply["events"]} == {"theft"}
