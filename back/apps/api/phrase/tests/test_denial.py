import pytest

from apps.api.phrase.denial import expects_no


@pytest.mark.parametrize(
    "question",
    [
        "도난 없었지?",
        "화재는 없었나요",
        "10분까지 싸움 없었어??",
        "도난 없는 거 맞지?",
        "아무 일 없었는지 확인해 주세요.",
        "싸움은 일어나지 않았죠?",
        "침입 없음?",
    ],
)
def test_a_no_is_expected(question):
    assert expects_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "도난 있었어?",
        "없어진 물건 있어?",
        "도난 있었어 없었어?",
        "도난이 있었나요, 없었나요?",
        "있었는지 없었는지 알려줘",
        "결제하지 않은 사람 있어?",
        "사람이 없는 시간대는?",
        "no theft?",
        "",
    ],
)
def test_a_no_is_not_expected(question):
    assert not expects_no(question)
