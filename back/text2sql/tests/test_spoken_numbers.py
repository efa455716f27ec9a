"""A number that is spelt out is read like its digits, with spaces and without."""

from collections.abc import Iterator

import pytest

from text2sql.tests.reading import ask

HOURS = ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두"]
MINUTES = {
    1: "일",
    2: "이",
    3: "삼",
    4: "사",
    5: "오",
    6: "육",
    7: "칠",
    8: "팔",
    9: "구",
    10: "십",
    11: "십일",
    12: "십이",
    15: "십오",
    20: "이십",
    30: "삼십",
    35: "삼십오",
    45: "사십오",
    50: "오십",
    59: "오십구",
}
WITH_AN_HOUR = (
    *(
        "{}시에 도난 있었어?",
        "오후 {}시에 도난",
        "오후{}시이후도난몇건",
        "{}시부터 도난",
        "오전 {}시 반에 싸움",
    ),
    *("{}시쯤 넘어진 사람", "새벽 {}시 전에 도난", "{}시까지 나간 사람", "오후{}시넘어서쓰러진사람있어"),
    *("{}시 정각에 뭐 있었어", "낮 {}시에 도난"),
)
WITH_MINUTES = (
    *("{}분에 도난", "{}분부터 도난 있었어?", "{}분까지도난몇건", "{}분쯤 누가 있었어", "{}분 이후에 싸움"),
    *("{}분 동안 배회한 사람", "첫 {}분 동안 도난", "마지막 {}분 도난", "{}분 30초에 누가 있어"),
    "{}초에 누가 있어",
)


def twins() -> Iterator[tuple[str, str]]:
    for hour, word in enumerate(HOURS, 1):
        for form in WITH_AN_HOUR:
            yield form.format(word), form.format(hour)
        if hour < len(HOURS):
            then = HOURS[hour]
            yield f"{word}시에서 {then}시 사이 싸움", f"{hour}시에서 {hour + 1}시 사이 싸움"
        for minute, said in MINUTES.items():
            yield f"오전{word}시{said}분이후도난있었어", f"오전{hour}시{minute}분이후도난있었어"
    for minute, said in MINUTES.items():
        for form in WITH_MINUTES:
            yield form.format(said), form.format(minute)


def read(question: str) -> tuple[str, str | None]:
    found = ask(question, site="airport", video=11)
    return found.kind, found.sql


def test_words_and_digits_are_read_alike() -> None:
    assert [(words, digits) for words, digits in twins() if read(words) != read(digits)] == []


@pytest.mark.parametrize("question", ["두 분이 싸웠나요", "손님 세 분 들어온 시간", "네분이 들어왔어?"])
def test_persons_are_no_minutes(question: str) -> None:
    assert "timestamp >=" not in (ask(question, site="airport", video=11).sql or "")


@pytest.mark.parametrize("question", ["이분은 몇 살이야?", "저분은 남자야?", "이분에게 무슨 일이 있었어?"])
def test_this_person_is_no_second_minute(question: str) -> None:
    assert ask(question, site="airport", video=11).kind == "clarification"
