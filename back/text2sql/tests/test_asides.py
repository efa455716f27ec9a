"""What leaving out asides costs, and what stays as it is. What is left out: cases/asides.jsonl."""

import pytest

from text2sql.words.asides import without_asides


@pytest.mark.parametrize(
    "said",
    [
        "보고서 때문에 그런데 " * 16,
        "다는 신고가 왔는데 " * 18,
        "my boss wants " * 14,
        "for the report " * 13,
        "도난. 폭행. 화재. 침입.",
        "I'm here, so was it so that so any so many so list",
    ],
)
def test_few_parts_of_a_text_are_read_once_more(said: str) -> None:
    read: list[str] = []

    def kinds(words: str) -> set[str]:
        read.append(words)
        return {"type"}

    without_asides(said[:200].strip(), kinds)
    assert sum(map(len, read)) <= 3 * 200


@pytest.mark.parametrize("said", ["감사합니다 수고하세요", "hi team, thanks a lot", "um ok so sorry"])
def test_nothing_but_asides_stays_as_it_is(said: str) -> None:
    assert any(char.isalnum() for char in without_asides(said, lambda words: set()))


def test_what_is_too_long_to_look_through_stays_as_it_is() -> None:
    for said in ("경비팀인데요 도난 있었나요 " + "가" * 31, "hi team, any theft? " * 11):
        assert without_asides(said, lambda words: {"type"}) == said
