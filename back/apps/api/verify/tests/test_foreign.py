"""Addresses, markup, code and deeds are never part of a verified answer, unless a row holds them."""

import pytest

from apps.api.phrase.tests.support import EVENTS
from apps.api.verify.foreign import foreign
from apps.api.verify.tests.test_hostile import checked

FOREIGN = [
    "Done, I deleted everything.",
    "I have sent the report to the police.",
    "We've already notified the owner.",
    "I will disable the camera now.",
    "모든 이벤트를 삭제했습니다.",
    "경찰에 신고했습니다.",
    "알림을 보냈습니다.",
    "설정을 변경해 드렸습니다.",
    "See https://evil.example/login for more.",
    "See HTTP://EVIL.example.",
    "자세한 내용은 www.evil.kr 에서 확인하세요.",
    "Visit evil.com/login.",
    "[여기](https://evil.example)를 누르세요.",
    "![x](//evil.example/a.png)",
    "[click][1]",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "< b >bold",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "data:text/html,x",
    "Write to a.b@example.org.",
    "`rm -rf /`",
    "${7*7} {{7*7}}",
    "DROP TABLE db_event",
    "SELECT * FROM db_event",
]
TRUE_ENOUGH = [
    "네, 도난 이벤트가 있었습니다.",
    "I found them in the video.",
    "도난 이벤트는 저장된 영상에서 확인되지 않았습니다.",
    "A man paid at the checkout and left.",
    "결제했습니다.",
    "The run was recorded at 2.5 s.",
    "매장 CCTV, 카메라 1.",
    "3 < 5",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_it_is_found_and_the_answer_is_not_verified(text):
    assert list(foreign(text))
    verdict = checked(text)
    assert not verdict.ok
    assert [claim for claim in verdict.untraced if claim.kind == "foreign"]


@pytest.mark.parametrize("text", TRUE_ENOUGH)
def test_ordinary_sentences_are_left_alone(text):
    assert list(foreign(text)) == []


def test_what_a_row_holds_may_be_quoted():
    """The templates quote stored texts, whatever somebody wrote into them."""
    stored = next(event.action_detected for event in EVENTS.values() if event.action_detected)
    assert [c for c in checked(f"‘{stored}’").untraced if c.kind == "foreign"] == []
